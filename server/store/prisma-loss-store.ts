import { z } from "zod";
import type { LossLook } from "../domain/loss";
import { lossSchema } from "../protocol/api";
import { type LossStore, lossLookMs } from "../sessions/session-store";
import { toColumns } from "./columns";
import type { Database } from "./database";

const lookRow: z.ZodType<LossLook> = z.object({
  token: z.string(),
  sessionId: z.string(),
  loss: lossSchema,
  seenAt: z.date(),
});

export class PrismaLossStore implements LossStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => Date,
  ) {}

  async put(seen: LossLook): Promise<void> {
    await this.database.lossLook.deleteMany({ where: { seenAt: { lte: this.#oldest() } } });
    await this.database.lossLook.create({ data: toColumns(seen, ["loss"]) });
  }

  async get(sessionId: string, token: string): Promise<LossLook | null> {
    const where = { token, sessionId, seenAt: { gt: this.#oldest() } };
    return lookRow.nullable().parse(await this.database.lossLook.findUnique({ where }));
  }

  #oldest(): Date {
    return new Date(this.now().getTime() - lossLookMs);
  }
}
