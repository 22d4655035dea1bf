import { createHash } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { MemoryAccounts } from "../fakes/memory-accounts";
import type { Accounts } from "./accounts";
import { createAccounts } from "./create-accounts";

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;
const owner = { username: "ada", name: "Ada Lovelace", email: "ada@example.com" };
const apiToken = "t".repeat(43);

let store: MemoryAccounts;
let accounts: Accounts;
let at: number;
const now = () => new Date(at);

beforeEach(() => {
  at = Date.parse("2026-05-06T07:08:09.123Z");
  store = new MemoryAccounts();
  accounts = createAccounts({ store, owner, apiToken, now });
});

async function signedIn() {
  const { id } = await accounts.owner();
  const { token } = await accounts.makeSignInToken(id);
  const signIn = await accounts.signIn(token);
  if (!signIn) throw new Error("not signed in");
  return signIn;
}

test("the owner stays the same person when the system's names for them change", async () => {
  const { id } = await accounts.owner();
  const later = createAccounts({ store, owner: { ...owner, username: "grace", name: "G" }, apiToken, now });
  expect(await later.owner()).toMatchObject({ id, ...owner, role: "admin" });
  expect(await accounts.updateUser(id, { email: "a@b.c" })).toMatchObject({ id, email: "a@b.c" });
});

test("a sign-in token works once", async () => {
  const { id } = await accounts.owner();
  const { token, expiresAt } = await accounts.makeSignInToken(id);
  expect(Buffer.from(token, "base64url")).toHaveLength(32);
  expect(expiresAt.getTime() - at).toBe(15 * minuteMs);
  const both = await Promise.all([accounts.signIn(token), accounts.signIn(token)]);
  expect(both.filter((signIn) => signIn !== null)).toHaveLength(1);
  expect(await accounts.signIn(token)).toBeNull();
});

test("a sign-in token works for 15 minutes; an unknown one never does", async () => {
  const { id } = await accounts.owner();
  const [first, second] = [await accounts.makeSignInToken(id), await accounts.makeSignInToken(id)];
  at += 15 * minuteMs - 1;
  expect(await accounts.signIn(first.token)).not.toBeNull();
  at += 1;
  expect(await accounts.signIn(second.token)).toBeNull();
  expect(await accounts.signIn("")).toBeNull();
  expect(await accounts.signIn(apiToken)).toBeNull();
});

test("a cookie names its user for 30 days, until it is signed out", async () => {
  const [first, second] = [await signedIn(), await signedIn()];
  expect(Buffer.from(first.cookie, "base64url")).toHaveLength(32);
  expect(first.expiresAt.getTime() - at).toBe(30 * dayMs);
  const identity = await accounts.byCookie(first.cookie);
  expect(identity).toMatchObject({ user: first.user, by: "cookie" });
  await accounts.signOut(identity?.loginId ?? "");
  expect(await accounts.byCookie(first.cookie)).toBeNull();
  at += 30 * dayMs - 1;
  expect(await accounts.byCookie(second.cookie)).not.toBeNull();
  at += 1;
  expect(await accounts.byCookie(second.cookie)).toBeNull();
});

test("[I7] neither a token nor a cookie is kept, only their hashes", async () => {
  const { id } = await accounts.owner();
  const { token } = await accounts.makeSignInToken(id);
  const { cookie } = await signedIn();
  const kept = JSON.stringify([...store.tables.links.values(), ...store.tables.logins.values()]);
  for (const secret of [token, cookie]) {
    expect(kept).not.toContain(secret);
    expect(kept).toContain(createHash("sha256").update(secret).digest("hex"));
  }
});

test("what has run out is swept when the next link is made", async () => {
  await signedIn();
  const { id } = await accounts.owner();
  at += 31 * dayMs;
  await accounts.makeSignInToken(id);
  expect([store.tables.links.size, store.tables.logins.size]).toEqual([1, 0]);
});

test("[I9] the token of scripts is the owner; nothing near it is", async () => {
  expect(await accounts.byBearer(apiToken)).toEqual({ user: await accounts.owner(), by: "token", loginId: null });
  for (const other of ["", "t", apiToken.slice(1), `${apiToken}t`, "T".repeat(43)])
    expect(await accounts.byBearer(other)).toBeNull();
  const { cookie } = await signedIn();
  expect(await accounts.byBearer(cookie)).toBeNull();
  expect(await accounts.byCookie(apiToken)).toBeNull();
});
