import { describe, expect, it } from "vitest";
import { parseSelector, parseTolerations, printSelector, printTolerations } from "./label-lines";

describe("the labels of a node", () => {
  it("are lines, and come back as they were written", () => {
    const text = "kubernetes.io/arch=amd64\ndisk=";
    expect(parseSelector(`${text}\n\n`)).toEqual({ value: { "kubernetes.io/arch": "amd64", disk: "" }, wrong: null });
    expect(printSelector(parseSelector(text).value)).toBe(text);
    expect(printSelector(null)).toBe("");
  });

  it.each(["arch", "=amd64", "a=b=c"])("%s is wrong and says which line", (line) => {
    expect(parseSelector(`a=b\n${line}`).wrong).toBe(`Line 2 is not name=value: ${line}`);
  });
});

describe("taints that are borne", () => {
  it.each([
    ["dedicated=ci:NoSchedule", { key: "dedicated", operator: "Equal", value: "ci", effect: "NoSchedule" }],
    ["gpu:PreferNoSchedule", { key: "gpu", operator: "Exists", effect: "PreferNoSchedule" }],
    ["gpu", { key: "gpu", operator: "Exists" }],
    ["*", { operator: "Exists" }],
    [
      "node.kubernetes.io/unreachable:NoExecute for 300 s",
      {
        key: "node.kubernetes.io/unreachable",
        operator: "Exists",
        effect: "NoExecute",
        tolerationSeconds: 300,
      },
    ],
  ])("%s is read and comes back", (line, wanted) => {
    const { value, wrong } = parseTolerations(line);
    expect([value, wrong]).toEqual([[wanted], null]);
    expect(printTolerations(value)).toBe(line);
  });

  it.each(["a:Sometimes", "a b", "a=b=c", "a:NoExecute for ever"])("%s is wrong and says which line", (line) => {
    expect(parseTolerations(line).wrong).toContain(`Line 1 is not key=value:Effect`);
  });
});
