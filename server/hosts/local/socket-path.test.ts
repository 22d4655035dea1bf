import { chmod, mkdir, mkdtemp, rm, stat, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { ensureSocketDirectory, socketPath } from "./socket-path";

const places = { runtimeDir: "/run/user/1000", tempDir: "/tmp", uid: 1000 };
const long = `/home/${"deep/".repeat(30)}data`;
const uid = process.getuid?.() ?? 0;

describe("the path of the holder's socket", () => {
  test("lies in the data directory where it fits", () => {
    expect(socketPath("/home/ada/.local/share/trellis", places)).toBe(
      "/home/ada/.local/share/trellis/holder/holder.sock",
    );
  });

  test("lies in the user's runtime directory where it does not, one for each data directory", () => {
    expect(socketPath(long, places)).toMatch(/^\/run\/user\/1000\/trellis-[0-9a-f]{16}\/holder\.sock$/);
    expect(socketPath(`${long}-2`, places)).not.toBe(socketPath(long, places));
  });

  test("lies in the temporary directory where there is no other", () => {
    expect(socketPath(long, { ...places, runtimeDir: null })).toMatch(/^\/tmp\/trellis-1000-[0-9a-f]{16}\//);
    expect(socketPath(long, { ...places, runtimeDir: long })).toMatch(/^\/tmp\//);
  });

  test("counts bytes, not letters, and never gives a path that would be cut off", () => {
    expect(socketPath(`/home/${"ü".repeat(40)}`, places)).toMatch(/^\/run\//);
    expect(() => socketPath(long, { runtimeDir: null, tempDir: long, uid: 1 })).toThrow("too long");
  });
});

describe("the socket's directory", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "trellis-socket-"));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  test("is the user's alone, and making it twice is making it once", async () => {
    await ensureSocketDirectory(join(root, "a", "holder.sock"), uid);
    await ensureSocketDirectory(join(root, "a", "holder.sock"), uid);
    expect((await stat(join(root, "a"))).mode & 0o777).toBe(0o700);
  });

  test("is refused when others can enter it, when another user owns it, or when it is a link", async () => {
    await mkdir(join(root, "open"));
    await chmod(join(root, "open"), 0o755);
    await symlink("/", join(root, "link"));
    await mkdir(join(root, "theirs"), { mode: 0o700 });
    await expect(ensureSocketDirectory(join(root, "open", "s"), uid)).rejects.toThrow("yours alone");
    await expect(ensureSocketDirectory(join(root, "link", "s"), uid)).rejects.toThrow("yours alone");
    await expect(ensureSocketDirectory(join(root, "theirs", "s"), uid + 1)).rejects.toThrow("yours alone");
  });
});
