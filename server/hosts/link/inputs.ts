import { AppError } from "../../domain/app-error";
import { holderFrame } from "../../protocol/holder-protocol";
import type { Handles } from "./handles";
import type { HolderLink } from "./holder-link";
import { KeptInput } from "./kept-input";
import { inputPayload, maxClientIdBytes, maxInputBytes } from "./pty-frames";

/**
 * Of one client to one program, not acknowledged: what a holder's own queue takes before the kernel does, which a client
 * that comes back need not send again, and what it may then send beyond it.
 */
const maxKeptBytes = 1024 * 1024 + 256 * 1024;

type InputOf = { key: string; processId: string; clientId: string };

/** Input is kept until the holder acknowledges it, and sent again on a new connection: the holder types it once. */
export class Inputs {
  readonly #link: HolderLink;
  readonly #handles: Handles;
  readonly #kept = new Map<string, { processId: string; clients: Map<string, KeptInput> }>();

  #resend: NodeJS.Timeout | null = null;
  #resendMs: number;

  constructor(link: HolderLink, handles: Handles) {
    this.#link = link;
    this.#handles = handles;
    this.#resendMs = link.timings.firstResendMs;
  }

  write({ key, processId, clientId }: InputOf, position: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    if (Buffer.byteLength(clientId) > maxClientIdBytes) throw new AppError("invalid", "The client id is too long.");
    const program = this.#kept.get(key) ?? { processId, clients: new Map<string, KeptInput>() };
    const kept = program.clients.get(clientId) ?? new KeptInput();
    if (kept.bytes + kept.fresh(position, bytes).length > maxKeptBytes) {
      throw new AppError("too-many", "The program does not read its input, and no more of it is kept.");
    }
    program.clients.set(clientId, kept);
    this.#kept.set(key, program);
    kept.add(position, bytes);
    this.#send(key, clientId, kept);
    this.#resendLater();
  }

  /** Programs that have not taken all of their input. */
  waiting(): { key: string; processId: string }[] {
    return [...this.#kept].map(([key, { processId }]) => ({ key, processId }));
  }

  acked(key: string, clientId: string, position: number): void {
    this.#resendMs = this.#link.timings.firstResendMs;
    const clients = this.#kept.get(key)?.clients;
    const kept = clients?.get(clientId);
    kept?.ack(position);
    if (kept?.bytes === 0) clients?.delete(clientId);
    if (clients?.size === 0) this.#kept.delete(key);
  }

  /** The handle of this program is known on this connection. */
  resume(key: string): void {
    for (const [clientId, kept] of this.#kept.get(key)?.clients ?? []) {
      kept.rewind();
      this.#send(key, clientId, kept);
    }
    this.#resendLater();
  }

  /** The program is over: nobody is left to type to. */
  forget(key: string): void {
    this.#kept.delete(key);
  }

  away(): void {
    if (this.#resend !== null) clearTimeout(this.#resend);
    this.#resend = null;
    this.#resendMs = this.#link.timings.firstResendMs;
  }

  #resendLater(): void {
    if (this.#resend !== null || this.#kept.size === 0 || !this.#link.isHere()) return;
    this.#resend = setTimeout(() => {
      this.#resend = null;
      this.#resendMs = Math.min(this.#link.timings.maxResendMs, this.#resendMs * 2);
      for (const key of this.#kept.keys()) this.resume(key);
      this.#resendLater();
    }, this.#resendMs);
  }

  #send(key: string, clientId: string, kept: KeptInput): void {
    const handle = this.#handles.handleOf(key);
    if (handle === undefined) return;
    for (const { position, bytes } of kept.unsent(maxInputBytes)) {
      this.#link.send(holderFrame.input, handle, inputPayload(clientId, position, bytes));
    }
  }
}
