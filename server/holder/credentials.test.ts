import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createConnection } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Credentials } from "./credentials";
import { TestHolder, type TestLink } from "./testing/test-holder";

const ada = { origin: "https://forge.example:8443", username: "ada", password: "s3cret=with equals" };

function asked(lines: Record<string, string>): Map<string, string> {
  return new Map(Object.entries(lines));
}

describe("what a repository signs in with", () => {
  const git = { op: "get", repository: "r1", protocol: "https", host: "forge.example:8443" };
  const credentials = new Credentials();
  credentials.keep("r1", [ada]);

  test("goes to its own origin, for this repository, under its own name only", () => {
    expect(credentials.answer(asked(git))).toEqual({ username: "ada", password: ada.password });
    expect(credentials.answer(asked({ ...git, username: "ada" }))).not.toBeNull();
    const others = [
      { host: "forge.example" },
      { host: "forge.example:8443.evil.example" },
      { protocol: "http" },
      { repository: "r2" },
      { username: "eve" },
      { op: "erase" },
    ];
    for (const other of others) expect(credentials.answer(asked({ ...git, ...other }))).toBeNull();
  });

  test("is the port that the scheme means, and is gone once there is none", () => {
    const some = new Credentials();
    some.keep("r", [{ ...ada, origin: "https://forge.example" }]);
    const wanted = asked({ op: "get", repository: "r", protocol: "https", host: "forge.example:443" });
    expect(some.answer(wanted)).not.toBeNull();
    some.keep("r", []);
    expect(some.answer(wanted)).toBeNull();
  });

  test("a forge's tool gets what is of its forge, and what nobody knows to be of another", () => {
    const tool = (name: string) => credentials.answer(asked({ op: "tool", tool: name }));
    expect(tool("gh")).toEqual({ origin: ada.origin, host: "forge.example:8443", password: ada.password });
    const hub = new Credentials();
    hub.keep("r", [{ ...ada, origin: "https://github.com" }]);
    expect(hub.answer(asked({ op: "tool", tool: "gh" }))).toMatchObject({ host: "github.com" });
    expect(hub.answer(asked({ op: "tool", tool: "glab" }))).toBeNull();
  });
});

describe("the socket that git's helper asks", () => {
  let holder: TestHolder;
  let link: TestLink;
  const home = mkdtempSync(join(tmpdir(), "keys-"));
  const path = join(home, "sign-in.sock");
  beforeAll(async () => {
    holder = new TestHolder();
    await TestHolder.build(holder.program);
    await holder.start({}, ["--credentials", path]);
    link = await holder.link();
    await link.ask({ op: "keep-credentials", repositoryId: "r1", credentials: [ada] });
  });
  afterAll(async () => {
    await holder.close();
    rmSync(home, { recursive: true });
  });

  const question = "op=get\nrepository=r1\nprotocol=https\nhost=forge.example:8443\n\n";
  const ask = (words: string) => {
    const socket = createConnection(path);
    socket.end(words);
    return text(socket);
  };

  test("is the owner's alone, and answers in git's own words", async () => {
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await ask(question)).toBe(`username=ada\npassword=${ada.password}\n`);
    expect(await ask("op=get\nrepository=other\n\n")).toBe("");
    expect(await ask("nonsense")).toBe("");
  });

  test("gives nothing more once the repository has nothing", async () => {
    await link.ask({ op: "keep-credentials", repositoryId: "r2", credentials: [ada] });
    const other = question.replace("r1", "r2");
    expect(await ask(other)).not.toBe("");
    await link.ask({ op: "keep-credentials", repositoryId: "r2", credentials: [] });
    expect(await ask(other)).toBe("");
  });

  test("a value that would be a second line is refused", async () => {
    const credentials = [{ ...ada, password: "one\nhost=evil.example" }];
    await expect(link.ask({ op: "keep-credentials", repositoryId: "r1", credentials })).rejects.toThrow("invalid");
  });

  test("[I7] git signs in through the helper, and the secret stands in no file and no command line", async () => {
    const program = join(holder.program, "git-credential.mjs");
    const helper = `!'${process.execPath}' '${program}' '${path}' 'r1'`;
    const config = ["-c", "credential.helper=", "-c", `credential.${ada.origin}.helper=${helper}`];
    const filled = await link.run(["git", ...config, "credential", "fill"], {
      input: "protocol=https\nhost=forge.example:8443\n\n",
      env: { PATH: process.env["PATH"] ?? "", HOME: home, GIT_TERMINAL_PROMPT: "0" },
    });
    expect(filled.stdout.toString()).toContain(`password=${ada.password}\n`);
    const names = readdirSync(holder.dir, { recursive: true, encoding: "utf8" }).map((name) => join(holder.dir, name));
    for (const file of names.filter((name) => statSync(name).isFile())) {
      expect(readFileSync(file, "latin1")).not.toContain(ada.password);
    }
  });
});
