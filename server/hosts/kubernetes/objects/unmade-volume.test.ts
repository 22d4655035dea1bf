import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { changeOfUnmade, isUnmade } from "./unmade-volume";

const claim = (storageClassName?: string, storage = "1Gi"): V1PersistentVolumeClaim => ({
  spec: { resources: { requests: { storage } }, ...(storageClassName === undefined ? {} : { storageClassName }) },
});
const annotations = { "storageclass.kubernetes.io/is-default-class": "true" };
const classes: V1StorageClass[] = [
  { provisioner: "p", metadata: { name: "standard", annotations } },
  { provisioner: "p", metadata: { name: "fast" } },
];

describe("a claim that no volume was made for", () => {
  test.each<[string, V1PersistentVolumeClaim, V1PersistentVolumeClaim, V1StorageClass[] | "unknown", string]>([
    ["as it is wanted", claim("fast"), claim("fast", "1024Mi"), classes, "none"],
    ["with no class where none is named", claim(), claim(), classes, "none"],
    ["with the default class where none is named", claim("standard"), claim(), classes, "none"],
    ["with no class where one is named", claim(), claim("fast"), classes, "name-class"],
    ["of another class", claim("there-is-none"), claim("fast"), classes, "replace"],
    ["of a class that is not named any more", claim("there-is-none"), claim(), classes, "replace"],
    ["of a class that cannot be told from the default", claim("standard"), claim(), "unknown", "replace"],
    ["of another size", claim("fast"), claim("fast", "2Gi"), classes, "replace"],
    ["that is told to go", { ...claim(), metadata: { deletionTimestamp: new Date() } }, claim(), classes, "replace"],
  ])("%s", (_, existing, wanted, known, change) => {
    expect(changeOfUnmade(existing, wanted, known)).toBe(change);
  });

  test("[I8] is not one that has a volume, or was bound to one", () => {
    expect(isUnmade({ ...claim("fast"), status: { phase: "Pending" } })).toBe(true);
    expect(isUnmade({ spec: { ...claim("fast").spec, volumeName: "pv" }, status: { phase: "Pending" } })).toBe(false);
    for (const phase of ["Bound", "Lost"]) expect(isUnmade({ ...claim("fast"), status: { phase } })).toBe(false);
    expect(isUnmade(claim("fast"))).toBe(false);
  });
});
