import { X509Certificate } from "node:crypto";
import { AppError } from "../../../domain/app-error";
import { ApiRefusal } from "./api-refusal";
import type { Place } from "./place";
import { ruleYaml } from "./rights";
import { TimeoutFailure } from "./timeout-failure";

/**
 * What a person is told when the cluster did not do what was asked: `unavailable` when nothing is known of the objects
 * asked about, `refused` when the API server decided against it. Not of the network or the API server, it is a bug and
 * comes back as it is.
 */
export function toAppError(error: unknown, place: Place): unknown {
  if (AppError.is(error)) return error;
  const at = `the cluster at ${place.server ?? "an unknown address"}`;
  const unavailable = (message: string) => new AppError("unavailable", message, { cause: error });
  if (error instanceof TimeoutFailure)
    return unavailable(
      `${at} did not answer within ${error.limitMs / 1000} s: see that it runs and can be reached from here`,
    );
  if (error instanceof ApiRefusal) return ofRefusal(error, at, place);
  const code = codeOf(error);
  const words = code === null ? undefined : (networkWords[code] ?? tlsWords(code, place));
  if (words === undefined) return error;
  return unavailable(`${at} ${words}`);
}

const networkWords: Record<string, string> = {
  ECONNREFUSED: "is not there (connection refused): see that it runs, and that the address is right",
  ECONNRESET: "cut the connection: it restarts, or something between here and there ended it",
  EPIPE: "cut the connection: it restarts, or something between here and there ended it",
  ENOTFOUND: "has a name that is not known (DNS): see that the address in the kubeconfig is right",
  EAI_AGAIN: "has a name that cannot be looked up now (DNS): see that the name server can be reached",
  EHOSTUNREACH: "cannot be reached (no route): see the network, or a VPN that is off",
  ENETUNREACH: "cannot be reached (no network): see the network, or a VPN that is off",
  ETIMEDOUT: "does not answer (timed out): see the network, or a VPN that is off",
  CERT_HAS_EXPIRED: "shows a certificate that has expired: renew it there",
  ERR_TLS_CERT_ALTNAME_INVALID:
    "shows a certificate for another name: use the name in it as the address, or set tls-server-name",
  ERR_INVALID_URL: "has an address that is none: write it as https://HOST:PORT",
};

const unknownAuthority = [
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "UNABLE_TO_GET_ISSUER_CERT",
  "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "CERT_SIGNATURE_FAILURE",
];

function tlsWords(code: string, { source }: Place): string | undefined {
  if (unknownAuthority.includes(code))
    return `shows a certificate of an authority that ${source} does not name: put the cluster's CA in it (certificate-authority-data)`;
  if (code === "EPROTO" || code.startsWith("ERR_SSL") || code.startsWith("ERR_OSSL") || code.startsWith("HPE_"))
    return `does not speak as an API server does (${code}): see that address and certificates are right`;
  return undefined;
}

function ofRefusal(error: ApiRefusal, at: string, place: Place): AppError {
  const { httpStatus, status } = error;
  const said = status?.message.trim() || `HTTP ${httpStatus}`;
  const make = (code: "unavailable" | "refused", message: string, details?: unknown) =>
    new AppError(code, message, { cause: error, details });
  if (status === null && httpStatus !== 401)
    return make(
      "unavailable",
      `${at} answered HTTP ${httpStatus}, and not as an API server does: see that the address is right`,
    );
  if (httpStatus === 401) return make("unavailable", turnedAway(at, place));
  const missing = httpStatus === 403 ? missingRight(said) : null;
  if (missing) {
    const rule = ruleYaml(missing.right);
    return make("unavailable", `${at} does not let ${missing.user} ${missing.words}: add the rule\n${rule}`, { rule });
  }
  if (status?.details?.kind === "namespaces" && httpStatus === 404)
    return make(
      "unavailable",
      `${at} has no namespace ${place.namespace}: kubectl create namespace ${place.namespace}`,
    );
  if (httpStatus === 429 || httpStatus >= 500)
    return make("unavailable", `${at} cannot answer now (${said}): it is asked again`);
  return make("refused", `the cluster refused: ${said}`);
}

/** An expired certificate is told by its date alone: the API server says no more than that it knows nobody. */
function turnedAway(at: string, { source, certificate }: Place): string {
  const until = certificate === null ? null : new X509Certificate(certificate).validTo;
  if (until !== null && Date.parse(until) < Date.now())
    return `${at} turned us away: the client certificate of ${source} expired on ${until}: renew it`;
  return `${at} turned us away (401): the credentials of ${source} are expired or wrong: renew them`;
}

/** A quota answers 403 too: only a refusal of rights has these words. */
const rbacWords =
  /User "(?<user>[^"]+)" cannot (?<verb>\S+) resource "(?<resource>[^"]+)" in API group "(?<group>[^"]*)"/;

function missingRight(message: string) {
  const found = rbacWords.exec(message)?.groups;
  if (!found) return null;
  const { user = "", verb = "", resource = "", group = "" } = found;
  return { user, words: `${verb} ${resource}`, right: { group, resource, verbs: [verb] } };
}

function codeOf(error: unknown): string | null {
  if (typeof error !== "object" || error === null || !("code" in error)) return null;
  return typeof error.code === "string" ? error.code : null;
}
