import { z } from "zod";
import type { FileList, Look, Loss, LossLook } from "../domain/loss";
import { type LossStore, lossLookMs } from "../sessions/session-store";
import { toColumns } from "./columns";
import type { Database } from "./database";

const look = <Value extends z.ZodType>(value: Value): z.ZodType<Look<z.output<Value>>> =>
  z.discriminatedUnion("state", [
    z.object({ state: z.literal("known"), value }),
    z.object({ state: z.literal("unknown"), reason: z.string() }),
  ]) as z.ZodType<Look<z.output<Value>>>;

const fileList: z.ZodType<FileList> = z.object({
  count: z.int(),
  bytes: z.number().nullable(),
  names: z.array(z.object({ path: z.string(), bytes: z.number().nullable() })),
});
const place = z.object({ path: z.string(), reason: z.string() });
const commits = z.array(z.object({ sha: z.string(), subject: z.string() }));

const lossJson: z.ZodType<Loss> = z.object({
  branches: look(
    z.array(
      z.object({
        branch: z.string().nullable(),
        head: z.string(),
        commitsOnNoRemote: z.object({ count: z.int(), commits }),
      }),
    ),
  ),
  changed: look(fileList),
  untracked: look(fileList),
  ignored: look(fileList),
  stashes: look(
    z.array(z.object({ ref: z.string(), sha: z.string(), message: z.string(), branch: z.string().nullable() })),
  ),
  operation: look(z.string().nullable()),
  submodules: look(z.array(place)),
  nestedRepositories: look(z.array(place)),
  programs: look(
    z.array(
      z.object({
        pid: z.int(),
        command: z.string(),
        terminalId: z.string().nullable(),
        startedAt: z.number().nullable(),
      }),
    ),
  ),
  turns: look(z.array(z.object({ chatId: z.string(), title: z.string() }))),
});

const lookRow: z.ZodType<LossLook> = z.object({
  token: z.string(),
  sessionId: z.string(),
  loss: lossJson,
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
