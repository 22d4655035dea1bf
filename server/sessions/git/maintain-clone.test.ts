import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import {
  ada,
  createGround,
  type Ground,
  git,
  makeOrigin,
  openRoom,
  phaseOfBecomes,
  type Room,
} from "../testing/session-room";
import { maintainClone } from "./maintain-clone";

let ground: Ground;
let room: Room;

beforeEach(async () => {
  ground = await createGround();
  room = openRoom(ground);
});

afterEach(async () => {
  await room.kill();
  await ground.close();
  expect(ground.errors).toEqual([]);
});

it("[I8] packing a clone keeps what only a rescue ref, an index, a reflog or nothing at all holds", async () => {
  const origin = await makeOrigin(ground.root);
  const repository = await room.repositories.add(ada, { cloneUrl: origin });
  const { session } = await room.sessions.create(ada, { repositoryId: repository.id });
  const path = (await phaseOfBecomes(room, session.id, "active")).worktree?.path ?? "";
  const queue = room.clones.queue(repository);

  await git(path, "commit", "--quiet", "--allow-empty", "-m", "rescued");
  const rescued = await git(path, "rev-parse", "HEAD");
  await git(path, "update-ref", "refs/trellis/rescue/x/head", rescued);
  await git(path, "commit", "--quiet", "--amend", "--allow-empty", "-m", "amended");
  const amended = await git(path, "rev-parse", "HEAD");
  await git(path, "reset", "--quiet", "--hard", "HEAD~1");
  await writeFile(join(path, "staged"), "staged\n");
  await git(path, "add", "staged");
  const staged = await git(path, "rev-parse", ":staged");
  const many = join(ground.root, "many");
  await mkdir(many);
  const files = Array.from({ length: 3_100 }, (_, index) => join(many, String(index)));
  for (const file of files) await writeFile(file, file);
  await writeFile(join(ground.root, "list"), files.join("\n"));
  const list = await ground.host.run(
    ["sh", "-c", 'git hash-object -w --stdin-paths < "$1"', "sh", join(ground.root, "list")],
    {
      cwd: queue.path,
    },
  );
  const unreached = new TextDecoder().decode(list.stdout).split("\n")[0] ?? "";

  await maintainClone(room.deps, repository, queue);
  expect(await git(queue.path, "count-objects", "-v")).toContain("packs: 1");
  for (const object of [rescued, amended, staged, unreached]) await git(queue.path, "cat-file", "-e", object);
  expect(await git(path, "status", "--porcelain")).toBe("A  staged");
});
