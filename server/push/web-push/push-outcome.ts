import type { SendOutcome } from "../../notifications/sender";
import type { PostAnswer } from "../post";

/** What a push service's answer means (RFC 8030, 5 and 7.3). */
export function pushOutcome(answer: PostAnswer): SendOutcome {
  if (answer.kind === "not-sent") {
    const { reason, passing } = answer;
    return passing ? { kind: "failed", reason, retryAfterMs: null } : { kind: "refused", reason };
  }
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: "sent" };
  if (status === 404 || status === 410) return { kind: "gone" };
  const reason = `The browser's push service answered ${status}.`;
  if (status === 429 || status >= 500) return { kind: "failed", reason, retryAfterMs };
  return { kind: "refused", reason: `${reason} Turn push off and on again in that browser.` };
}
