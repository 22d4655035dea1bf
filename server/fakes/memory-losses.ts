import type { LossLook } from "../domain/loss";
import { type LossStore, lossLookMs } from "../sessions/session-store";
import { copyOf, MemoryTables } from "./memory-tables";

/** Looks in memory, good for as long as stored ones. */
export class MemoryLosses implements LossStore {
  constructor(
    readonly tables = new MemoryTables(),
    readonly now: () => Date = () => new Date(),
  ) {}

  async put(look: LossLook): Promise<void> {
    this.tables.losses.set(look.token, structuredClone(look));
  }

  async get(sessionId: string, token: string): Promise<LossLook | null> {
    const look = copyOf(this.tables.losses.get(token));
    const oldest = this.now().getTime() - lossLookMs;
    return look && look.sessionId === sessionId && look.seenAt.getTime() > oldest ? look : null;
  }
}
