import type { SendOutcome } from "../../notifications/sender";
import type { PostAnswer } from "../post";

/** A receiver that is being put right may answer anything for a while: whatever is no success is tried again. */
export function webhookOutcome(answer: PostAnswer): SendOutcome {
  if (answer.kind === "not-sent") {
    const { reason, passing } = answer;
    return passing ? { kind: "failed", reason, retryAfterMs: null } : { kind: "refused", reason };
  }
  const { status, retryAfterMs } = answer;
  if (status >= 200 && status < 300) return { kind: "sent" };
  const redirected = status >= 300 && status < 400 ? " Redirects are not followed: give the last address." : "";
  return { kind: "failed", reason: `The receiver answered ${status}.${redirected}`, retryAfterMs };
}
