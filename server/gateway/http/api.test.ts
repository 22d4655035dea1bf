import { request } from "node:http";
import { Readable } from "node:stream";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { apiError, notificationView, page, repositoryView, sessionView, terminalView } from "../../protocol/api";
import { openGateway } from "../testing/open-gateway";
import { sampleReading, sampleRepository, sampleSession, sampleTerminal } from "../testing/sample-rows";

let server: Awaited<ReturnType<typeof openGateway>>;
beforeEach(async () => {
  server = await openGateway();
  server.rows.repositories.set("repo-1", sampleRepository());
  server.rows.sessions.set("session-1", sampleReading());
  server.rows.terminals.set("terminal-1", sampleTerminal());
});
afterEach(() => server.close());

const bearer = { authorization: "Bearer token-1" };
const call = (path: string, init: RequestInit = {}) =>
  fetch(`${server.origin}${path}`, { redirect: "manual", ...init, headers: { ...bearer, ...init.headers } });
const send = (method: string, path: string, body: unknown, headers: Record<string, string> = {}) =>
  call(path, { method, body: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } });

async function refusal(response: Response) {
  const { error } = apiError.parse(await response.json());
  return { status: response.status, ...error };
}

describe("what it answers", () => {
  test("health needs no sign-in, and ready says what is not", async () => {
    expect(await (await fetch(`${server.origin}/api/health`)).json()).toEqual({ status: "ok" });
    expect((await fetch(`${server.origin}/api/ready`)).status).toBe(200);
    server.rows.notReady = "the database does not answer";
    const answer = await fetch(`${server.origin}/api/ready`);
    expect(answer.headers.get("retry-after")).toBe("1");
    expect(await refusal(answer)).toMatchObject({ status: 503, code: "unavailable" });
  });

  test("repositories, sessions, terminals and notifications come in the protocol's shapes", async () => {
    const json = async (path: string) => (await call(path)).json();
    page(repositoryView.strict()).parse(await json("/api/repositories"));
    page(sessionView.strict()).parse(await json("/api/sessions?limit=200"));
    page(terminalView.strict()).parse(await json("/api/sessions/session-1/terminals"));
    page(notificationView.strict()).parse(await json("/api/notifications"));
    expect(repositoryView.parse(await json("/api/repositories/repo-1")).activeSessions).toBe(1);
    expect(sessionView.parse(await json("/api/sessions/session-1"))).toMatchObject({ repositoryName: "engine" });
    expect(await json("/api/hosts")).toMatchObject({ items: [{ kind: "local", state: "reachable", version: "1" }] });
  });

  test("New Session answers 201 at once, and what is no repository is a 404 that names it", async () => {
    const made = await send("POST", "/api/sessions", { repositoryId: "repo-1" });
    expect(made.status).toBe(201);
    expect(sessionView.parse(await made.json()).phase).toBe("creating");
    const refused = await refusal(await send("POST", "/api/sessions", { repositoryId: "repo-x" }));
    expect(refused).toMatchObject({ status: 404, code: "not-found" });
    expect(refused.message).toContain("repo-x");
  });

  test("a log is raw bytes with its offsets", async () => {
    const answer = await call("/api/sessions/session-1/terminals/terminal-1/log?from=7");
    expect([...new Uint8Array(await answer.arrayBuffer())]).toEqual([0, 255, 10]);
    expect([answer.headers.get("x-offset"), answer.headers.get("x-head-offset")]).toEqual(["7", "10"]);
  });

  test("an upload is taken as raw bytes", async () => {
    const upload = { method: "POST", body: new Uint8Array(5), headers: { "content-type": "application/octet-stream" } };
    const answer = await call("/api/sessions/session-1/uploads?name=a.bin", upload);
    expect([answer.status, await answer.json()]).toEqual([201, { path: "/uploads/a.bin.5" }]);
  });

  test("ending answers 202 and the phase", async () => {
    const answer = await send("POST", "/api/sessions/session-1/end", {});
    expect([answer.status, sessionView.parse(await answer.json()).phase]).toEqual([202, "ending"]);
  });

  test("another's sessions are an empty list, and one of another is 404", async () => {
    server.rows.sessions.set("other", sampleReading({ session: sampleSession({ id: "other", userId: "user-2" }) }));
    expect(await (await call("/api/sessions?userId=user-2")).json()).toEqual({ items: [], nextCursor: null });
    expect((await call("/api/sessions/other")).status).toBe(404);
  });
});

describe("what it refuses", () => {
  test("an unknown path is 404 in JSON, and of a bug only its id is shown, which stands in the log", async () => {
    expect(await refusal(await call("/api/nothing"))).toMatchObject({ status: 404, code: "not-found" });
    server.rows.sessions.set("broken", null as never);
    const shown = await refusal(await call("/api/sessions"));
    expect(shown).toMatchObject({ status: 500, code: "internal" });
    expect(shown.message).not.toMatch(/null|undefined|TypeError/);
    expect(server.rows.errors).toMatchObject([{ id: (shown.details as { id: string }).id, error: expect.any(Error) }]);
  });

  test.each([
    ["POST", "/api/repositories", {}, "cloneUrl"],
    ["POST", "/api/repositories", { cloneUrl: "x", colour: "red" }, "colour"],
    ["POST", "/api/sessions", { repositoryId: 7 }, "repositoryId"],
    ["PATCH", "/api/sessions/session-1", { title: " " }, "title"],
    ["POST", "/api/sessions/session-1/end", { keep: "everything" }, "keep"],
    ["PATCH", "/api/repositories/repo-1", { settings: { keepEndedDays: -1 } }, "settings.keepEndedDays"],
  ])("%s %s of %j is 400 and names %s", async (method, path, body, word) => {
    const refused = await refusal(await send(method, path, body));
    expect(refused).toMatchObject({ status: 400, code: "invalid" });
    expect(refused.message).toContain(word);
  });

  test.each(["limit=0", "limit=201", "limit=x", "state=gone"])("a list with %s is 400", async (query) => {
    expect(await refusal(await call(`/api/sessions?${query}`))).toMatchObject({ status: 400, code: "invalid" });
  });

  test("a body that is no JSON is 400, one of another type 415, one too large 413", async () => {
    const raw = (body: string, type: string) =>
      call("/api/sessions", { method: "POST", body, headers: { "content-type": type } });
    expect(await refusal(await raw("{", "application/json"))).toMatchObject({ status: 400, code: "invalid" });
    expect((await raw("{}", "text/plain")).status).toBe(415);
    expect((await raw(`"${"x".repeat(1024 * 1024)}"`, "application/json")).status).toBe(413);
  });

  test("a body of unknown length is taken up to the same bound, and what has none is no body", async () => {
    const chunked = (...parts: string[]) =>
      call("/api/sessions", {
        method: "POST",
        body: Readable.toWeb(Readable.from(parts.map((part) => Buffer.from(part)))),
        headers: { "content-type": "application/json" },
        duplex: "half",
      } as unknown as RequestInit);
    expect((await chunked('{"repositoryId":', '"repo-1"}')).status).toBe(201);
    const tooLarge = await chunked(...Array.from({ length: 17 }, () => "x".repeat(64 * 1024)));
    expect([tooLarge.status, tooLarge.headers.get("connection")]).toEqual([413, "close"]);
    expect((await call("/api/sessions/session-1/terminals/terminal-1", { method: "DELETE" })).status).toBe(204);
    expect((await call("/api/repositories/repo-1?token=t", { method: "DELETE" })).status).toBe(202);
  });

  test("an upload above 64 MiB is 413 before it is read", async () => {
    const headers = { ...bearer, "content-length": String(64 * 1024 * 1024 + 1) };
    const status = await new Promise((resolve, reject) => {
      const upload = request(`${server.origin}/api/sessions/session-1/uploads?name=a`, { method: "POST", headers });
      upload.on("response", (response) => {
        resolve(response.statusCode);
        upload.destroy();
      });
      upload.on("error", reject);
      upload.write("x");
    });
    expect(status).toBe(413);
  });

  test.each([
    ["POST", "/api/sessions", { repositoryId: "repo-1", agent: "claude", prompt: "go" }, ["agent", "prompt"]],
    ["PATCH", "/api/repositories/repo-1", { settings: { image: "debian", maxTasks: 4 } }, ["settings.maxTasks"]],
    [
      "PATCH",
      "/api/repositories/repo-1",
      { settings: { sharedPod: true, reviewTrigger: "on-open" } },
      ["settings.sharedPod", "settings.reviewTrigger"],
    ],
  ])("%s %s of %j is 422 not-available and names what", async (method, path, body, fields) => {
    const refused = await refusal(await send(method, path, body));
    expect(refused).toMatchObject({ status: 422, code: "not-available", details: { fields } });
  });

  test("settings at their defaults pass, and one alone leaves the others", async () => {
    const body = { settings: { image: null, tolerations: [], nudges: "suggest", setupScript: "make" } };
    expect((await send("PATCH", "/api/repositories/repo-1", body)).status).toBe(200);
    const answer = await send("PATCH", "/api/repositories/repo-1", { settings: { keepEndedDays: 1 } });
    expect((await answer.json()).settings).toMatchObject({ keepEndedDays: 1, setupScript: "make" });
  });

  test.each([
    ["GET", "/api/agents"],
    ["POST", "/api/tasks"],
    ["GET", "/api/usage"],
    ["PUT", "/api/secrets/x"],
    ["POST", "/api/sessions/session-1/chats/c/reset"],
    ["GET", "/api/sessions/session-1/diff?path=a"],
    ["POST", "/api/sessions/session-1/prs/pull-1/agent-review"],
  ])("%s %s is not-available yet", async (method, path) => {
    const init = method === "GET" ? {} : { body: "{}", headers: { "content-type": "application/json" } };
    expect(await refusal(await call(path, { method, ...init }))).toMatchObject({ status: 422, code: "not-available" });
  });
});

describe("Idempotency-Key", () => {
  const create = (key: string, body: unknown) => send("POST", "/api/sessions", body, { "idempotency-key": key });

  test("the same request again gets the same answer and is not carried out again", async () => {
    const first = await create("k", { repositoryId: "repo-1" });
    const again = await create("k", { repositoryId: "repo-1" });
    expect([again.status, await again.json()]).toEqual([201, await first.json()]);
    expect(server.rows.sessions.size).toBe(2);
  });

  test("the same key with another request is 409", async () => {
    await create("k", { repositoryId: "repo-1" });
    expect((await create("k", { repositoryId: "repo-1", title: "other" })).status).toBe(409);
  });

  test("a refusal is the answer too, an error of ours is not", async () => {
    expect((await create("k", { repositoryId: "repo-x" })).status).toBe(404);
    server.rows.repositories.set("repo-x", sampleRepository({ id: "repo-x" }));
    expect((await create("k", { repositoryId: "repo-x" })).status).toBe(404);
    const { create: make } = server.deps.sessions;
    server.deps.sessions.create = () => Promise.reject(new Error("the database is away"));
    expect((await create("l", { repositoryId: "repo-x" })).status).toBe(500);
    server.deps.sessions.create = make;
    expect((await create("l", { repositoryId: "repo-x" })).status).toBe(201);
  });

  test("a key where nobody needs to be signed in is a key of nobody", async () => {
    const init = { method: "POST", headers: { "idempotency-key": "k" } };
    expect((await fetch(`${server.origin}/api/health`, init)).status).toBe(404);
    expect(server.rows.errors).toEqual([]);
  });

  test("an answer without a body is repeated without one", async () => {
    const read = () => send("POST", "/api/notifications/read", {}, { "idempotency-key": "r" });
    expect([(await read()).status, (await read()).status]).toEqual([204, 204]);
  });
});

test("the document names every route, and its page shows it without a script", async () => {
  const document = await (await call("/api/openapi.json")).json();
  expect(Object.keys(document.paths)).toContain("/api/sessions/{id}/terminals/{terminalId}/log");
  expect(Object.keys(document.components.schemas)).toEqual(expect.arrayContaining(["Session", "Repository", "Error"]));
  const docs = await call("/api/docs");
  const html = await docs.text();
  expect(docs.headers.get("content-security-policy")).toContain("default-src 'none'");
  expect(html).not.toContain("<script");
  for (const path of Object.keys(document.paths)) expect(html).toContain(path);
});

test("metrics are Prometheus text for the signed-in, by route and not by id", async () => {
  await call("/api/sessions/session-1");
  const text = await (await call("/metrics")).text();
  expect(text).toContain("trellis_terminal_viewers 2");
  expect(text).toMatch(
    /trellis_http_request_seconds_count\{method="GET",route="\/api\/sessions\/:id",status="200"\} 1/,
  );
  expect((await fetch(`${server.origin}/metrics`)).status).toBe(401);
});
