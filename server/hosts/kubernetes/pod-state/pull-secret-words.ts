import type { CoreV1Event, V1Pod } from "@kubernetes/client-node";
import { newestEvent } from "./events";

/** The kubelet goes on without a secret that is not there: its event is all that is said of it. */
const lacking = "FailedToRetrieveImagePullSecret";
const denied = /\b40[13]\b|denied|unauthorized|authorization failed|authentication required|no basic auth/i;

/** What secrets have to do with an image that cannot be pulled; empty where nothing is known of that. */
export function pullSecretWords(pod: V1Pod, answer: string, events: CoreV1Event[]): string {
  const [, missing] = /\(([^)]+)\)/.exec(newestEvent(events, pod, [lacking])?.message ?? "") ?? [];
  if (missing) return `. The namespace lacks the secret to pull it with: ${missing}`;
  if (!denied.test(answer)) return "";
  const names = (pod.spec?.imagePullSecrets ?? []).map(({ name }) => name).join(", ");
  return names === ""
    ? ". If it is private, the server must name a secret to pull it with (TRELLIS_IMAGE_PULL_SECRETS)"
    : `. The registry does not let it be pulled with what stands in ${names}`;
}
