import { homedir } from "node:os";
import path from "node:path";
import { z } from "zod";

export type Environment = Record<string, string | undefined>;

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
  TRELLIS_LOG_LEVEL: z
    .enum(["fatal", "error", "warn", "info", "debug", "trace", "silent"], {
      error: "must be one of fatal, error, warn, info, debug, trace, silent",
    })
    .default("info"),
  NODE_ENV: z.string().optional(),
});

/** Called once, by `main`: nothing else in the program reads the environment. An empty variable counts as not set. */
export function readConfig(env: Environment): ConfigReading {
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ""));
  const parsed = schema.safeParse(set);
  if (!parsed.success)
    return { ok: false, problems: parsed.error.issues.map((issue) => `${issue.path.join(".")} ${issue.message}`) };
  const read = parsed.data;
  const dataDir = read.TRELLIS_DATA_DIR ?? path.join(dataHome(read.XDG_DATA_HOME), "trellis");
  return {
    ok: true,
    config: {
      host: read.TRELLIS_HOST,
      port: read.TRELLIS_PORT,
      url: read.TRELLIS_URL ?? null,
      dataDir,
      databaseUrl: read.DATABASE_URL ?? `file:${path.join(dataDir, "trellis.db")}`,
      secretKey: read.TRELLIS_SECRET_KEY ?? null,
      signInLink: read.TRELLIS_SIGN_IN_LINK === "on",
      pollSeconds: read.TRELLIS_POLL_SECONDS,
      terminalLogBytes: read.TRELLIS_TERMINAL_LOG_MIB * 1024 * 1024,
      logLevel: read.TRELLIS_LOG_LEVEL,
      dev: read.NODE_ENV !== "production",
    },
  };
}

/** The XDG rule: a value that is not absolute is to be ignored. */
function dataHome(xdg: string | undefined): string {
  return xdg !== undefined && path.isAbsolute(xdg) ? xdg : path.join(homedir(), ".local", "share");
}
