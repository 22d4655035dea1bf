import { existsSync } from "node:fs";
import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { version } from "../package.json";

export type Environment = Record<string, string | undefined>;

/** Where repo pods are made, and what they are made of when a repository does not say. */
export type ClusterConfig = {
  /** Null: from inside a pod of the cluster. As `kubectl` has it, several paths may stand in it. */
  kubeconfig: string | null;
  namespace: string;
  workspaceImage: string;
  /** This server's own: it brings what an image of somebody else lacks. */
  trellisImage: string;
  /** Names of secrets that are in the namespace: what pods pull their images with. */
  imagePullSecrets: string[];
  /** Null is the cluster's own default. */
  storageClass: string | null;
  storageSize: string;
};

export type Config = {
  host: string;
  /** 0 picks a free one. */
  port: number;
  /** The origin that browsers use; null follows from the address listened on. */
  url: string | null;
  dataDir: string;
  databaseUrl: string;
  /** Null is made in the data directory. */
  secretKey: Buffer | null;
  signInLink: boolean;
  pollSeconds: number;
  terminalLogBytes: number;
  /** Whether repositories may live on this machine. */
  localHost: boolean;
  /** Null where this server was given no cluster. */
  cluster: ClusterConfig | null;
  logLevel: "fatal" | "error" | "warn" | "info" | "debug" | "trace" | "silent";
  /** Pages are compiled as they are asked for, and reload themselves. */
  dev: boolean;
};

/** `problems` has every bad setting, not only the first. */
export type ConfigReading = { ok: true; config: Config } | { ok: false; problems: string[] };

const wholeNumber = (from: number, to: number) =>
  z
    .string()
    .regex(/^\d{1,9}$/, `must be a whole number from ${from} to ${to}`)
    .transform(Number)
    .refine((value) => value >= from && value <= to, `must be a whole number from ${from} to ${to}`);

/** What every pod with an account at its cluster has. */
const podToken = "/var/run/secrets/kubernetes.io/serviceaccount/token";

const label = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;
const objectName = /^[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?$/;
const quantity = /^[1-9]\d{0,8}(\.\d{1,3})?(k|M|G|T|P|Ki|Mi|Gi|Ti|Pi)?$/;

const image = z
  .string()
  .regex(/^[\w.-]+(:\d+)?(\/[\w.-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?$/, "must be an image such as name:tag");

const schema = z.object({
  TRELLIS_HOST: z
    .string()
    .regex(/^[A-Za-z0-9.:_-]+$/, "must be a host name or an address to listen on")
    .default("127.0.0.1"),
  TRELLIS_PORT: wholeNumber(0, 65_535).default(3000),
  TRELLIS_URL: z
    .string()
    .transform((text, context) => {
      const url = URL.canParse(text) ? new URL(text) : null;
      if (url && /^https?:$/.test(url.protocol) && url.pathname === "/" && !url.search && !url.hash && !url.username)
        return url.origin;
      context.addIssue("must be an origin such as https://trellis.example.com, without a path");
      return z.NEVER;
    })
    .optional(),
  TRELLIS_DATA_DIR: z.string().refine(path.isAbsolute, "must be an absolute path").optional(),
  XDG_DATA_HOME: z.string().optional(),
  DATABASE_URL: z
    .string()
    // The value may carry a password: it is never repeated in the message.
    .refine((url) => /^(file:.+|postgres(ql)?:\/\/.+)$/.test(url), "must begin with file: or postgresql://")
    .optional(),
  TRELLIS_SECRET_KEY: z
    .string()
    .refine(
      (key) => /^[A-Za-z0-9+/]{43}=$/.test(key) && Buffer.from(key, "base64").length === 32,
      "must be 32 bytes in base64 (openssl rand -base64 32)",
    )
    .transform((key) => Buffer.from(key, "base64"))
    .optional(),
  TRELLIS_SIGN_IN_LINK: z.enum(["on", "off"], "must be on or off").default("on"),
  TRELLIS_POLL_SECONDS: wholeNumber(5, 86_400).default(60),
  TRELLIS_TERMINAL_LOG_MIB: wholeNumber(2, 1024).default(64),
  TRELLIS_LOCAL_HOST: z.enum(["on", "off"], "must be on or off").default("on"),
  KUBECONFIG: z.string().optional(),
  KUBERNETES_SERVICE_HOST: z.string().optional(),
  TRELLIS_NAMESPACE: z
    .string()
    .regex(label, "must be a namespace's name: at most 63 of a-z, 0-9 and -")
    .default("trellis"),
  TRELLIS_WORKSPACE_IMAGE: image.default(`trellis-workspace:${version}`),
  TRELLIS_IMAGE: image.default(`trellis:${version}`),
  TRELLIS_IMAGE_PULL_SECRETS: z
    .string()
    .default("")
    .transform((names) => (names === "" ? [] : names.split(",").map((name) => name.trim())))
    .refine((names) => names.every((name) => objectName.test(name)), "must be names of secrets with a comma between"),
  TRELLIS_STORAGE_CLASS: z.string().regex(objectName, "must be the name of a storage class").optional(),
  TRELLIS_STORAGE_SIZE: z.string().regex(quantity, "must be a size such as 20Gi").default("20Gi"),
  TRELLIS_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    })
    .default("info"),
  NODE_ENV: z.string().optional(),
});

type Settings = z.infer<typeof schema>;

/**
 * Called once, by `main`: nothing else in the program reads the environment. An empty variable counts as not set.
 * A cluster that is named and cannot be reached, or a kubeconfig that is not there, is no bad setting: its host says so.
 */
export function readConfig(env: Environment, isThere: (file: string) => boolean = existsSync): ConfigReading {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(set);
  const problems = parsed.error?.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) ?? [];
  if (!parsed.success) return { ok: false, problems };
  const config = configOf(parsed.data, isThere);
  return config.localHost || config.cluster ? { ok: true, config } : { ok: false, problems: [noHost] };
}

const noHost = "TRELLIS_LOCAL_HOST is off and no cluster is named, so that there is no host: set KUBECONFIG";

function configOf(read: Settings, isThere: (file: string) => boolean): Config {
  const dataDir = read.TRELLIS_DATA_DIR ?? path.join(dataHome(read.XDG_DATA_HOME), "trellis");
  return {
    host: read.TRELLIS_HOST,
    port: read.TRELLIS_PORT,
    url: read.TRELLIS_URL ?? null,
    dataDir,
    databaseUrl: read.DATABASE_URL ?? `file:${path.join(dataDir, "trellis.db")}`,
    secretKey: read.TRELLIS_SECRET_KEY ?? null,
    signInLink: read.TRELLIS_SIGN_IN_LINK === "on",
    pollSeconds: read.TRELLIS_POLL_SECONDS,
    terminalLogBytes: read.TRELLIS_TERMINAL_LOG_MIB * 1024 * 1024,
    localHost: read.TRELLIS_LOCAL_HOST === "on",
    cluster: clusterOf(read, isThere),
    logLevel: read.TRELLIS_LOG_LEVEL,
    dev: read.NODE_ENV !== "production",
  };
}

function clusterOf(read: Settings, isThere: (file: string) => boolean): ClusterConfig | null {
  const inside = read.KUBERNETES_SERVICE_HOST !== undefined && isThere(podToken);
  if (read.KUBECONFIG === undefined && !inside) return null;
  return {
    kubeconfig: read.KUBECONFIG ?? null,
    namespace: read.TRELLIS_NAMESPACE,
    workspaceImage: read.TRELLIS_WORKSPACE_IMAGE,
    trellisImage: read.TRELLIS_IMAGE,
    imagePullSecrets: read.TRELLIS_IMAGE_PULL_SECRETS,
    storageClass: read.TRELLIS_STORAGE_CLASS ?? null,
    storageSize: read.TRELLIS_STORAGE_SIZE,
  };
}

/** The XDG rule: a value that is not absolute is to be ignored. */
function dataHome(xdg: string | undefined): string {
  return xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(homedir(), ".local", "share");
}
