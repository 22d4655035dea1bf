import { z } from "zod";
import type { Terminal } from "../domain/terminal";
import type { TerminalPatch, TerminalStore } from "../terminals/terminal-store";
import { toColumns } from "./columns";
import { type Database, orConflict, orNotFound } from "./database";
import { jsonDate } from "./json-dates";

const json = ["command", "exit"] as const satisfies (keyof Terminal)[];

const terminalRow: z.ZodType<Terminal> = z.object({
  id: z.string(),
  sessionId: z.string(),
  kind: z.enum(["shell", "setup"]),
  title: z.string().nullable(),
  programTitle: z.string().nullable(),
  command: z.array(z.string()).nullable(),
  cols: z.int(),
  rows: z.int(),
  position: z.int(),
  epoch: z.string().nullable(),
  exit: z
    .object({
      code: z.int().nullable(),
      signal: z.string().nullable(),
      reason: z.enum(["exited", "killed", "lost"]),
      at: jsonDate,
      offset: z.int(),
    })
    .nullable(),
  restedAt: z.date().nullable(),
  createdAt: z.date(),
  closedAt: z.date().nullable(),
});
const terminals = z.array(terminalRow);

const arranged = [{ position: "asc" as const }, { createdAt: "asc" as const }, { id: "asc" as const }];

export class PrismaTerminalStore implements TerminalStore {
  constructor(private readonly database: Database) {}

  async create(terminal: Terminal): Promise<void> {
    const write = this.database.terminal.create({ data: toColumns(terminal, json) });
    await orConflict(write, `the terminal ${terminal.id} exists already`);
  }

  async get(id: string): Promise<Terminal | null> {
    return terminalRow.nullable().parse(await this.database.terminal.findUnique({ where: { id } }));
  }

  async listBySession(sessionId: string): Promise<Terminal[]> {
    return terminals.parse(await this.database.terminal.findMany({ where: { sessionId }, orderBy: arranged }));
  }

  async listBySessions(sessionIds: string[]): Promise<Terminal[]> {
    const where = { sessionId: { in: sessionIds } };
    return terminals.parse(await this.database.terminal.findMany({ where, orderBy: arranged }));
  }

  async update(id: string, patch: TerminalPatch): Promise<Terminal> {
    const write = this.database.terminal.update({ where: { id }, data: toColumns(patch, json) });
    return terminalRow.parse(await orNotFound(write, `the terminal ${id} is no longer there`));
  }

  async listEndedBefore(when: Date): Promise<Terminal[]> {
    const where = { session: { endedAt: { lt: when } } };
    return terminals.parse(await this.database.terminal.findMany({ where, orderBy: arranged }));
  }
}
