import { afterEach, beforeEach, expect, test } from "vitest";
import { apiError } from "../../protocol/api";
import { addedChannel, channelView, notificationSettings } from "../../protocol/channels";
import { openGateway } from "../testing/open-gateway";
import { setCookie } from "./session-cookie";

let server: Awaited<ReturnType<typeof openGateway>>;
beforeEach(async () => {
  server = await openGateway();
});
afterEach(() => server.close());

const bearer = { authorization: "Bearer token-1", "content-type": "application/json" };
const send = (method: string, path: string, body?: unknown, headers: Record<string, string> = bearer) =>
  fetch(`${server.origin}${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });

const endpoint = "https://push.example.com/1";
const keys = { p256dh: "B".repeat(87), auth: "a".repeat(22) };
const push = { kind: "push", name: "Firefox on Linux", endpoint, keys };
const webhook = { kind: "webhook", url: "https://hooks.example.com/token/in/path?x=1" };

test("a browser's subscription goes with its sign-in, and what it holds is never given back", async () => {
  const cookie = setCookie(server.origin, "cookie-1", new Date(2_000_000_000_000)).split(";", 1)[0] ?? "";
  const headers = { cookie, origin: server.origin, "content-type": "application/json" };
  const made = await send("POST", "/api/notification-channels", push, headers);
  expect(made.status).toBe(201);
  const text = await made.text();
  expect(addedChannel.parse(JSON.parse(text))).toMatchObject({ kind: "push", name: push.name, secret: null });
  expect(text).not.toContain(endpoint);
  expect(text).not.toContain(keys.auth);
  expect(server.rows.destinations).toEqual([{ kind: "push", endpoint, ...keys }]);
  expect(server.rows.channels).toMatchObject([{ loginId: "login-1" }]);
});

test("a webhook's secret is said once where the server made it, and never where the person gave it", async () => {
  const made = addedChannel.parse(await (await send("POST", "/api/notification-channels", webhook)).json());
  expect(made).toMatchObject({ kind: "webhook", name: "hooks.example.com" });
  expect(made.secret).toMatch(/^[\w-]{43}$/);
  const secret = "sixteen characters";
  const given = addedChannel.parse(
    await (await send("POST", "/api/notification-channels", { ...webhook, secret })).json(),
  );
  expect(given.secret).toBeNull();
  const all = await (await send("GET", "/api/notification-channels")).text();
  for (const hidden of [made.secret ?? "", secret, "token/in/path"]) expect(all).not.toContain(hidden);
});

test.each([
  [{ ...webhook, url: "ftp://hooks.example.com" }],
  [{ ...webhook, url: "not a url" }],
  [{ ...webhook, secret: "short" }],
  [{ ...webhook, more: 1 }],
  [{ ...push, keys: { ...keys, auth: "a" } }],
  [{ ...push, endpoint: "javascript:alert(1)" }],
  [{ kind: "pigeon" }],
  [null],
])("%j is 400", async (body) => {
  const refused = await send("POST", "/api/notification-channels", body);
  expect([refused.status, apiError.parse(await refused.json()).error.code]).toEqual([400, "invalid"]);
  expect(server.rows.channels).toEqual([]);
});

test("a channel is tested and removed by its owner, and nobody who is not signed in sees any", async () => {
  const { id } = addedChannel.parse(await (await send("POST", "/api/notification-channels", push)).json());
  const tested = channelView.parse(await (await send("POST", `/api/notification-channels/${id}/test`, {})).json());
  expect(tested.sentAt).not.toBeNull();
  expect((await send("DELETE", `/api/notification-channels/${id}`)).status).toBe(204);
  expect((await send("DELETE", `/api/notification-channels/${id}`)).status).toBe(404);
  expect((await send("GET", "/api/notification-channels", undefined, {})).status).toBe(401);
  expect((await send("GET", "/api/push-key", undefined, {})).status).toBe(401);
});

test("muted kinds are stored; one that does not exist is refused", async () => {
  const muted = ["pull-merged", "pull-closed"];
  const stored = await send("PATCH", "/api/notification-settings", { muted });
  expect(notificationSettings.parse(await stored.json())).toEqual({ muted });
  expect(await (await send("GET", "/api/notification-settings")).json()).toEqual({ muted });
  expect((await send("PATCH", "/api/notification-settings", { muted: ["weather"] })).status).toBe(400);
});
