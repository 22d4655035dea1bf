import type { V1PodSpec } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { defaultRepositorySettings, type RepositorySettings } from "../../../domain/repository";
import { growVolume } from "./grow-volume";
import { isOurs } from "./is-ours";
import { pendingChanges } from "./pending-changes";
import { repoPodName } from "./repo-pod-name";
import { type RepoPodDefaults, type RepoPodWish, repoPodObjects } from "./repo-pod-objects";

const defaults: RepoPodDefaults = {
  namespace: "trellis",
  instance: "one",
  workspaceImage: "trellis-workspace:1",
  trellisImage: "trellis:1",
  imagePullSecrets: [],
  storageClass: null,
  storageSize: "20Gi",
};

const wishOf = (settings: Partial<RepositorySettings> = {}): RepoPodWish => ({
  repositoryId: "7a3f",
  repositoryName: "Größe/Ünïcode",
  userId: "u1",
  username: "Zoë",
  settings: { ...defaultRepositorySettings, ...settings },
});

function podSpec(settings: Partial<RepositorySettings>): V1PodSpec {
  return repoPodObjects(wishOf(settings), defaults).statefulSet.spec?.template.spec ?? { containers: [] };
}

const label = /^[a-z]([-a-z0-9]*[a-z0-9])?$/;

describe("names", () => {
  test.each([
    ["plain", /^trellis-plain-[0-9a-f]{12}$/],
    ["Größe/Ünïcode", /^trellis-gro-e-unicode-[0-9a-f]{12}$/],
    ["---", /^trellis-[0-9a-f]{12}$/],
    ["日本語", /^trellis-[0-9a-f]{12}$/],
    ["9-lives", /^trellis-9-lives-[0-9a-f]{12}$/],
    ["x".repeat(200), /^trellis-x{31}-[0-9a-f]{12}$/],
    [`${"x".repeat(30)}-y`, /^trellis-x{30}-[0-9a-f]{12}$/],
  ])("%s", (repositoryName, name) => {
    expect(repoPodName({ repositoryId: "7a3f", repositoryName })).toMatch(name);
  });

  test("every name is a DNS label with room for what the cluster adds, and no two repositories share one", () => {
    const random = seeded(7);
    const alphabet = [..."abcXYZ019-_./ ~éßİ日\u0301\u{1f333}\u0000\n"];
    const names = new Set<string>();
    for (let i = 0; i < 20_000; i++) {
      const length = Math.floor(random() * 90);
      const repositoryName = Array.from({ length }, () => alphabet[Math.floor(random() * alphabet.length)]).join("");
      const name = repoPodName({ repositoryId: `id-${i}`, repositoryName });
      expect(name).toMatch(label);
      expect(name.length).toBeLessThanOrEqual(52);
      names.add(name);
    }
    expect(names.size).toBe(20_000);
  });

  test("names that are alike once shortened stay apart", () => {
    const [one, other] = ["a", "b"].map((id) => repoPodName({ repositoryId: id, repositoryName: "x".repeat(80) }));
    expect(one).not.toBe(other);
  });

  test("objects that are there keep their name when the repository is renamed", () => {
    const before = repoPodObjects(wishOf(), defaults);
    const name = before.statefulSet.metadata?.name ?? "";
    const after = repoPodObjects({ ...wishOf(), repositoryName: "another", name }, defaults);
    expect(after.volumeClaim.metadata?.name).toBe(name);
    expect(after.statefulSet.spec?.template.spec).toEqual(before.statefulSet.spec?.template.spec);
  });
});

describe("objects", () => {
  test("[I7] nothing of a repository's environment or setup stands in any object", () => {
    const wish = wishOf({ env: { TOKEN: "hush-1" }, setupScript: "hush-2", copyFiles: ["hush-3"] });
    const objects = repoPodObjects(wish, defaults);
    expect(JSON.stringify(objects)).not.toMatch(/hush|TOKEN/);
    const { containers, initContainers = [] } = objects.statefulSet.spec?.template.spec ?? { containers: [] };
    expect([...containers, ...initContainers].flatMap(({ env, envFrom }) => [env, envFrom])).toEqual([
      undefined,
      undefined,
    ]);
  });

  test("replicas belong to whoever scales, never to what is applied", () => {
    expect(repoPodObjects(wishOf(), defaults).statefulSet.spec).not.toHaveProperty("replicas");
  });

  test("an image of one's own gets our programs from an init container", () => {
    const spec = podSpec({ image: "debian:12" });
    expect(spec.initContainers?.[0]).toMatchObject({
      image: "trellis:1",
      command: ["/opt/trellis/init", "install", "/install"],
    });
    expect(spec.containers[0]).toMatchObject({ image: "debian:12", command: ["/opt/trellis/init", "serve"] });
    expect(podSpec({}).initContainers).toBeUndefined();
  });

  test.each([
    ["trellis-workspace", false],
    ["registry.test:5000/team/trellis-workspace:2", false],
    [`registry.test/trellis-workspace@sha256:${"0".repeat(64)}`, false],
    ["registry.test/team/dev:1", true],
    ["registry.test/trellis-workspace-of-ours:1", true],
    ["registry.test/trellis-workspace/dev:1", true],
  ])(
    "where the server's %s is the image of all repositories, our programs are brought into it: %s",
    (image, isBare) => {
      const { statefulSet } = repoPodObjects(wishOf(), { ...defaults, workspaceImage: image });
      const { initContainers = [], containers, volumes } = statefulSet.spec?.template.spec ?? { containers: [] };
      expect(containers[0]?.image).toBe(image);
      expect(initContainers.map((container) => container.image)).toEqual(isBare ? ["trellis:1"] : []);
      expect(volumes?.some(({ name }) => name === "trellis")).toBe(isBare);
    },
  );

  test("all images of a pod are pulled with the secrets that are named, and without any nothing is said of them", () => {
    const { statefulSet } = repoPodObjects(wishOf(), { ...defaults, imagePullSecrets: ["one", "two"] });
    expect(statefulSet.spec?.template.spec?.imagePullSecrets).toEqual([{ name: "one" }, { name: "two" }]);
    expect(podSpec({})).not.toHaveProperty("imagePullSecrets");
  });

  test.each<[RepositorySettings["resources"], object]>([
    [null, { requests: { cpu: "100m", memory: "512Mi" }, limits: { cpu: "4", memory: "8Gi" } }],
    [{ limits: { memory: "256Mi" } }, { requests: { memory: "256Mi" }, limits: { memory: "256Mi" } }],
    [{ requests: { memory: "16Gi" } }, { requests: { memory: "16Gi" }, limits: { memory: "16Gi" } }],
    [
      { requests: { "ephemeral-storage": "30Gi" } },
      { requests: { "ephemeral-storage": "30Gi" }, limits: { "ephemeral-storage": "30Gi" } },
    ],
    [
      { limits: { "ephemeral-storage": "100Mi" } },
      { requests: { "ephemeral-storage": "100Mi" }, limits: { "ephemeral-storage": "100Mi" } },
    ],
    [
      { requests: { cpu: "2" }, limits: { cpu: "3" } },
      { requests: { cpu: "2" }, limits: { cpu: "3" } },
    ],
  ])("resources %j are completed without a contradiction", (resources, expected) => {
    expect(podSpec({ resources }).containers[0]?.resources).toMatchObject(expected);
  });

  test("a disruption budget is there where it was asked for", () => {
    expect(repoPodObjects(wishOf(), defaults).disruptionBudget).toBeNull();
    expect(repoPodObjects(wishOf({ storage: { disruptionBudget: true } }), defaults).disruptionBudget).toMatchObject({
      spec: { minAvailable: 1 },
    });
  });

  test("ours is what has the labels of this installation and this repository", () => {
    const { statefulSet } = repoPodObjects(wishOf(), defaults);
    expect(isOurs(statefulSet, wishOf(), defaults)).toBe(true);
    expect(isOurs(statefulSet, wishOf(), { ...defaults, instance: "two" })).toBe(false);
    expect(isOurs(statefulSet, { repositoryId: "another" }, defaults)).toBe(false);
    expect(isOurs({ metadata: { name: statefulSet.metadata?.name ?? "" } }, wishOf(), defaults)).toBe(false);
  });
});

describe("what waits for a restart", () => {
  const pending = (before: Partial<RepositorySettings>, after: Partial<RepositorySettings>, version = 1) => {
    const running = repoPodObjects(wishOf(before), defaults).statefulSet.spec?.template ?? {};
    const { statefulSet } = repoPodObjects(wishOf(after), {
      ...defaults,
      workspaceImage: `trellis-workspace:${version}`,
      trellisImage: `trellis:${version}`,
    });
    return pendingChanges(running, statefulSet);
  };

  test.each<[Partial<RepositorySettings>, Partial<RepositorySettings>, string[]]>([
    [{}, {}, []],
    [{}, { env: { A: "b" }, suspendAfterMinutes: 5 }, []],
    [{ image: "a:1" }, { image: "b:2" }, ["image: a:1 → b:2 applies at the next restart"]],
    [{}, { image: "b:2" }, ["image: trellis-workspace:1 → b:2 applies at the next restart"]],
    [
      {},
      { resources: { requests: { cpu: "1" }, limits: { memory: "4Gi" } } },
      ["requested cpu: 100m → 1 applies at the next restart", "limit of memory: 8Gi → 4Gi applies at the next restart"],
    ],
    [
      { nodeSelector: { disk: "ssd" } },
      { tolerations: [{ key: "team", value: "a", effect: "NoSchedule" }] },
      [
        "node selector: disk=ssd → none applies at the next restart",
        "tolerations: none → team=a:NoSchedule applies at the next restart",
      ],
    ],
    [
      { resources: { requests: { cpu: "1" } } },
      { resources: { requests: { cpu: "1000m" } } },
      ["how Trellis makes its pod applies at the next restart"],
    ],
  ])("%j, then %j", (before, after, words) => expect(pending(before, after)).toEqual(words));

  test("a new version of Trellis waits for a restart too, with an image of one's own as without", () => {
    const words = "applies at the next restart";
    expect(pending({}, {}, 2)).toEqual([`image: trellis-workspace:1 → trellis-workspace:2 ${words}`]);
    expect(pending({ image: "a" }, { image: "a" }, 2)).toEqual([`what Trellis brings: trellis:1 → trellis:2 ${words}`]);
  });

  test("secrets to pull with wait for a restart", () => {
    const running = repoPodObjects(wishOf(), defaults).statefulSet.spec?.template ?? {};
    const { statefulSet } = repoPodObjects(wishOf(), { ...defaults, imagePullSecrets: ["one", "two"] });
    expect(pendingChanges(running, statefulSet)).toEqual([
      "secrets to pull with: none → one, two applies at the next restart",
    ]);
  });

  test("what admission made of a pod is nothing that waits", () => {
    const { statefulSet } = repoPodObjects(wishOf(), defaults);
    const running = structuredClone(statefulSet.spec?.template ?? {});
    const [container] = running.spec?.containers ?? [];
    if (container) container.image = "mirror.example/trellis-workspace:1";
    expect(pendingChanges(running, statefulSet)).toEqual([]);
  });
});

describe("a volume that is there", () => {
  const grown = (settings: RepositorySettings["storage"], more: object = {}) => {
    const existing = {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: "standard",
        resources: { requests: { storage: "20Gi" } },
      },
      status: { phase: "Bound", capacity: { storage: "20Gi" } },
    };
    const { volumeClaim } = repoPodObjects(wishOf({ storage: settings }), defaults);
    const storageClass = { allowVolumeExpansion: true, provisioner: "p" };
    const { claim, notes } = growVolume({ existing, wanted: volumeClaim, asked: settings, storageClass, ...more });
    return { size: claim.spec?.resources?.requests?.["storage"], className: claim.spec?.storageClassName, notes };
  };

  test("grows where its class allows that, and where that is not known the API server is asked", () => {
    expect(grown({ size: "30Gi" })).toEqual({ size: "30Gi", className: "standard", notes: [] });
    expect(grown({ size: "30Gi" }, { storageClass: "unknown" }).size).toBe("30Gi");
  });

  test.each([
    [{ size: "10Gi" }, {}, "volume: 20Gi → 10Gi is not possible: a volume can grow and cannot shrink"],
    [{ size: "30Gi" }, { storageClass: { provisioner: "p" } }, `"standard" does not allow volumes to grow`],
    [{ size: "30Gi" }, { storageClass: null }, `"standard" does not exist any more`],
    [{ className: "fast" }, {}, "storage class: standard → fast is not possible"],
  ])("%j with %j stays as it is, and the words say why", (settings, more, words) => {
    expect(grown(settings, more)).toEqual({
      size: "20Gi",
      className: "standard",
      notes: [expect.stringContaining(words)],
    });
  });

  test("a growth that the API server refused is told in its words, and is not asked for again", () => {
    const refusal = "exceeded quota";
    expect(grown({ size: "30Gi" }, { refusal })).toEqual({
      ...{ size: "20Gi", className: "standard" },
      notes: ["volume: 20Gi → 30Gi is not possible: exceeded quota"],
    });
    expect(grown({ size: "20Gi" }, { refusal }).notes).toEqual([]);
  });

  test("one that was asked to grow and did not may be asked for less, of more than it holds", () => {
    const spec = { storageClassName: "standard", resources: { requests: { storage: "40Gi" } } };
    const existing = { spec, status: { phase: "Bound", capacity: { storage: "20Gi" } } };
    expect(grown({ size: "30Gi" }, { existing })).toMatchObject({
      ...{ size: "30Gi", notes: ["volume: 20Gi → 30Gi is under way"] },
    });
    const words = "volume: 40Gi → 20Gi is not possible: the cluster was asked for 40Gi already";
    expect(grown({ size: "20Gi" }, { existing }).notes).toContainEqual(expect.stringContaining(words));
  });

  test("what only the server's defaults changed is not told", () => {
    expect(grown(null, { asked: null })).toEqual({ size: "20Gi", className: "standard", notes: [] });
  });
});

/** The same numbers in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
