import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { Session } from "../../domain/session";
import { createEndingWorld, type EndingWorld, git } from "../ending/testing/ending-world";
import { branchWork } from "./branch-work";

let world: EndingWorld;
let session: Session;
let path: string;
beforeEach(async () => {
  world = await createEndingWorld();
  ({ session, path } = await world.addSession("aaaaaaaa"));
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.close();
});

async function commit(name: string, text = `${name}\n`): Promise<void> {
  await mkdir(join(path, name, ".."), { recursive: true });
  await writeFile(join(path, name), text);
  await git(path, "add", "--", name);
  await git(path, "commit", "--quiet", "-m", name);
}
const look = (branch = session.branch) => branchWork(world.deps, session.id, { branch, base: "main" });

it("counts what the remote lacks of a branch, before its first push and after", async () => {
  await commit("a");
  await commit("b");
  expect(await look()).toMatchObject({ commits: [{ subject: "a" }, { subject: "b" }], isPushed: false, unpushed: 2 });
  await git(path, "push", "--quiet", "origin", session.branch);
  expect(await look()).toMatchObject({ isPushed: true, unpushed: 0, template: null });
  await commit("c");
  expect(await look()).toMatchObject({ isPushed: true, unpushed: 1 });
  expect(await look("nowhere")).toEqual({ commits: [], isPushed: false, unpushed: 0, template: null });
});

it("takes the repository's own form as the base has it, the one of the forge before others", async () => {
  await commit("docs/pull_request_template.md", "Why?\n");
  await git(path, "push", "--quiet", "origin", "HEAD:main");
  expect((await look())?.template).toBe("Why?");
  await commit(".github/PULL_REQUEST_TEMPLATE.md", "What?\n");
  expect((await look())?.template).toBe("Why?");
  await git(path, "push", "--quiet", "origin", "HEAD:main");
  expect((await look())?.template).toBe("What?");
});

it("[I1] is unknown while the host is away", async () => {
  await commit("a");
  world.host.setState({ kind: "suspended", since: new Date() });
  expect(await look()).toBeNull();
});
