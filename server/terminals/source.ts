import type { Terminal } from "../domain/terminal";
import type { PtyHost, PtyLogSlice, PtyRecord, PtySnapshot, PtyState } from "./pty-host";
import { Ring } from "./ring";

const ringBytes = 1024 * 1024;
const maxSizes = 256;
/** As many as a holder remembers. */
const maxNames = 64;

export type InputOffset = { position: number; generation: number };

/** One epoch of a program, as its viewers are served from it: the ring first, the holder's log behind it. */
export class Source {
  readonly epoch: string;
  readonly ring: Ring;
  exit: PtyState["exit"];
  /** The size that holds at the end of the ring. */
  size: { cols: number; rows: number };
  /** Sizes since this server looked first, so that a viewer who resumes is told the one that held there. */
  #sizes: { offset: number; cols: number; rows: number }[];

  constructor(
    readonly host: PtyHost,
    readonly processId: string,
    found: PtyState,
  ) {
    this.epoch = found.epoch;
    this.exit = found.exit;
    this.ring = new Ring(found.headOffset, ringBytes);
    this.size = { cols: found.cols, rows: found.rows };
    this.#sizes = [{ offset: found.headOffset, ...this.size }];
  }

  /** `keep` says whether anyone will read it; else it is only counted. */
  take(record: PtyRecord, keep: boolean): void {
    switch (record.kind) {
      case "output":
        if (keep) this.ring.append(record.bytes);
        else this.ring.skip(record.bytes.length);
        break;
      case "resized":
        this.ring.mark(record);
        this.size = { cols: record.cols, rows: record.rows };
        this.#sizes.push({ offset: record.offset, ...this.size });
        if (this.#sizes.length > maxSizes) this.#sizes.shift();
        break;
      case "gap":
        this.ring.mark(record);
        break;
      case "exit":
        this.exit = { ...record.exit, offset: record.offset };
        break;
    }
  }

  /** Null when this server was not there yet: the log says it. */
  sizeAt(offset: number): { cols: number; rows: number } | null {
    const held = this.#sizes.findLast((each) => each.offset <= offset);
    return held ? { cols: held.cols, rows: held.rows } : null;
  }

  find(): Promise<PtyState | null> {
    return this.host.find(this.processId);
  }

  readLog(from: number, limitBytes: number): Promise<PtyLogSlice> {
    return this.host.readLog(this.processId, this.epoch, from, limitBytes);
  }

  snapshot(): Promise<PtySnapshot> {
    return this.host.snapshot(this.processId, this.epoch);
  }

  /** Of the newest name under which the client typed; null where the holder knows none. */
  async inputOffset(names: (generation: number) => string): Promise<InputOffset | null> {
    let known: InputOffset | null = null;
    for (let generation = 0; !this.exit && generation < maxNames; generation += 1) {
      const position = await this.host.inputOffset(this.processId, this.epoch, names(generation));
      if (position === null) break;
      known = { position, generation };
    }
    return known;
  }

  write(clientId: string, position: number, bytes: Uint8Array): void {
    this.host.write(this.processId, this.epoch, { clientId, position, bytes });
  }

  resize(cols: number, rows: number): void {
    if (!this.exit && (cols !== this.size.cols || rows !== this.size.rows)) {
      this.host.resize(this.processId, this.epoch, cols, rows);
    }
  }
}

/** A setup script has a process of its own for each attempt, which its row names as the command's last word. */
export function processIdOf({ id, kind, command }: Terminal): string {
  return kind === "setup" ? `${id}.${command?.at(-1) ?? "0"}` : id;
}
