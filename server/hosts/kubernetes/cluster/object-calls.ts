import type { KubernetesObject, KubernetesObjectApi } from "@kubernetes/client-node";
import type { ApiClients } from "./api-clients";
import { ApiRefusal } from "./api-refusal";
import type { Kind, ObjectOf, Removal } from "./cluster";
import { fieldManager } from "./field-manager";
import { kinds } from "./kinds";

const maxLogBytes = 64 * 1024;

/** What the vendor's client needs to find an object. */
type Reference = KubernetesObject & { metadata: { name: string; namespace?: string } };

export function referenceTo(kind: Kind, namespace: string, name: string): Reference {
  const { apiVersion, namespaced } = kinds[kind];
  return { apiVersion, kind, metadata: namespaced ? { name, namespace } : { name } };
}

/** By force: a field of ours that someone else set is ours again. Where there is none, it is made. */
export function apply<T extends KubernetesObject>(objects: KubernetesObjectApi, object: T): Promise<T> {
  return objects.patch(object, undefined, undefined, fieldManager, true, "application/apply-patch+yaml");
}

export async function get<K extends Kind>(
  objects: KubernetesObjectApi,
  reference: Reference,
): Promise<ObjectOf<K> | null> {
  try {
    return await objects.read<ObjectOf<K>>(reference);
  } catch (error) {
    if (ApiRefusal.isAbsent(error, reference.metadata.name)) return null;
    throw error;
  }
}

type Listed<K extends Kind> = { items: ObjectOf<K>[]; version: string };

export async function list<K extends Kind>(
  { objects, decode }: Pick<ApiClients, "objects" | "decode">,
  { kind, namespace, selector }: { kind: K; namespace: string; selector: string },
): Promise<Listed<K>> {
  const { apiVersion, namespaced } = kinds[kind];
  const none = undefined;
  const within = namespaced ? namespace : none;
  const by = selector === "" ? none : selector;
  const { items, metadata } = await objects.list<ObjectOf<K>>(apiVersion, kind, within, none, none, none, none, by);
  // The API server leaves out of each what it says once for all. The vendor's client knows no list of events.
  const whole = items.map((item) => Object.assign(kind === "Event" ? decode(kind, item) : item, { apiVersion, kind }));
  return { items: whole, version: metadata?.resourceVersion ?? "" };
}

export async function remove(
  objects: KubernetesObjectApi,
  reference: Reference,
  { graceSeconds, ...only }: Removal,
): Promise<void> {
  const isAny = Object.keys(only).length === 0;
  const none = undefined;
  try {
    await objects.delete(
      reference,
      none,
      none,
      graceSeconds,
      none,
      "Background",
      isAny ? none : { preconditions: only },
    );
  } catch (error) {
    if (ApiRefusal.isAbsent(error, reference.metadata.name)) return;
    // Another stands in its place, or it is not as it was: the one that was meant is gone.
    if (!isAny && error instanceof ApiRefusal && error.httpStatus === 409) return;
    throw error;
  }
}

export async function scale(objects: KubernetesObjectApi, statefulSet: Reference, replicas: number): Promise<void> {
  const wanted = { ...statefulSet, spec: { replicas } };
  const none = undefined;
  await objects.patch(wanted, none, none, fieldManager, none, "application/merge-patch+json");
}

export async function log(
  core: ApiClients["core"],
  of: { name: string; namespace: string; container: string; previous: boolean; tailLines: number },
): Promise<string> {
  try {
    return await core.readNamespacedPodLog({ ...of, limitBytes: maxLogBytes });
  } catch (error) {
    // Not begun, or none before it: nothing was printed.
    if (error instanceof ApiRefusal && error.httpStatus === 400) return "";
    throw error;
  }
}
