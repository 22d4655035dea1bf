import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { inspect } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AppError } from "../../../domain/app-error";
import { quietLog } from "../../testing/link-fixture";
import { openCluster } from "./open-cluster";

let directory = "";
beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "trellis-kubeconfig-"));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const whole = {
  "current-context": "here",
  contexts: [{ name: "here", context: { cluster: "there", user: "me" } }],
  clusters: [{ name: "there", cluster: { server: "https://127.0.0.1:1" } }],
  users: [{ name: "me", user: { token: "secret-token" } }],
};

const bad: { what: string; text: string | null; says: RegExp }[] = [
  { what: "absent", text: null, says: /there is no kubeconfig at .*: set KUBECONFIG to the file/ },
  { what: "empty", text: " \n", says: /the kubeconfig .* is empty/ },
  {
    what: "not YAML",
    text: "users:\n  - {name: me, user: {token: secret-token}\n}}: :",
    says: /is not one \(line \d+ is not YAML\)/,
  },
  { what: "of another kind", text: "secret-token", says: /the kubeconfig .* is not one/ },
  {
    what: "without a current context",
    text: JSON.stringify({ ...whole, "current-context": "" }),
    says: /has no current context: `kubectl config use-context here`/,
  },
  {
    what: "with a current context that it does not have",
    text: JSON.stringify({ ...whole, "current-context": "gone" }),
    says: /has no context "gone", its current one/,
  },
  {
    what: "without its cluster",
    text: JSON.stringify({ ...whole, clusters: [] }),
    says: /has no address for the cluster "there"/,
  },
  { what: "without its user", text: JSON.stringify({ ...whole, users: [] }), says: /has no user "me"/ },
];

/** All that a log might write of an error: its causes too, with their stacks and fields. */
const logged = (error: unknown): string => inspect(error, { depth: null, maxStringLength: null });

for (const { what, text, says } of bad)
  test(`[I7] a kubeconfig that is ${what} is told in words that repeat nothing of it`, async () => {
    const kubeconfig = path.join(directory, what.replaceAll(" ", "-"));
    if (text !== null) await writeFile(kubeconfig, text);
    const cluster = await openCluster({ kubeconfig, namespace: "any", log: quietLog });
    const look = await cluster.look();
    expect(look).toMatchObject({ reachable: false, version: null, missingRights: [] });
    expect(look.reason).toMatch(says);
    expect(look.reason).not.toContain("secret-token");
    const failure = await cluster.get("Pod", "any").catch((error: unknown) => error);
    expect(AppError.is(failure) && [failure.code, failure.message]).toEqual(["unavailable", look.reason]);
    expect(logged(failure)).not.toContain("secret-token");
  });

test("a kubeconfig that is a directory, or may not be read, is told so", async () => {
  const look = async (kubeconfig: string) =>
    (await openCluster({ kubeconfig, namespace: "any", log: quietLog })).look();
  await mkdir(path.join(directory, "folder"));
  expect((await look(path.join(directory, "folder"))).reason).toMatch(
    /KUBECONFIG is the directory .*: name the file in it/,
  );
  const locked = path.join(directory, "locked");
  await writeFile(locked, JSON.stringify(whole));
  await chmod(locked, 0);
  // Root reads every file: then what is told is that nobody listens.
  expect((await look(locked)).reason).toMatch(
    process.getuid?.() === 0 ? /connection refused/ : /may not be read: let the user that Trellis runs as read it/,
  );
});

test("of several kubeconfigs the first has the current context, and the rest add what it names", async () => {
  const [one, two] = [path.join(directory, "one"), path.join(directory, "two")];
  await writeFile(one, JSON.stringify({ ...whole, clusters: [] }));
  await writeFile(two, JSON.stringify({ ...whole, contexts: [], users: [], "current-context": "other" }));
  const kubeconfig = [one, two].join(path.delimiter);
  const { server } = await (await openCluster({ kubeconfig, namespace: "any", log: quietLog })).execTarget();
  expect(server).toBe("https://127.0.0.1:1");
});

test("a kubeconfig that is mended is read again", async () => {
  const kubeconfig = path.join(directory, "mended");
  const cluster = await openCluster({ kubeconfig, namespace: "any", log: quietLog });
  await expect(cluster.execTarget()).rejects.toThrow(/there is no kubeconfig/);
  await writeFile(kubeconfig, JSON.stringify(whole));
  expect(await cluster.execTarget()).toMatchObject({ server: "https://127.0.0.1:1" });
});

test("a program that gives credentials is told why it gave none, and never what it said in place of them", async () => {
  const open = async (exec: Record<string, unknown>, answerMs = 60_000) => {
    const kubeconfig = path.join(directory, "exec");
    const user = { exec: { apiVersion: "client.authentication.k8s.io/v1", ...exec } };
    await writeFile(kubeconfig, JSON.stringify({ ...whole, users: [{ name: "me", user }] }));
    return openCluster({ kubeconfig, namespace: "any", log: quietLog, timings: { answerMs } });
  };
  const program = (script: string, answerMs?: number) => open({ command: "/bin/sh", args: ["-c", script] }, answerMs);
  const shell = async (script: string, answerMs?: number) => (await program(script, answerMs)).look();
  expect((await (await open({ command: "no-such-program" })).look()).reason).toMatch(
    /its program no-such-program is not installed here/,
  );
  expect((await shell("echo first; echo sign in again >&2; exit 1")).reason).toMatch(/sign in again: try it by hand/);
  const garbled = (await shell("echo secret-token")).reason;
  expect(garbled).toMatch(/the answer of its program is not a credential/);
  expect(garbled).not.toContain("secret-token");
  const failure = await (await program("echo secret-token")).get("Pod", "any").catch((error: unknown) => error);
  expect(AppError.is(failure)).toBe(true);
  expect(logged(failure)).not.toContain("secret-token");
  expect((await shell("exec sleep 5", 200)).reason).toMatch(/did not come in time/);
});
