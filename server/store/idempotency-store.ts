import { z } from "zod";
import { jsonColumn } from "./columns";
import { type Database, isTaken } from "./database";

/** How long an answer is repeated. */
const keptMs = 24 * 60 * 60 * 1000;
/** A request that took longer than this was cut off by a crash: its key may be used again. */
const pendingMs = 5 * 60 * 1000;
const maxAttempts = 10;

/** `new` is the caller's to carry out and to `finish` or `abandon`; `pending` is being carried out by another. */
export type IdempotencyClaim =
  | { kind: "new" }
  | { kind: "pending" }
  | { kind: "other-request" }
  | { kind: "answered"; answer: { status: number; body: unknown } };

const answerRow = z.object({
  requestHash: z.string(),
  status: z.int().nullable(),
  body: z.unknown(),
  createdAt: z.date(),
});

/** Answers of POSTs that carried an Idempotency-Key. Of two callers with one key, one gets `new`. */
export class IdempotencyStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => Date,
  ) {}

  async claim(userId: string, key: string, requestHash: string): Promise<IdempotencyClaim> {
    for (let attempt = 0; attempt < maxAttempts; attempt++) {
      if (await this.#insert(userId, key, requestHash)) return { kind: "new" };
      const found = await this.database.idempotentAnswer.findUnique({ where: { userId_key: { userId, key } } });
      if (found === null) continue; // given up by its owner just now
      const row = answerRow.parse(found);
      if (!this.#isOver(row)) return read(row, requestHash);
      // By its time of making: of two that find it over, one removes it, and the other's removal hits nothing.
      await this.database.idempotentAnswer.deleteMany({ where: { userId, key, createdAt: row.createdAt } });
    }
    return { kind: "pending" };
  }

  async finish(userId: string, key: string, answer: { status: number; body: unknown }): Promise<void> {
    const data = { status: answer.status, body: jsonColumn(answer.body) };
    await this.database.idempotentAnswer.updateMany({ where: { userId, key, status: null }, data });
  }

  async abandon(userId: string, key: string): Promise<void> {
    await this.database.idempotentAnswer.deleteMany({ where: { userId, key, status: null } });
  }

  async sweep(): Promise<void> {
    const oldest = new Date(this.now().getTime() - keptMs);
    await this.database.idempotentAnswer.deleteMany({ where: { createdAt: { lte: oldest } } });
  }

  async #insert(userId: string, key: string, requestHash: string): Promise<boolean> {
    try {
      await this.database.idempotentAnswer.create({ data: { userId, key, requestHash, createdAt: this.now() } });
      return true;
    } catch (error) {
      if (isTaken(error)) return false;
      throw error;
    }
  }

  #isOver({ status, createdAt }: z.infer<typeof answerRow>): boolean {
    return this.now().getTime() - createdAt.getTime() >= (status === null ? pendingMs : keptMs);
  }
}

function read({ status, body, ...row }: z.infer<typeof answerRow>, requestHash: string): IdempotencyClaim {
  if (row.requestHash !== requestHash) return { kind: "other-request" };
  return status === null ? { kind: "pending" } : { kind: "answered", answer: { status, body } };
}
