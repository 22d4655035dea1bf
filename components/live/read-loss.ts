import { type LossView, lossView } from "../../server/protocol/api";

/** The newer look that a refusal carries; null when it carries none that can be read. */
export function readLoss(details: unknown): LossView | null {
  const read = lossView.safeParse(details);
  return read.success ? read.data : null;
}
