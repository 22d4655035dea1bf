import { z } from "zod";

const withCode = z.object({ code: z.string().optional(), message: z.string() });

/** Why this PostgreSQL cannot be used, and what to do. Never says the password. */
export function explainPostgres(url: string, error: unknown): Error {
  const read = withCode.safeParse(firstOf(error));
  const { code, message } = read.success ? read.data : { code: undefined, message: String(error) };
  return new Error(reason(place(url), code, message), { cause: error });
}

function reason(where: { server: string; database: string; user: string }, code: string | undefined, message: string) {
  const { server, database, user } = where;
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
      return code === undefined && /timeout/i.test(message)
        ? `PostgreSQL at ${server} does not answer (${message}): look whether it is up and reachable`
        : `the database ${database} at ${server}: ${message}`;
  }
}

/** A host name with several addresses fails with all their errors together. */
function firstOf(error: unknown): unknown {
  return error instanceof AggregateError ? (error.errors[0] ?? error) : error;
}

function place(url: string): { server: string; database: string; user: string } {
  if (!URL.canParse(url)) return { server: "an address that cannot be read", database: "?", user: "?" };
  const { host, pathname, username } = new URL(url);
  return {
    server: host === "" ? "its local socket" : host,
    database: decodeURIComponent(pathname.slice(1)),
    user: decodeURIComponent(username),
  };
}
