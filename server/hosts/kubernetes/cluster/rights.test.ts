import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect, test } from "vitest";
import { clusterRights, namespaceRights, ruleYaml } from "./rights";

test("the Role and the ClusterRole that people are told to make have exactly the rights of the list", async () => {
  const page = await readFile(path.resolve(import.meta.dirname, "../../../../docs/kubernetes.md"), "utf8");
  const roles = [...page.matchAll(/^rules:\n((?: {2}.*\n)+)/gm)].map(([, rules = ""]) => rules.replace(/^ {2}/gm, ""));
  const written = [namespaceRights, clusterRights].map((rights) => `${rights.map(ruleYaml).join("\n")}\n`);
  expect(roles).toEqual(written);
});
