import { z } from "zod";
import { AppError } from "../../domain/app-error";

const withCode = z.object({ code: z.string().optional(), message: z.string() });

/** Why this PostgreSQL cannot be used, and what to do; never says the password. What nobody foresaw stays as it is. */
export function explainPostgres(url: string, error: unknown): unknown {
  const where = place(url);
  if (AppError.is(error)) {
    const message = `the database ${where.database} at ${where.server}: ${error.message}`;
    return new AppError(error.code, message, { cause: error });
  }
  const read = withCode.safeParse(firstOf(error));
  const told = read.success ? reason(where, read.data) : null;
  return told === null ? error : new AppError("unavailable", told, { cause: error });
}

type Place = { server: string; database: string; user: string };

function reason({ server, database, user }: Place, { code, message }: z.infer<typeof withCode>): string | null {
  switch (code) {
    case "ECONNREFUSED":
    case "ENOTFOUND":
    case "EAI_AGAIN":
    case "ETIMEDOUT":
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "ECONNRESET":
    case "ENOENT":
      return `PostgreSQL at ${server} cannot be reached (${code}): start it, or correct DATABASE_URL`;
    case "57P03":
      return `PostgreSQL at ${server} is starting or stopping: try again when it is up`;
    case "28P01":
    case "28000":
      return `PostgreSQL at ${server} refuses the user ${user}: correct the user or the password in DATABASE_URL`;
    case "3D000":
      return `PostgreSQL at ${server} has no database ${database}: make it (createdb ${database}), or correct DATABASE_URL`;
    case "42501":
      return `the user ${user} may not make tables in ${database} at ${server} (${message}): give them the right`;
    case "55P03":
      return `another program has been migrating ${database} at ${server} for a minute: wait for it, or stop it`;
    default:
      if (code !== undefined) return `the database ${database} at ${server}: ${message}`;
      return /timeout/i.test(message)
        ? `PostgreSQL at ${server} does not answer (${message}): look whether it is up and reachable`
        : null;
  }
}

/** A host name with several addresses fails with all their errors together. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

function place(url: string): Place {
  if (!URL.canParse(url)) return { server: "an address that cannot be read", database: "?", user: "?" };
  const { host, pathname, username } = new URL(url);
  return {
    server: host === "" ? "its local socket" : host,
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
  };
}
