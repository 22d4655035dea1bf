import { request } from "node:http";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { WebSocket } from "ws";
import { openGateway } from "./testing/open-gateway";
import { sampleReading, sampleRepository, sampleSession } from "./testing/sample-rows";

let server: Awaited<ReturnType<typeof openGateway>>;
beforeEach(async () => {
  server = await openGateway();
  server.rows.repositories.set("repo-1", sampleRepository());
  server.rows.sessions.set("session-1", sampleReading());
  const ended = sampleSession({ id: "over", endedAt: new Date() });
  server.rows.sessions.set("over", sampleReading({ session: ended, phase: "ended" }));
});
afterEach(() => server.close());

type Answer = { status: number; headers: Record<string, unknown>; body: string };
const cookie = () => `trellis-${server.port}=cookie-1`;
const bearer = "Bearer token-1";

/** Any header may be set, Host too, which fetch would not let us. */
function ask(method: string, path: string, headers: Record<string, string> = {}, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const asking = request(`${server.origin}${path}`, { method, headers }, (response) => {
      let text = "";
      response.on("data", (chunk) => {
        text += chunk;
      });
      response.on("end", () => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: text }));
    });
    asking.on("error", reject);
    asking.end(body);
  });
}

const json = { "content-type": "application/json" };
const rename = (headers: Record<string, string>) =>
  ask("PATCH", "/api/sessions/session-1", { ...json, ...headers }, '{"title":"x"}');

describe("who may change something", () => {
  test.each([
    ["the cookie and our Origin", () => ({ cookie: cookie(), origin: server.origin }), 200],
    [
      "the cookie and our Origin by another loopback name",
      () => ({ cookie: cookie(), origin: `http://localhost:${server.port}` }),
      200,
    ],
    ["the cookie and a foreign Origin", () => ({ cookie: cookie(), origin: "http://evil.example" }), 403],
    ["the cookie and the Origin of another port", () => ({ cookie: cookie(), origin: "http://127.0.0.1:1" }), 403],
    ["the cookie and a null Origin", () => ({ cookie: cookie(), origin: "null" }), 403],
    ["the cookie and no Origin", () => ({ cookie: cookie() }), 403],
    ["the bearer token alone", () => ({ authorization: bearer }), 200],
    ["a wrong bearer token beside a good cookie", () => ({ authorization: "Bearer x", cookie: cookie() }), 401],
    [
      "a cookie of another server on this machine",
      () => ({ cookie: "trellis-1=cookie-1", origin: server.origin }),
      401,
    ],
    ["nothing", () => ({}), 401],
  ] as const)("with %s it is answered as it should be", async (_, headers, status) => {
    expect((await rename(headers())).status).toBe(status);
  });

  test("to read, the cookie is enough", async () => {
    expect((await ask("GET", "/api/sessions", { cookie: cookie() })).status).toBe(200);
    expect((await ask("GET", "/api/sessions")).status).toBe(401);
    expect((await ask("GET", "/api/nothing")).status).toBe(401);
  });
});

describe("by which name", () => {
  test.each(["/api/sessions", "/", "/sign-in"])("a foreign Host is 403 on %s", async (path) => {
    expect((await ask("GET", path, { host: "evil.example", cookie: cookie() })).status).toBe(403);
    expect(
      (await ask("GET", path, { host: `localhost.evil.example:${server.port}`, authorization: bearer })).status,
    ).toBe(403);
  });

  test("the loopback names are equal, and probes that know only an address are answered", async () => {
    expect((await ask("GET", "/api/sessions", { host: `localhost:${server.port}`, cookie: cookie() })).status).toBe(
      200,
    );
    expect((await ask("GET", "/api/health", { host: "10.0.0.7:3000" })).status).toBe(200);
  });
});

describe("signing in", () => {
  const signIn = (token: string, headers: Record<string, string> = {}) =>
    ask("POST", "/api/sign-in", { ...json, ...headers }, JSON.stringify({ token }));

  test("a link works once, and its cookie is kept from scripts and other sites", async () => {
    const first = await signIn("link-1", { origin: server.origin });
    expect(first.status).toBe(200);
    expect(String(first.headers["set-cookie"])).toMatch(
      new RegExp(`^trellis-${server.port}=cookie-1; Path=/; HttpOnly; SameSite=Lax; Expires=`),
    );
    expect((await signIn("link-1")).status).toBe(401);
  });

  test("a foreign page cannot sign a browser in", async () => {
    expect((await signIn("link-1", { origin: "http://evil.example" })).status).toBe(403);
  });

  test("too many wrong tokens are 429 with the seconds to wait, and a good one waits too", async () => {
    for (let attempt = 0; attempt < 10; attempt += 1) expect((await signIn("wrong")).status).toBe(401);
    const answer = await signIn("link-1");
    expect(answer.status).toBe(429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
  });

  test("a fresh link is for the bearer token only", async () => {
    expect((await ask("POST", "/api/sign-in-links", { cookie: cookie(), origin: server.origin })).status).toBe(403);
    const answer = await ask("POST", "/api/sign-in-links", { authorization: bearer });
    expect([answer.status, JSON.parse(answer.body).url]).toEqual([201, `${server.origin}/sign-in#link-2`]);
  });

  test("signing out takes the cookie and closes the browser's sockets", async () => {
    const closed = closeOf("/ws/events", { cookie: cookie(), origin: server.origin }, "after-open");
    await closed.opened;
    const answer = await ask("POST", "/api/sign-out", { cookie: cookie(), origin: server.origin });
    expect(String(answer.headers["set-cookie"])).toContain("Max-Age=0");
    expect(await closed.code).toBe(4401);
    expect((await ask("GET", "/api/me", { cookie: cookie() })).status).toBe(401);
  });
});

describe("pages", () => {
  test("the signed-out are sent to the sign-in page before a page is asked for", async () => {
    for (const path of ["/", "/sessions/abc", "/settings", "/_next/image", "/anything"]) {
      const answer = await ask("GET", path);
      expect([answer.status, answer.headers["location"], answer.headers["cache-control"]]).toEqual([
        303,
        "/sign-in",
        "no-store",
      ]);
    }
    expect((await ask("GET", "/sign-in")).body).toBe("page /sign-in");
    expect((await ask("GET", "/_next/static/a.js")).status).toBe(200);
  });

  test("a page is only read", async () => {
    expect((await ask("GET", "/sessions/abc", { cookie: cookie() })).body).toBe("page /sessions/abc");
    expect((await ask("POST", "/", { cookie: cookie() })).status).toBe(405);
  });

  test("each carries a policy with the hashes of its own scripts and nothing unsafe for scripts", async () => {
    const { headers } = await ask("GET", "/sessions/abc", { cookie: cookie() });
    const policy = String(headers["content-security-policy"]);
    expect(policy).toContain("default-src 'self'; script-src 'self' 'sha256-/session';");
    expect(policy).toContain("frame-ancestors 'none'");
    expect(policy).not.toContain("unsafe-eval");
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "referrer-policy": "no-referrer" });
  });

  test("answers of the API run nothing and are not kept", async () => {
    const { headers } = await ask("GET", "/api/me", { cookie: cookie() });
    expect(headers).toMatchObject({ "x-content-type-options": "nosniff", "cache-control": "no-store" });
    expect(headers["content-security-policy"]).toContain("default-src 'none'");
  });
});

/** The code a socket is closed with, or `HTTP <status>` when it never opened. */
function closeOf(path: string, headers: Record<string, string>, when: "at-once" | "after-open" = "at-once") {
  const socket = new WebSocket(`${server.origin.replace("http", "ws")}${path}`, { headers });
  const opened = new Promise((resolve) => socket.once("open", resolve));
  const code = new Promise<number | string>((resolve, reject) => {
    socket.on("unexpected-response", (_, response) => {
      resolve(`HTTP ${response.statusCode}`);
      socket.terminate();
    });
    socket.on("close", resolve);
    socket.on("error", (error) => (when === "at-once" ? resolve(error.message) : reject(error)));
  });
  return { opened, code };
}

describe("sockets", () => {
  const origin = () => server.origin;
  test.each([
    ["/ws/events", () => ({ cookie: cookie(), origin: "http://evil.example" }), "HTTP 403"],
    ["/ws/events", () => ({ cookie: cookie() }), "HTTP 403"],
    ["/ws/events", () => ({ cookie: cookie(), origin: origin(), host: "evil.example" }), "HTTP 403"],
    ["/ws/events", () => ({ authorization: bearer, origin: "http://evil.example" }), "HTTP 403"],
    ["/ws/events", () => ({ origin: origin() }), 4401],
    ["/ws/events", () => ({ authorization: "Bearer wrong" }), 4401],
    ["/ws/nothing", () => ({ cookie: cookie(), origin: origin() }), 4404],
    ["/ws/sessions/nobody/terminal", () => ({ cookie: cookie(), origin: origin() }), 4404],
    ["/ws/sessions/over/terminal", () => ({ authorization: bearer }), 4409],
    ["/elsewhere", () => ({ cookie: cookie(), origin: origin() }), "HTTP 404"],
    ["/_next/hmr", () => ({ cookie: cookie(), origin: origin() }), "HTTP 404"],
  ] as const)("%s is refused as a browser can tell it apart", async (path, headers, expected) => {
    expect(await closeOf(path, headers()).code).toBe(expected);
  });

  test("another's session is 4404, as one that is not there", async () => {
    server.rows.sessions.set("other", sampleReading({ session: sampleSession({ id: "other", userId: "user-2" }) }));
    expect(await closeOf("/ws/sessions/other/terminal", { authorization: bearer }).code).toBe(4404);
  });

  test("a browser whose sign-in ended is closed at the next look; a look that fails closes nobody", async () => {
    const { opened, code } = closeOf("/ws/events", { cookie: cookie(), origin: origin() }, "after-open");
    await opened;
    const { byCookie } = server.deps.accounts;
    server.deps.accounts.byCookie = () => Promise.reject(new Error("the database is away"));
    await expect(server.gateway.checkSockets()).rejects.toThrow("away");
    server.deps.accounts.byCookie = byCookie;
    await server.gateway.checkSockets();
    server.rows.cookies.clear();
    await server.gateway.checkSockets();
    expect(await code).toBe(4401);
  });

  test("a stop closes all with 1012", async () => {
    const { opened, code } = closeOf("/ws/events", { authorization: bearer }, "after-open");
    await opened;
    await server.close();
    expect(await code).toBe(1012);
    server = await openGateway();
  });
});
