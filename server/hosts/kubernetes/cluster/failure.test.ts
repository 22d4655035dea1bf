import { expect, test } from "vitest";
import { AppError } from "../../../domain/app-error";
import { ApiRefusal } from "./api-refusal";
import { toAppError } from "./failure";
import type { Place } from "./place";

/** Of 2020, of nobody: without its key. */
const expired = `-----BEGIN CERTIFICATE-----
MIIBCzCBsgIBATAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdzb21lb25lMB4XDTIw
MDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowEjEQMA4GA1UEAwwHc29tZW9uZTBZ
MBMGByqGSM49AgEGCCqGSM49AwEHA0IABGGjtWtGHpMkSPIKrQVQNotObHkTnFqw
UT2N5cS/yb6SQCiyvg5LA0q9eD4xBHSt3rHd43rKoqeZ87UeyaOk1kQwCgYIKoZI
zj0EAwIDSAAwRQIhAJeBvHaza5AaKUSjSsRoyLoVaJcK4G7//I4HqepgW8uxAiAU
GC9Grn8DDVx/nUSI+Y7c2/PDd3Isv9jKOlmHx/8JKQ==
-----END CERTIFICATE-----`;

const place: Place = {
  namespace: "trellis",
  source: "the kubeconfig /k",
  server: "https://api:6443",
  certificate: null,
};
const status = (code: number, message: string, more = {}) =>
  ApiRefusal.read(code, { kind: "Status", message, reason: "Some", ...more });

function told(error: unknown, at = place): string {
  const failure = toAppError(error, at);
  if (!AppError.is(failure)) throw new Error("not told in words", { cause: error });
  return `${failure.code}: ${failure.message}`;
}

test("an expired client certificate is told by its date, any other credential as wrong or expired", () => {
  const refusal = status(401, "Unauthorized");
  expect(told(refusal, { ...place, certificate: expired })).toMatch(
    /^unavailable: .*client certificate of the kubeconfig \/k expired on Jan {2}1 00:00:00 2021 GMT: renew it/,
  );
  expect(told(refusal)).toMatch(/turned us away \(401\): the credentials of the kubeconfig \/k are expired or wrong/);
});

test("a missing right is unavailable with its rule; a quota, which is 403 too, is refused in its own words", () => {
  const forbidden =
    'statefulsets.apps is forbidden: User "x" cannot patch resource "statefulsets" in API group "apps" in the namespace "trellis"';
  expect(told(status(403, forbidden))).toBe(
    'unavailable: the cluster at https://api:6443 does not let x patch statefulsets: add the rule\n- apiGroups: ["apps"]\n  resources: ["statefulsets"]\n  verbs: ["patch"]',
  );
  const quota = 'pods "p" is forbidden: exceeded quota: small, requested: pods=1, used: pods=1, limited: pods=1';
  expect(told(status(403, quota))).toBe(`refused: the cluster refused: ${quota}`);
});

test("[I1] an answer that the API server did not write says nothing about an object", () => {
  expect(ApiRefusal.isAbsent(ApiRefusal.read(404, null), "p")).toBe(false);
  expect(ApiRefusal.isAbsent(status(404, "the server could not find the requested resource"), "p")).toBe(false);
  const absent = status(404, 'pods "p" not found', { reason: "NotFound", details: { name: "p", kind: "pods" } });
  expect(ApiRefusal.isAbsent(absent, "p")).toBe(true);
  expect(ApiRefusal.isAbsent(absent, "q")).toBe(false);
  expect(told(ApiRefusal.read(404, "<html>"))).toMatch(
    /^unavailable: .* answered HTTP 404, and not as an API server does/,
  );
});

test("an overloaded API server is unavailable, what it decided against is refused, a bug stays a bug", () => {
  expect(told(status(429, "too many requests"))).toMatch(/^unavailable: .* cannot answer now \(too many requests\)/);
  expect(told(status(500, "etcdserver: leader changed"))).toMatch(/^unavailable: .*leader changed/);
  expect(told(status(409, "the object has been modified"))).toBe(
    "refused: the cluster refused: the object has been modified",
  );
  const gone = status(404, 'namespaces "trellis" not found', { details: { name: "trellis", kind: "namespaces" } });
  expect(told(gone)).toMatch(/has no namespace trellis: kubectl create namespace trellis/);
  const bug = new TypeError("undefined is not a function");
  expect(toAppError(bug, place)).toBe(bug);
});

test("what the network says is told with what to do", () => {
  const failed = (code: string) => told(Object.assign(new Error(code), { code }));
  expect(failed("ENOTFOUND")).toMatch(/a name that is not known \(DNS\)/);
  expect(failed("EHOSTUNREACH")).toMatch(/no route/);
  expect(failed("CERT_HAS_EXPIRED")).toMatch(/a certificate that has expired: renew it there/);
  expect(failed("HPE_INVALID_CONSTANT")).toMatch(/does not speak as an API server does/);
});
