import { describe, expect, it } from "vitest";
import { defaultRepositorySettings } from "@/server/domain/repository";
import { type PodSettings, podDraftOf, podWishOf } from "./pod-draft";

const { image, resources, storage, nodeSelector, tolerations, suspendAfterMinutes } = defaultRepositorySettings;
const defaults: PodSettings = { image, resources, storage, nodeSelector, tolerations, suspendAfterMinutes };
const full: PodSettings = {
  image: "debian:12",
  resources: { requests: { cpu: "500m", memory: "1Gi", "ephemeral-storage": "2Gi" }, limits: { memory: "2Gi" } },
  storage: { size: "30Gi", className: "fast", disruptionBudget: true },
  nodeSelector: { "kubernetes.io/arch": "amd64" },
  tolerations: [{ key: "dedicated", operator: "Equal", value: "ci", effect: "NoSchedule" }],
  suspendAfterMinutes: 0,
};

describe("the form of a pod", () => {
  it.each([
    ["the defaults", defaults],
    ["everything set, also what it has no field for", full],
  ])("leaves %s as it was", (_, settings) => {
    expect(podWishOf(podDraftOf(settings), settings)).toEqual({ wrong: {}, settings });
  });

  it("an emptied field is the server's default again", () => {
    const draft = { ...podDraftOf(full), image: " ", memoryLimit: "", className: "", nodeSelector: "\n" };
    expect(podWishOf(draft, full).settings).toMatchObject({
      image: null,
      resources: { requests: { cpu: "500m", memory: "1Gi" } },
      storage: { size: "30Gi", disruptionBudget: true },
      nodeSelector: null,
    });
    expect(podWishOf(draft, full).settings.resources).not.toHaveProperty("limits");
  });

  it.each([
    ["image", "Debian 12"],
    ["cpuRequest", "lots"],
    ["cpuLimit", "-1"],
    ["memoryRequest", "2GB"],
    ["memoryLimit", "2 Gi"],
    ["size", "many"],
    ["className", "Fast One"],
    ["nodeSelector", "arch"],
    ["nodeSelector", "a b=c"],
    ["tolerations", "a:Sometimes"],
    ["suspendAfterMinutes", "soon"],
  ] as const)("%s of %j is wrong at its own field", (name, value) => {
    const { wrong } = podWishOf({ ...podDraftOf(defaults), [name]: value }, defaults);
    expect(Object.keys(wrong)).toEqual([name]);
  });

  it("a request above its limit stands at the request", () => {
    const draft = { ...podDraftOf(defaults), memoryRequest: "4Gi", memoryLimit: "2Gi" };
    expect(podWishOf(draft, defaults).wrong).toEqual({ memoryRequest: expect.stringContaining("above its limit") });
  });

  it("a wish for a larger volume can be taken back, also to the server's default", () => {
    const wishOf = (size: string) => podWishOf({ ...podDraftOf(full), size }, full);
    for (const size of ["20Gi", "40Gi"])
      expect(wishOf(size)).toMatchObject({ wrong: {}, settings: { storage: { size, className: "fast" } } });
    expect(wishOf("")).toMatchObject({ wrong: {}, settings: { storage: { className: "fast" } } });
    expect(wishOf("").settings.storage).not.toHaveProperty("size");
  });
});
