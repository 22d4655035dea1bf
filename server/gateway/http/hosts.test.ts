import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apiError, repositoryHost, repositoryView } from "../../protocol/api";
import { openGateway } from "../testing/open-gateway";
import { sampleRepository } from "../testing/sample-rows";

const then = new Date("2026-01-02T03:04:05.678Z");
const facts = { podName: "trellis-engine-0", pending: [] };

let server: Awaited<ReturnType<typeof openGateway>>;
beforeEach(async () => {
  server = await openGateway();
  server.rows.repositories.set("here", sampleRepository({ id: "here" }));
  server.rows.repositories.set("pod", sampleRepository({ id: "pod", host: "kubernetes" }));
  server.rows.repositories.set("other", sampleRepository({ id: "other", host: "kubernetes", userId: "user-2" }));
  server.rows.pods.set("pod", { state: { kind: "reachable", seenAt: then }, facts });
});
afterEach(() => server.close());

const send = (method: string, path: string, body: unknown) =>
  fetch(`${server.origin}${path}`, {
    method,
    body: JSON.stringify(body),
    headers: { authorization: "Bearer token-1", "content-type": "application/json" },
  });

async function refusal(response: Response) {
  const { error } = apiError.parse(await response.json());
  return { status: response.status, ...error };
}

describe("the host of a new repository", () => {
  const url = "https://example.com/new.git";

  test("is the one that was chosen, with the settings of its pod", async () => {
    server.rows.pods.set("any", { state: { kind: "reachable", seenAt: then }, facts });
    const settings = { image: "debian:12", resources: { limits: { memory: "2Gi" } }, storage: { size: "30Gi" } };
    const made = await send("POST", "/api/repositories", { cloneUrl: url, host: "kubernetes", settings });
    expect([made.status, repositoryView.parse(await made.json())]).toMatchObject([
      201,
      { host: "kubernetes", hostState: { podName: "trellis-engine-0" }, settings },
    ]);
  });

  test("that this server has not is refused in words", async () => {
    const refused = await refusal(await send("POST", "/api/repositories", { cloneUrl: url, host: "kubernetes" }));
    expect(refused).toMatchObject({ status: 422, code: "not-available", message: expect.stringContaining("cluster") });
  });

  test.each(["docker", "", null, 7])("of the kind %j is 400", async (host) => {
    const refused = await refusal(await send("POST", "/api/repositories", { cloneUrl: url, host }));
    expect(refused).toMatchObject({ status: 400, code: "invalid", message: expect.stringContaining("host") });
  });

  test("has a pod's settings refused where it is this machine", async () => {
    const body = { cloneUrl: url, settings: { image: "debian:12" } };
    expect(await refusal(await send("POST", "/api/repositories", body))).toMatchObject({
      status: 422,
      code: "refused",
      message: expect.stringContaining("this repository lives on the server's own machine"),
      details: { fields: ["settings.image"] },
    });
  });
});

describe("the settings of a pod", () => {
  const patch = (id: string, settings: unknown) => send("PATCH", `/api/repositories/${id}`, { settings });

  test("are kept as they were given, and at their defaults pass anywhere", async () => {
    const settings = {
      image: "debian:12",
      resources: { requests: { cpu: "500m", memory: "1Gi" }, limits: { memory: "2Gi" } },
      storage: { size: "30Gi", className: "fast", disruptionBudget: true },
      nodeSelector: { "kubernetes.io/arch": "amd64" },
      tolerations: [{ key: "dedicated", operator: "Equal", value: "ci", effect: "NoSchedule" }],
      suspendAfterMinutes: 5,
    };
    const answer = await patch("pod", settings);
    expect([answer.status, (await answer.json()).settings]).toMatchObject([200, settings]);
    expect((await patch("here", { image: null, tolerations: [], suspendAfterMinutes: 60 })).status).toBe(200);
  });

  test.each([
    [{ image: "debian" }, "settings.image"],
    [{ suspendAfterMinutes: 5 }, "settings.suspendAfterMinutes"],
    [{ storage: { size: "1Gi" }, nodeSelector: { a: "b" } }, "settings.storage, settings.nodeSelector"],
  ])("%j is refused on this machine and names what", async (settings, words) => {
    const refused = await refusal(await patch("here", settings));
    expect(refused).toMatchObject({ status: 422, code: "refused", message: expect.stringContaining(words) });
  });

  test.each([
    [{ resources: { cpu: "1" } }, "settings.resources"],
    [{ resources: { limits: { gpu: "1" } } }, "settings.resources.limits"],
    [{ resources: { limits: { cpu: 1 } } }, "settings.resources.limits.cpu"],
    [{ storage: { sise: "1Gi" } }, "settings.storage"],
    [{ tolerations: [{ effect: "Sometimes" }] }, "settings.tolerations.0.effect"],
    [{ tolerations: {} }, "settings.tolerations"],
    [{ nodeSelector: { a: 1 } }, "settings.nodeSelector.a"],
    [{ suspendAfterMinutes: -1 }, "settings.suspendAfterMinutes"],
    [{ suspendAfterMinutes: 1.5 }, "settings.suspendAfterMinutes"],
  ])("%j is 400 and names where", async (settings, where) => {
    const refused = await refusal(await patch("pod", settings));
    expect(refused).toMatchObject({ status: 400, code: "invalid", message: expect.stringContaining(where) });
  });

  test.each([
    [{ resources: { limits: { memory: "2GB" } } }, 'settings.resources.limits.memory: "2GB" is no amount'],
    [{ resources: { limits: { "ephemeral-storage": "abc" } } }, "settings.resources.limits.ephemeral-storage"],
    [{ resources: { requests: { cpu: "2" }, limits: { cpu: "1" } } }, "the request of 2 cpu is above its limit of 1"],
    [{ image: "Debian 12" }, "settings.image"],
    [{ storage: { size: "lots" } }, "settings.storage.size"],
    [{ nodeSelector: { "a b": "c" } }, "settings.nodeSelector"],
    [{ tolerations: [{ operator: "Equal" }] }, "settings.tolerations[0]"],
  ])("%j is 400 in words for who set it", async (settings, words) => {
    const refused = await refusal(await patch("pod", settings));
    expect(refused).toMatchObject({ status: 400, code: "invalid", message: expect.stringContaining(words) });
  });

  test("a wish for a larger volume can be taken back, for only the cluster knows what the volume has", async () => {
    for (const storage of [{ size: "20Gi" }, { size: "40Gi" }, { size: "20Gi" }, null]) {
      const answer = await patch("pod", { storage });
      expect([answer.status, (await answer.json()).settings.storage]).toEqual([200, storage]);
    }
  });

  test("one pod for several people is not there yet, and says until when", async () => {
    expect(await refusal(await patch("pod", { sharedPod: true }))).toMatchObject({
      status: 422,
      code: "not-available",
      message: expect.stringContaining("once a team can sign in"),
      details: { fields: ["settings.sharedPod"] },
    });
  });
});

describe("starting a host again", () => {
  const restart = (id: string, body: unknown = {}) => send("POST", `/api/repositories/${id}/host/restart`, body);
  const program = { pid: 7, command: "make", terminalId: "terminal-1", startedAt: null };
  const burden = { sessions: [{ sessionId: "session-1", title: "Engine", programs: [program] }], unknown: [] };

  test("goes on where nothing runs, and answers how it is", async () => {
    const answer = await restart("pod");
    expect([answer.status, repositoryHost.strict().parse(await answer.json())]).toMatchObject([
      202,
      { kind: "kubernetes", state: "starting", podName: "trellis-engine-0" },
    ]);
  });

  test("[8] is 409 with what would end until that was read", async () => {
    server.rows.burden = burden;
    const refused = await refusal(await restart("pod"));
    expect(refused).toMatchObject({ status: 409, code: "conflict", details: { ...burden, token: "burden-1" } });
    expect((await restart("pod", { token: "of another look" })).status).toBe(409);
    expect(server.rows.pods.get("pod")?.state.kind).toBe("reachable");
    expect((await restart("pod", { token: "burden-1" })).status).toBe(202);
  });

  test("is refused on this machine, for another's repository, and with anything else in its body", async () => {
    expect(await refusal(await restart("here"))).toMatchObject({ status: 422, code: "refused" });
    expect((await restart("other")).status).toBe(404);
    expect((await restart("pod", { force: true })).status).toBe(400);
    expect((await restart("pod", { token: 7 })).status).toBe(400);
  });
});

test("a pod that somebody else took down says so, and one at rest gives no reason", async () => {
  const hostStateOf = async () => {
    const answer = await fetch(`${server.origin}/api/repositories/pod`, {
      headers: { authorization: "Bearer token-1" },
    });
    return repositoryView.parse(await answer.json()).hostState;
  };
  server.rows.pods.set("pod", { state: { kind: "suspended", since: then }, facts });
  expect(await hostStateOf()).toMatchObject({ state: "suspended", reason: null, since: then.toISOString() });
  server.rows.pods.set("pod", { state: { kind: "suspended", since: then, reason: "taken down" }, facts });
  expect(await hostStateOf()).toMatchObject({ state: "suspended", reason: "taken down" });
});

describe("waking a host", () => {
  const wake = (id: string) => send("POST", `/api/repositories/${id}/host/wake`, {});

  test("brings up one that rests and leaves one that is up", async () => {
    expect(await (await wake("pod")).json()).toMatchObject({ state: "reachable" });
    server.rows.pods.set("pod", { state: { kind: "suspended", since: then }, facts });
    expect(await (await wake("pod")).json()).toMatchObject({ state: "starting", reason: "the pod is starting" });
    expect((await wake("other")).status).toBe(404);
  });
});

test("a repository whose kind of host this server has no longer is shown, and its state says so", async () => {
  server.rows.pods.clear();
  const answer = await fetch(`${server.origin}/api/repositories/pod`, { headers: { authorization: "Bearer token-1" } });
  expect(repositoryView.parse(await answer.json()).hostState).toMatchObject({
    state: "unreachable",
    reason: expect.stringContaining("cluster"),
    podName: null,
  });
});

test("a look at hosts gives each missing right with the rule that grants it", async () => {
  const missing = { right: "create pods/exec", rule: '- apiGroups: [""]' };
  server.rows.hostDetails = {
    version: "v1.34.0",
    missingRights: [missing],
    facts: [{ name: "Namespace", value: "t" }],
  };
  const answer = await fetch(`${server.origin}/api/hosts`, { headers: { authorization: "Bearer token-1" } });
  expect((await answer.json()).items).toMatchObject([
    { version: "v1.34.0", missingRights: [missing], facts: [{ name: "Namespace", value: "t" }] },
  ]);
});
