import { createHmac, createPublicKey, verify } from "node:crypto";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import webPush from "web-push";
import type { Message } from "../notifications/sender";
import { reachOf } from "./address-reach";
import { createSender } from "./create-sender";
import type { Network } from "./network";
import { makeSubscription } from "./testing/browser-subscription";
import { makeCertificate, openReceiver } from "./testing/receiver";

const name = "push.example.test";
const keys = webPush.generateVAPIDKeys();
const origin = "https://trellis.example.com";
const tls = makeCertificate(name);
const message: Message = {
  id: "0b5c1c9e-37a7-4ea2-9a31-6f1f0f6a51f2",
  kind: "pull-checks-failed",
  title: "#7 <b>Tidy</b> \u202e up: checks failed",
  body: "unit, e2e",
  sessionId: "s/1",
  createdAt: new Date("2026-05-06T07:08:09.123Z"),
};
const member = { mayReachPrivate: false };
const admin = { mayReachPrivate: true };

let service: Awaited<ReturnType<typeof openReceiver>>;
beforeAll(async () => {
  service = await openReceiver({ name, tls });
});
afterEach(() => {
  service.received.length = 0;
  service.answers.length = 0;
});
afterAll(() => service.close());

/** The stand-in's name leads to this machine, and is taken for one that is elsewhere. */
const network: Network = {
  resolve: async () => [{ address: "127.0.0.1", family: 4 }],
  reachOf: () => "public",
  certificateAuthority: tls.cert,
};
const senderOver = (own: Partial<Network>) =>
  createSender({ keys: async () => keys, origin: () => origin, network: { ...network, ...own } });
const sender = senderOver({});

test("a message reaches a browser once, signed by this server and readable there alone", async () => {
  const { destination, decrypt } = makeSubscription(`${service.url}/endpoint/1`);
  expect(await sender.send(destination, message, member)).toEqual({ kind: "sent" });
  const [request, ...more] = service.received;
  expect(more).toEqual([]);
  expect(request?.url).toBe("/endpoint/1");
  expect(request?.headers).toMatchObject({ "content-encoding": "aes128gcm", ttl: "86400" });
  expect(decrypt(request?.body ?? Buffer.alloc(0))).toEqual({
    id: message.id,
    title: message.title,
    body: message.body,
    path: "/sessions/s%2F1",
  });
  const claims = verifiedVapid(request?.headers.authorization ?? "");
  expect(claims).toMatchObject({ aud: service.url, sub: origin });
});

/** RFC 8292: a JWT of the key that the browser subscribed with. */
function verifiedVapid(authorization: string): unknown {
  const [, token = "", key = ""] = /^vapid t=([^,]+), *k=(.+)$/.exec(authorization) ?? [];
  expect(key).toBe(keys.publicKey);
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.toString("base64url", 1, 33), point.toString("base64url", 33)];
  const publicKey = createPublicKey({ key: { kty: "EC", crv: "P-256", x, y }, format: "jwk" });
  const [header, claims, signature = ""] = token.split(".");
  const signed = Buffer.from(`${header}.${claims}`);
  const isSigned = verify(
    "sha256",
    signed,
    { key: publicKey, dsaEncoding: "ieee-p1363" },
    Buffer.from(signature, "base64url"),
  );
  expect(isSigned).toBe(true);
  return JSON.parse(Buffer.from(claims ?? "", "base64url").toString());
}

test("the longest title and text still fit what a push service takes", async () => {
  const { destination, decrypt } = makeSubscription(`${service.url}/endpoint/1`);
  const long = { ...message, title: "😀".repeat(3_000), body: "\u0001".repeat(20_000) };
  expect(await sender.send(destination, long, member)).toEqual({ kind: "sent" });
  const body = service.received[0]?.body ?? Buffer.alloc(0);
  expect(body.length).toBeLessThanOrEqual(4_096);
  expect(decrypt(body)).toMatchObject({ id: message.id });
});

test.each([
  [404, {}, { kind: "gone" }],
  [410, {}, { kind: "gone" }],
  [429, { "retry-after": "120" }, { kind: "failed", retryAfterMs: 120_000 }],
  [503, {}, { kind: "failed", retryAfterMs: null }],
  [403, {}, { kind: "refused" }],
])("a push service that answers %s", async (status, headers, outcome) => {
  service.answers.push({ status, headers });
  const { destination } = makeSubscription(`${service.url}/endpoint/1`);
  expect(await sender.send(destination, message, member)).toMatchObject(outcome);
});

test("a webhook gets one signed POST, and a redirect is told and not followed", async () => {
  const destination = { kind: "webhook" as const, url: `${service.url}/hook?x=1`, secret: "sixteen characters" };
  expect(await sender.send(destination, message, member)).toEqual({ kind: "sent" });
  const { headers, body, url } = service.received[0] ?? { headers: {}, body: Buffer.alloc(0), url: "" };
  const signature = createHmac("sha256", destination.secret).update(body).digest("hex");
  expect(url).toBe("/hook?x=1");
  expect(headers).toMatchObject({ "x-trellis-delivery": message.id, "x-trellis-signature-256": `sha256=${signature}` });
  expect(JSON.parse(body.toString())).toEqual({
    ...message,
    url: `${origin}/sessions/s%2F1`,
    createdAt: message.createdAt.toISOString(),
  });
  service.answers.push({ status: 302, headers: { location: "/elsewhere" } });
  const redirected = await sender.send(destination, message, member);
  expect(redirected).toMatchObject({ kind: "failed", reason: expect.stringContaining("Redirects are not followed") });
  expect(service.received).toHaveLength(2);
});

test("nothing goes to the server's own network, whatever name it has; an administrator's webhook may", async () => {
  const inward = senderOver({ reachOf });
  const hook = { kind: "webhook" as const, url: `${service.url}/hook`, secret: "sixteen characters" };
  const { destination: push } = makeSubscription(`${service.url}/endpoint/1`);
  for (const [destination, reach] of [
    [hook, member],
    [push, member],
    [push, admin],
    [{ ...hook, url: "https://127.0.0.1:1/" }, member],
    [{ ...hook, url: "https://[::1]:1/" }, member],
    [{ ...hook, url: "https://0x7f.1/" }, member],
    [{ ...hook, url: "https://169.254.169.254/latest" }, admin],
    [{ ...hook, url: service.url.replace("https", "http") }, member],
    [{ ...hook, url: `https://user:pass@${name}/` }, admin],
  ] as const) {
    expect(await inward.objection(destination, reach)).toEqual(expect.any(String));
    expect(await inward.send(destination, message, reach)).toMatchObject({ kind: "refused" });
  }
  expect(service.received).toEqual([]);
  expect(await inward.objection(hook, admin)).toBeNull();
  expect(await inward.send(hook, message, admin)).toEqual({ kind: "sent" });
});

test("a name that means another address when it is used is judged by that one, and one private address is enough", async () => {
  const addresses = [[{ address: "93.184.216.34", family: 4 }], [{ address: "127.0.0.1", family: 4 }]];
  const rebound = senderOver({ reachOf, resolve: async () => addresses.shift() ?? [] });
  const hook = { kind: "webhook" as const, url: `${service.url}/hook`, secret: "sixteen characters" };
  expect(await rebound.objection(hook, member)).toBeNull();
  expect(await rebound.send(hook, message, member)).toMatchObject({ kind: "refused" });
  const both = senderOver({
    reachOf,
    resolve: async () => [
      { address: "93.184.216.34", family: 4 },
      { address: "10.0.0.1", family: 4 },
    ],
  });
  expect(await both.send(hook, message, member)).toMatchObject({ kind: "refused" });
  expect(service.received).toEqual([]);
});

test("a receiver that is away, or whose certificate nobody believes, is tried again later", async () => {
  const hook = { kind: "webhook" as const, url: "https://push.example.test:1/", secret: "sixteen characters" };
  expect(await sender.send(hook, message, member)).toMatchObject({ kind: "failed" });
  const { certificateAuthority: _, ...believesNone } = network;
  const strict = createSender({ keys: async () => keys, origin: () => origin, network: believesNone });
  expect(await strict.send({ ...hook, url: service.url }, message, member)).toMatchObject({ kind: "failed" });
  const unnamed = senderOver({ resolve: async () => Promise.reject(new Error("ENOTFOUND")) });
  expect(await unnamed.send(hook, message, member)).toMatchObject({ kind: "failed" });
});
