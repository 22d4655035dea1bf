import { chmod, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Session } from "../../domain/session";
import { createFakeHost, type FakeHost } from "../../fakes/fake-host";
import type { SessionDeps } from "../session-deps";
import { reachHost } from "./reach-host";

let root: string;
let bin: string;
let host: FakeHost;
let fit: Map<string, string>;

/** An image whose programs are those of a directory, and nothing else. */
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), "trellis-image-"));
  bin = join(root, "bin");
  await mkdir(bin);
  for (const name of ["sh", "git", "mkdir", "cp", "dd", "df", "find", "mv", "realpath", "stat"])
    await symlink(`/usr/bin/${name}`, join(bin, name));
  host = await createFakeHost(root, { PATH: bin });
  fit = new Map();
});
afterEach(async () => {
  host.close();
  await rm(root, { recursive: true });
});

const without = (name: string) => rm(join(bin, name));
async function instead(name: string, printed: string): Promise<void> {
  await without(name);
  await writeFile(join(bin, name), `#!/usr/bin/sh\necho '${printed}'\n`);
  await chmod(join(bin, name), 0o755);
}
/** As on a host: the program is looked for in the host's own PATH. */
async function reach() {
  const deps = { signal: new AbortController().signal } as SessionDeps;
  const session = { host: "local", repositoryId: "repository" } as Session;
  const run: FakeHost["run"] = (argv, options) => host.run(["/usr/bin/env", `PATH=${bin}`, ...argv], options);
  return reachHost({ deps, session, fit, host: { ...host, run } });
}

it("a host with git and GNU's tools will do", async () => {
  expect(await reach()).toMatchObject({ kind: "done", detail: /^git version/ });
});

it("one that was found fit is not asked again, and one that was not is", async () => {
  await without("git");
  expect(await reach()).toMatchObject({ kind: "failed" });
  await symlink("/usr/bin/git", join(bin, "git"));
  expect(await reach()).toMatchObject({ kind: "done" });
  await without("git");
  expect(await reach()).toMatchObject({ kind: "done", detail: /^git version/ });
});

it.each<[string, () => Promise<void>, RegExp]>([
  ["no git", () => without("git"), /Git does not run on this host/],
  ["an old git", () => instead("git", "git version 2.30.2"), /has git version 2\.30\.2\. Trellis needs git 2\.37/],
  ["no shell", () => without("sh"), /`sh` does not run on this host/],
  ["no realpath", () => without("realpath"), /has no `realpath`\. .*apk add coreutils findutils/],
  [
    "tools of busybox",
    async () => {
      await instead("mv", "BusyBox v1.36.1 () multi-call binary.");
      await instead("stat", "stat: unrecognized option: version");
    },
    /has another `mv`, `stat` than GNU's/,
  ],
])("a host with %s is refused in words that say what to do", async (_, change, words) => {
  await change();
  expect(await reach()).toMatchObject({ kind: "failed", reason: words });
});

it("one that is on its way up, or about to be, is waited for with what is being waited for", async () => {
  host.comesUp = false;
  host.setState({ kind: "suspended", since: new Date() });
  expect(await reach()).toMatchObject({ kind: "wait", detail: "Starting the container" });
  host.setState({ kind: "starting", since: new Date(), detail: "Pulling", trouble: "No such image." });
  expect(await reach()).toMatchObject({ kind: "wait", detail: "No such image." });
});
