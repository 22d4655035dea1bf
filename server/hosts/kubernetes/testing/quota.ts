import type { CoreV1Api, V1ResourceQuota } from "@kubernetes/client-node";
import { expect } from "vitest";

/** A quota that is heeded: until its controller has counted, everything is let through. */
export async function makeQuota(core: CoreV1Api, namespace: string, body: V1ResourceQuota): Promise<void> {
  await core.createNamespacedResourceQuota({ namespace, body });
  const name = body.metadata?.name ?? "";
  await expect
    .poll(async () => (await core.readNamespacedResourceQuotaStatus({ namespace, name })).status?.hard)
    .toEqual(body.spec?.hard);
}
