import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { findMemoryGroup } from "./memory-group";

let files: string;
beforeEach(() => {
  files = mkdtempSync(join(tmpdir(), "groups-"));
});
afterEach(() => rmSync(files, { recursive: true }));

function write(dir: string, content: Record<string, string>): void {
  mkdirSync(join(files, dir), { recursive: true });
  for (const [name, text] of Object.entries(content)) writeFileSync(join(files, dir, name), text);
}

test("version 2: the limit, the kills, and whether all go together", () => {
  write("user.slice/own", {
    "memory.events": "low 0\noom 3\noom_kill 2\noom_group_kill 0\n",
    "memory.max": "1048576\n",
    "memory.oom.group": "1\n",
  });
  const group = findMemoryGroup(files, "0::/user.slice/own\n");
  expect(group?.kills()).toBe(2);
  expect(group?.facts()).toEqual({ limitBytes: 1_048_576, endsTogether: true });
  write("user.slice/own", { "memory.max": "max\n", "memory.oom.group": "0\n" });
  expect(group?.facts()).toEqual({ limitBytes: null, endsTogether: false });
});

test("version 1, as a container sees it: its own group at the root, under the host's path", () => {
  write("memory", {
    "memory.oom_control": "oom_kill_disable 0\nunder_oom 0\noom_kill 4\n",
    "memory.limit_in_bytes": "9223372036854771712\n",
  });
  const group = findMemoryGroup(files, "4:memory:/kubepods/pod1/own\n0::/kubepods/pod1/own\n");
  expect(group?.kills()).toBe(4);
  expect(group?.facts()).toEqual({ limitBytes: null, endsTogether: false });
});

test("[I1] where nothing counts memory, nothing is said of it", () => {
  expect(findMemoryGroup(files, "")).toBeNull();
});
