import type { LossLook } from "../../domain/loss";
import type { LossView } from "../../protocol/api";

export function lossView(look: LossLook): LossView {
  return { ...look.loss, token: look.token, seenAt: look.seenAt.toISOString() };
}
