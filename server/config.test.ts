import path from "node:path";
import { describe, expect, test } from "vitest";
import { type Config, readConfig } from "./config";

function configOf(env: Record<string, string>): Config {
  const reading = readConfig(env);
  if (!reading.ok) throw new Error(reading.problems.join("\n"));
  return reading.config;
}

function problemsOf(env: Record<string, string>): string[] {
  const reading = readConfig(env);
  return reading.ok ? [] : reading.problems;
}

describe("readConfig", () => {
  test("nothing set gives the contract's defaults", () => {
    expect(configOf({ XDG_DATA_HOME: "/x" })).toEqual({
      host: "127.0.0.1",
      port: 3000,
      url: null,
      dataDir: "/x/trellis",
      databaseUrl: "file:/x/trellis/trellis.db",
      secretKey: null,
      signInLink: true,
      pollSeconds: 60,
      terminalLogBytes: 64 * 1024 * 1024,
      logLevel: "info",
      dev: true,
    });
  });

  test("every problem is listed, each with the variable's name", () => {
    const problems = problemsOf({
      TRELLIS_PORT: "70000",
      TRELLIS_URL: "trellis.example.com/path",
      TRELLIS_DATA_DIR: "relative",
      DATABASE_URL: "mysql://root:hunter2@db/x",
      TRELLIS_SECRET_KEY: "short",
      TRELLIS_LOG_LEVEL: "loud",
      TRELLIS_SIGN_IN_LINK: "perhaps",
      TRELLIS_TERMINAL_LOG_MIB: "-1",
      TRELLIS_POLL_SECONDS: "soon",
    });
    expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      "DATABASE_URL",
      "TRELLIS_DATA_DIR",
      "TRELLIS_LOG_LEVEL",
      "TRELLIS_POLL_SECONDS",
      "TRELLIS_PORT",
      "TRELLIS_SECRET_KEY",
      "TRELLIS_SIGN_IN_LINK",
      "TRELLIS_TERMINAL_LOG_MIB",
      "TRELLIS_URL",
    ]);
    expect(problems.join()).not.toContain("hunter2");
  });

  test.each(["0x10", "1e3", "", " 80", "-1", "65536", "80.5"].filter((port) => port !== ""))(
    "the port %j is refused",
    (port) => expect(problemsOf({ TRELLIS_PORT: port })).toHaveLength(1),
  );

  test("port 0 is a port, and a URL is kept as its origin", () => {
    const config = configOf({ TRELLIS_PORT: "0", TRELLIS_URL: "https://Trellis.Example.com:443/" });
    expect(config.port).toBe(0);
    expect(config.url).toBe("https://trellis.example.com");
  });

  test("an empty variable counts as not set, and a relative XDG_DATA_HOME is ignored", () => {
    const config = configOf({ TRELLIS_PORT: "", XDG_DATA_HOME: "data" });
    expect(config.port).toBe(3000);
    expect(path.isAbsolute(config.dataDir)).toBe(true);
    expect(config.dataDir.endsWith("/.local/share/trellis")).toBe(true);
  });

  test("a secret key must be 32 bytes", () => {
    expect(configOf({ TRELLIS_SECRET_KEY: Buffer.alloc(32, 7).toString("base64") }).secretKey).toEqual(
      Buffer.alloc(32, 7),
    );
    expect(problemsOf({ TRELLIS_SECRET_KEY: Buffer.alloc(31).toString("base64") })).toHaveLength(1);
  });
});
