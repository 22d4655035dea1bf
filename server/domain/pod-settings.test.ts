import { describe, expect, test } from "vitest";
import { podSettingsProblems } from "./pod-settings";
import { quantityValue } from "./quantity";
import { defaultRepositorySettings, type PodResources, type PodStorage, type PodToleration } from "./repository";

const hex = "0123456789abcdef".repeat(4);

describe("settings of a pod", () => {
  test("the defaults have no problem", () => {
    expect(podSettingsProblems(defaultRepositorySettings)).toEqual([]);
  });

  test.each([
    "debian",
    "node:22-bookworm-slim",
    "localhost/trellis-workspace:test",
    "registry.example:5000/team/a_b/c__d/e-f.g:v1.2_3-4",
    "[fd00::1]:5000/image",
    `registry.example/image@sha256:${hex}`,
    `registry.example/image:tag@sha256:${hex}`,
  ])("image %s is one", (image) => expect(podSettingsProblems({ image })).toEqual([]));

  test.each([
    ["", "it is empty"],
    ["two words", "space"],
    ["https://registry.example/image", `leave "https://" out`],
    ["registry.example/Team/image", `"Team/image" must be in lower case`],
    ["Debian:12", "lower case"],
    ["image:", `"" cannot be the tag`],
    [`image:${"t".repeat(129)}`, "tag"],
    ["image@sha256:abc", "no digest"],
    ["-image", "cannot be the name"],
    ["team//image", "cannot be the name"],
    ["registry.example:port/image", "address of a registry"],
    [`${"a/".repeat(130)}b`, "longer than 255"],
  ])("image %j is none: %s", (image, words) => {
    expect(podSettingsProblems({ image })).toEqual([expect.stringContaining(words)]);
  });

  test.each([
    [{ requests: { cpu: "500m", memory: "2Gi" }, limits: { cpu: "2", memory: "4G" } }, []],
    [{ requests: { memory: "500m" } }, ["resources.requests.memory: 500m is less than 1Mi"]],
    [{ requests: { memory: "2GB" } }, [`"2GB" is no amount`]],
    [{ requests: { "ephemeral-storage": "2Gi" }, limits: { "ephemeral-storage": "2Gi" } }, []],
    [{ limits: { "ephemeral-storage": "abc" } }, [`resources.limits.ephemeral-storage: "abc" is no amount`]],
    [{ requests: { "ephemeral-storage": "5" } }, ["resources.requests.ephemeral-storage: 5 is less than 1Mi"]],
    [
      { requests: { "ephemeral-storage": "3Gi" }, limits: { "ephemeral-storage": "2Gi" } },
      ["the request of 3Gi ephemeral-storage is above its limit of 2Gi"],
    ],
    [{ requests: { cpu: "-1" } }, [`"-1" is no amount`]],
    [{ requests: { cpu: "0" } }, ["less than a thousandth"]],
    [{ requests: { cpu: "2" }, limits: { cpu: "1500m" } }, ["the request of 2 cpu is above its limit of 1500m"]],
  ])("resources %j", (resources: PodResources, words) => {
    expect(podSettingsProblems({ resources })).toEqual(words.map((part) => expect.stringContaining(part)));
  });

  test.each([
    [{ size: "20Gi", className: "fast.ssd-1", disruptionBudget: true }, []],
    [{ size: "20" }, [`storage.size: "20" is no size`]],
    [{ className: "Fast" }, [`storage.className: "Fast" cannot`]],
  ])("storage %j", (storage: PodStorage, words) => {
    expect(podSettingsProblems({ storage })).toEqual(words.map((part) => expect.stringContaining(part)));
  });

  test.each([
    [{ "kubernetes.io/arch": "arm64", disk: "", "a.b/C_d": "e.F-9" }, []],
    [{ "-disk": "ssd" }, [`"-disk" cannot be the name of a label`]],
    [{ "a/b/c": "" }, [`"a/b/c" cannot be the name`]],
    [{ "Example.com/x": "" }, ["cannot be the name"]],
    [{ disk: "s s d" }, [`"s s d" cannot be the value of the label disk`]],
    [{ disk: "x".repeat(64) }, ["cannot be the value"]],
  ])("node selector %j", (nodeSelector: Record<string, string>, words) => {
    expect(podSettingsProblems({ nodeSelector })).toEqual(words.map((part) => expect.stringContaining(part)));
  });

  test.each<[PodToleration, string[]]>([
    [{ operator: "Exists" }, []],
    [{ key: "team", operator: "Equal", value: "a", effect: "NoSchedule" }, []],
    [{ key: "team", value: "a", effect: "NoExecute", tolerationSeconds: 30 }, []],
    [{}, ["tolerations[0]: without a key the operator is Exists"]],
    [{ key: "team", operator: "Exists", value: "a" }, ["Exists takes no value"]],
    [{ key: "team", effect: "NoSchedule", tolerationSeconds: 3 }, ["needs the effect NoExecute"]],
    [{ key: "te am", operator: "Exists" }, [`"te am" cannot be the key`]],
  ])("toleration %j", (toleration, words) => {
    expect(podSettingsProblems({ tolerations: [toleration] })).toEqual(
      words.map((part) => expect.stringContaining(part)),
    );
  });

  test.each([
    ["500m", 0.5],
    ["2", 2],
    ["1.5", 1.5],
    [".5Gi", 0.5 * 1024 ** 3],
    ["2Ki", 2048],
    ["3k", 3000],
    ["1E", 1e18],
    ["1Ei", 1024 ** 6],
    ["12e3", 12_000],
    ["1E2", 100],
    ["", null],
    ["Gi", null],
    ["1 Gi", null],
    ["1gi", null],
  ])("quantity %s is %d", (text, value) => expect(quantityValue(text)).toBe(value));
});
