import { randomUUID } from "node:crypto";
import { isAbsolute, join } from "node:path/posix";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Host } from "./host";

export type HostFixture = {
  host: Host;
  /** Starts a program that carries the session's mark. */
  start(sessionId: string, argv: string[]): Promise<void>;
  close(): Promise<void>;
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

/** Asked of the host itself: it may be another machine. */
const isAlive = async (host: Host, pid: number) => (await host.run(["sh", "-c", "kill -0 $0", `${pid}`])).code === 0;
const isThere = async (host: Host, path: string) => (await host.run(["test", "-e", path])).code === 0;

/** What every Host keeps to; run over each adapter and over the fake. The commands are real ones of a Linux. */
export function hostContract(name: string, open: () => Promise<HostFixture>): void {
  describe(`${name} keeps the contract of a host`, () => {
    let fixture: HostFixture;
    let host: Host;
    beforeAll(async () => {
      vi.stubEnv("TRELLIS_SECRET_KEY", "secret");
      vi.stubEnv("NODE_ENV", "test");
      fixture = await open();
      host = fixture.host;
    });
    afterAll(async () => {
      await fixture?.close();
      vi.unstubAllEnvs();
    });

    commands(() => host);
    endings(() => host);
    credentials(() => host);
    standing(() => host);
    programs(
      () => host,
      (sessionId, argv) => fixture.start(sessionId, argv),
    );
  });
}

function commands(host: () => Host): void {
  test("a command's code and its two streams come apart", async () => {
    const result = await host().run(["sh", "-c", "printf out; printf err >&2; exit 3"]);
    expect(result).toMatchObject({ code: 3, signal: null });
    expect([text(result.stdout), text(result.stderr)]).toEqual(["out", "err"]);
  });

  test("input arrives byte for byte, and ends", async () => {
    const input = Uint8Array.from({ length: 300_000 }, (_, index) => (index * 7) % 256);
    const result = await host().run(["cat"], { input });
    expect(Buffer.compare(result.stdout, input)).toBe(0);
  });

  test("without input a command reads an end at once", async () => {
    expect(await host().run(["cat"])).toMatchObject({ code: 0 });
  });

  test("input that nobody reads is no failure", async () => {
    expect(await host().run(["true"], { input: new Uint8Array(2_000_000) })).toMatchObject({ code: 0 });
  });

  test("a command runs where it is told to", async () => {
    const cwd = host().paths().worktrees;
    expect(text((await host().run(["pwd"], { cwd })).stdout).trim()).toBe(cwd);
  });

  test("a directory that is not there is said, and nothing runs", async () => {
    const result = await host().run(["true"], { cwd: "/no/such/directory" });
    expect(result.code).toBe(127);
    expect(text(result.stderr)).toContain("/no/such/directory");
  });

  test("the environment is the login's and the caller's, and nothing of the server's", async () => {
    const result = await host().run(["env"], { env: { WORD: "ünïcode with spaces" } });
    const lines = text(result.stdout).split("\n");
    expect(lines).toContain("WORD=ünïcode with spaces");
    expect(lines.filter((line) => line.startsWith("PATH="))).toHaveLength(1);
    expect(
      lines.filter((line) => /^(TRELLIS_SECRET_KEY|NODE_ENV|npm_(lifecycle|package|command|execpath))/.test(line)),
    ).toEqual([]);
  });

  test("arguments are data: no shell reads them", async () => {
    const argument = "$HOME; `id` * && 'x' \"y\" \n -- \\";
    expect(text((await host().run(["printf", "%s", argument])).stdout)).toBe(argument);
  });

  test("a program that is not there is code 127, with the reason", async () => {
    const result = await host().run(["no-such-program-anywhere"]);
    expect(result).toMatchObject({ code: 127, signal: null });
    expect(text(result.stderr)).toContain("no-such-program-anywhere");
  });

  test("large output is whole", async () => {
    const result = await host().run(["sh", "-c", "seq 1 400000; seq 1 400000 >&2"]);
    const expected = Array.from({ length: 400_000 }, (_, index) => `${index + 1}\n`).join("");
    expect(text(result.stdout) === expected && text(result.stderr) === expected).toBe(true);
  });

  test("output beyond the bound loses its middle, and that is said", async () => {
    const { stdout } = await host().run(["seq", "1", "100000"], { maxOutputBytes: 1_000 });
    expect(text(stdout)).toMatch(/^1\n2\n.*bytes left out.*\n99999\n100000\n$/s);
    expect(stdout.length).toBeLessThan(1_100);
  });

  test("output is told while the command runs", async () => {
    const flag = join(host().paths().uploads, "go-on");
    const seen: string[] = [];
    let told: Promise<unknown> | null = null;
    const result = await host().run(["sh", "-c", `printf one; until [ -e "$FLAG" ]; do sleep 0.02; done; printf two`], {
      env: { FLAG: flag },
      onOutput: (stream, bytes) => {
        seen.push(`${stream}:${text(bytes)}`);
        told ??= host().run(["touch", flag]);
      },
    });
    expect(seen).toEqual(["stdout:one", "stdout:two"]);
    expect(text(result.stdout)).toBe("onetwo");
    await told;
  });

  test("commands run side by side and keep their output apart", async () => {
    const numbers = Array.from({ length: 20 }, (_, index) => String(index));
    const results = await Promise.all(numbers.map((number) => host().run(["echo", number])));
    expect(results.map((result) => text(result.stdout).trim())).toEqual(numbers);
  });

  test("its directories are absolute, are there, and are the owner's alone", async () => {
    for (const path of Object.values(host().paths())) {
      expect(isAbsolute(path)).toBe(true);
      const mode = text((await host().run(["stat", "-c", "%a", path])).stdout);
      expect(Number.parseInt(mode, 8) & 0o777).toBe(0o700);
    }
  });

  test("it says that it can be reached", () => {
    expect(host().state().kind).toBe("reachable");
  });
}

function endings(host: () => Host): void {
  test("a signal that ends a command is told, and the code is null", async () => {
    expect(await host().run(["sh", "-c", "kill -9 $$"])).toMatchObject({ code: null, signal: "SIGKILL" });
  });

  test("a command that takes too long is ended with all it started, and is no success", async () => {
    // A busy host may not even have begun it in so little time: then it is given more.
    let child = 0;
    for (let timeoutMs = 500; child === 0; timeoutMs *= 2) {
      const argv = ["sh", "-c", "trap 'exit 0' TERM; sleep 600 & echo $!; wait"];
      const result = await host().run(argv, { timeoutMs });
      expect(result.code).toBeNull();
      expect(text(result.stderr)).toContain(`longer than ${timeoutMs} ms`);
      child = Number(text(result.stdout));
    }
    await vi.waitFor(async () => expect(await isAlive(host(), child)).toBe(false));
  });

  test("an abort ends the command before it rejects", async () => {
    const abort = new AbortController();
    let pid = 0;
    const run = host().run(["sh", "-c", "echo $$; exec sleep 600"], {
      signal: abort.signal,
      onOutput: (_, bytes) => {
        pid = Number(text(bytes));
        abort.abort(new Error("not wanted any more"));
      },
    });
    await expect(run).rejects.toThrow("not wanted any more");
    expect(pid).toBeGreaterThan(0);
    expect(await isAlive(host(), pid)).toBe(false);
  });

  test("what is aborted before it starts never starts", async () => {
    const flag = join(host().paths().uploads, "started");
    await expect(host().run(["touch", flag], { signal: AbortSignal.abort(new Error("too late")) })).rejects.toThrow(
      "too late",
    );
    expect(await isThere(host(), flag)).toBe(false);
  });
}

// Marks are looked for on all of the machine: those of another test that runs beside this one are not these.
function programs(host: () => Host, start: HostFixture["start"]): void {
  test("what runs with a session's mark is listed, and nobody else's", async () => {
    const listed = randomUUID();
    await start(listed, ["sleep", "611"]);
    await vi.waitFor(async () => {
      const [program] = await host().programs(listed);
      expect(program?.command).toContain("sleep 611");
      expect(await isAlive(host(), program?.pid ?? 0)).toBe(true);
    });
    expect(await host().programs(randomUUID())).toEqual([]);
  });

  test("stopping ends what carries the mark, and only that", async () => {
    const [stopped, kept] = [randomUUID(), randomUUID()];
    await start(stopped, ["sleep", "612"]);
    await start(kept, ["sleep", "613"]);
    await vi.waitFor(async () => {
      expect(await host().programs(stopped)).toHaveLength(1);
      expect(await host().programs(kept)).toHaveLength(1);
    });
    const [program] = await host().programs(stopped);
    expect(await host().stopPrograms(stopped, 5_000)).toEqual([]);
    // Ended, and there until it is reaped.
    await vi.waitFor(async () => expect(await isAlive(host(), program?.pid ?? 0)).toBe(false));
    expect(await host().programs(kept)).toHaveLength(1);
  });

  test("a program that ignores TERM is killed after the grace", async () => {
    const deaf = randomUUID();
    await start(deaf, ["sh", "-c", "trap '' TERM; while :; do sleep 0.1; done"]);
    await vi.waitFor(async () => expect(await host().programs(deaf)).not.toEqual([]));
    expect(await host().stopPrograms(deaf, 100)).toEqual([]);
    expect(await host().programs(deaf)).toEqual([]);
  });
}

function credentials(host: () => Host): void {
  const origin = "https://forge.example";
  /** As git asks in a worktree, but for the person's own helpers. */
  const fill = async (repositoryId: string, asked: string) => {
    const helper = `credential.${origin}.helper=${host().credentialHelper(repositoryId)}`;
    const argv = ["git", "-c", "credential.helper=", "-c", helper, "credential", "fill"];
    const env = { GIT_TERMINAL_PROMPT: "0", GIT_ASKPASS: "", GIT_CONFIG_GLOBAL: "/dev/null" };
    const input = new TextEncoder().encode(`url=${asked}\n\n`);
    return text((await host().run(argv, { input, env })).stdout);
  };

  test("[I7] what is kept is given to git for its own repository and origin, until another takes its place or it is forgotten", async () => {
    const kept = (password: string) => [{ origin, username: "ada", password }];
    await host().keepCredentials("repository-1", kept("first secret"));
    expect(await fill("repository-1", `${origin}/acme/shop.git`)).toContain("username=ada\npassword=first secret\n");
    expect(await fill("repository-1", "https://elsewhere.example/acme/shop.git")).not.toContain("secret");
    expect(await fill("repository-2", `${origin}/acme/shop.git`)).not.toContain("secret");
    await host().keepCredentials("repository-1", kept("second secret"));
    expect(await fill("repository-1", `${origin}/a`)).toContain("password=second secret\n");
    await host().keepCredentials("repository-1", []);
    expect(await fill("repository-1", `${origin}/a`)).not.toContain("secret");
  });
}

function standing(host: () => Host): void {
  test("waking one that is up, and telling it of settings, disturbs nothing that runs there", async () => {
    const began: string[] = [];
    const running = host().run(["sh", "-c", "echo began; read line; echo $line"], {
      onOutput: (_, bytes) => began.push(text(bytes)),
      input: new TextEncoder().encode("over\n"),
    });
    host().wake();
    host().settingsChanged();
    expect(text((await running).stdout)).toBe("began\nover\n");
    expect(host().state().kind).toBe("reachable");
    expect(host().facts()).toMatchObject({ pending: [] });
  });
}
