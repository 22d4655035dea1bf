import { AppError } from "../domain/app-error";
import type { Terminal } from "../domain/terminal";
import type { TerminalPatch, TerminalStore } from "../terminals/terminal-store";
import { copiesOf, copyOf, MemoryTables, patchRow } from "./memory-tables";

/** Terminals in memory. When a session ended stands in the sessions of the same `tables`. */
export class MemoryTerminals implements TerminalStore {
  constructor(readonly tables = new MemoryTables()) {}

  async create(terminal: Terminal): Promise<void> {
    if (this.tables.terminals.has(terminal.id))
      throw new AppError("conflict", `the terminal ${terminal.id} exists already`);
    this.tables.terminals.set(terminal.id, structuredClone(terminal));
  }

  async get(id: string): Promise<Terminal | null> {
    return copyOf(this.tables.terminals.get(id));
  }

  async listBySession(sessionId: string): Promise<Terminal[]> {
    return this.listBySessions([sessionId]);
  }

  async listBySessions(sessionIds: string[]): Promise<Terminal[]> {
    const wanted = new Set(sessionIds);
    return copiesOf(this.tables.terminals.values(), (row) => wanted.has(row.sessionId)).sort(
      (a, b) => a.position - b.position || a.createdAt.getTime() - b.createdAt.getTime(),
    );
  }

  async update(id: string, patch: TerminalPatch): Promise<Terminal> {
    return patchRow(this.tables.terminals, id, patch);
  }

  async listEndedBefore(when: Date): Promise<Terminal[]> {
    return copiesOf(this.tables.terminals.values(), ({ sessionId }) => {
      const endedAt = this.tables.sessions.get(sessionId)?.endedAt ?? null;
      return endedAt !== null && endedAt < when;
    });
  }
}
