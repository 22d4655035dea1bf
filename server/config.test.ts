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
      localHost: true,
      cluster: null,
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
      TRELLIS_LOCAL_HOST: "maybe",
      TRELLIS_NAMESPACE: "Trellis!",
      TRELLIS_WORKSPACE_IMAGE: "an image",
      TRELLIS_STORAGE_CLASS: "-fast",
      TRELLIS_STORAGE_SIZE: "much",
    });
    expect(problems.map((problem) => problem.split(" ")[0]).sort()).toEqual([
      "DATABASE_URL",
      "TRELLIS_DATA_DIR",
      "TRELLIS_LOCAL_HOST",
      "TRELLIS_LOG_LEVEL",
      "TRELLIS_NAMESPACE",
      "TRELLIS_POLL_SECONDS",
      "TRELLIS_PORT",
      "TRELLIS_SECRET_KEY",
      "TRELLIS_SIGN_IN_LINK",
      "TRELLIS_STORAGE_CLASS",
      "TRELLIS_STORAGE_SIZE",
      "TRELLIS_TERMINAL_LOG_MIB",
      "TRELLIS_URL",
      "TRELLIS_WORKSPACE_IMAGE",
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

  test("a kubeconfig names a cluster, there or not, and the rest of it has defaults", () => {
    const { cluster } = configOf({ KUBECONFIG: "/no/such/file" });
    expect(cluster).toEqual({
      kubeconfig: "/no/such/file",
      namespace: "trellis",
      workspaceImage: expect.stringMatching(/^trellis-workspace:\d/),
      trellisImage: expect.stringMatching(/^trellis:\d/),
      imagePullSecrets: [],
      storageClass: null,
      storageSize: "20Gi",
    });
  });

  test("secrets to pull with are names, with a comma between", () => {
    const pull = (names: string) => ({ KUBECONFIG: "/kubeconfig", TRELLIS_IMAGE_PULL_SECRETS: names });
    expect(configOf(pull("one, two.three")).cluster?.imagePullSecrets).toEqual(["one", "two.three"]);
    for (const names of ["One", "one,", "one two", "one/two"])
      expect(problemsOf(pull(names))).toEqual([expect.stringMatching(/^TRELLIS_IMAGE_PULL_SECRETS must be names/)]);
  });

  test("a pod has its cluster only where it has an account there", () => {
    const inPod = { KUBERNETES_SERVICE_HOST: "10.0.0.1", TRELLIS_LOCAL_HOST: "off" };
    const reading = (isThere: boolean) => readConfig(inPod, () => isThere);
    expect(reading(true)).toMatchObject({ ok: true, config: { localHost: false, cluster: { kubeconfig: null } } });
    expect(reading(false)).toMatchObject({ ok: false, problems: [expect.stringContaining("TRELLIS_LOCAL_HOST")] });
  });

  test.each(["name", "name:1", "localhost/a/b:c", "host.test:5000/a@sha256:".concat("0".repeat(64))])(
    "%s is an image",
    (image) => expect(problemsOf({ TRELLIS_WORKSPACE_IMAGE: image })).toEqual([]),
  );
});
