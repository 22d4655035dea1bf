import { AppError } from "../domain/app-error";
import { assertNever } from "../domain/assert-never";
import { type InputFrame, InputStream } from "./input-stream";
import type { InputOffset, Source } from "./source";

/**
 * How long input that seems to have a hole before it waits for what was in the hole, counted from when the client has
 * its `attached`: only then does it know what to send again.
 */
const holdMs = 1_000;

export type InputOutcome = {
  /** Where keys go now; null where they go nowhere. */
  program(): Source | null;
  ack(position: number): void;
  /** Calls once the client has received all that it was told until now. */
  onceReceived(listener: () => void): void;
  /** Input was acknowledged and thrown away. */
  thrown(): void;
  malformed(reason: string): void;
  /** The host keeps no more of it: the client comes back, and sends it again. */
  full(reason: string): void;
};

/**
 * What one viewer types, on its way to the program. The holder takes a stream without holes, and input of one who
 * does not drive never gets there: behind such a hole the stream goes on under the client's next name.
 */
export class ViewerInput {
  readonly #stream = new InputStream();
  #name = { generation: 0, end: null as number | null };
  #hold: { timer?: NodeJS.Timeout } | null = null;

  constructor(
    readonly clientId: string,
    readonly outcome: InputOutcome,
  ) {}

  get expected(): number {
    return this.#stream.expected;
  }

  /** A new socket, or with `ignore` a new program on the same one. Null where the holder knows nothing of this client. */
  begin(known: InputOffset | null, beyond: "hold" | "ignore"): void {
    this.end();
    this.#stream.begin(known?.position ?? 0, beyond);
    this.#name = { generation: known?.generation ?? 0, end: known?.position ?? null };
  }

  /** The same program on the same socket, after a pause in which nothing was taken. */
  goOn(): void {
    this.end();
    this.#stream.goOn();
  }

  take(frame: InputFrame): void {
    const verdict = this.#stream.take(frame);
    switch (verdict.kind) {
      case "malformed":
        this.outcome.malformed(verdict.reason);
        break;
      case "held":
        this.#await();
        break;
      case "ignored":
        break;
      case "new":
        this.#pass(verdict);
        break;
      case "repeated":
        this.#repeat(frame);
        break;
      default:
        assertNever(verdict);
    }
  }

  /** The kernel took all below `position`. */
  took(position: number): void {
    this.outcome.ack(this.#stream.took(position));
  }

  end(): void {
    clearTimeout(this.#hold?.timer);
    this.#hold = null;
  }

  #pass({ position, bytes }: InputFrame): void {
    const program = this.outcome.program();
    if (!program) {
      const ack = this.#stream.threw();
      if (ack !== null) this.outcome.ack(ack);
      this.outcome.thrown();
      return;
    }
    const { generation, end } = this.#name;
    this.#name = {
      generation: end === null || end === position ? generation : generation + 1,
      end: position + bytes.length,
    };
    this.#stream.wrote();
    this.#write(program, { position, bytes });
  }

  #repeat({ position, bytes }: InputFrame): void {
    const program = this.outcome.program();
    const { end } = this.#name;
    const isKnownThere = end !== null && position + bytes.length <= end;
    if (program && isKnownThere) this.#write(program, { position, bytes });
    else this.outcome.ack(position + bytes.length);
  }

  #write(program: Source, { position, bytes }: InputFrame): void {
    try {
      program.write(hostName(this.clientId, this.#name.generation), position, bytes);
    } catch (error) {
      if (!AppError.is(error)) throw error;
      this.outcome.full(error.message);
    }
  }

  #await(): void {
    if (this.#hold) return;
    const hold: { timer?: NodeJS.Timeout } = {};
    this.#hold = hold;
    this.outcome.onceReceived(() => {
      if (this.#hold === hold) hold.timer = setTimeout(() => this.#release(), holdMs);
    });
  }

  #release(): void {
    this.#hold = null;
    for (const frame of this.#stream.release()) this.take(frame);
  }
}

export const hostName = (clientId: string, generation: number) =>
  generation === 0 ? clientId : `${clientId}~${generation}`;

/** Whose input an acknowledgement of the holder is about. */
export const clientOf = (name: string) => name.replace(/~\d+$/, "");
