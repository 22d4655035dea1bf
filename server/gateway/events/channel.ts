import type { ServerEvent } from "../../protocol/events";

/** An event as the rooms give it; the channel adds the cursor. */
export type ChannelEvent = ServerEvent extends infer Event
  ? Event extends { cursor: string }
    ? Omit<Event, "cursor">
    : never
  : never;

const maxEvents = 512;
const maxChars = 2 * 1024 * 1024;

/** The events of one user, numbered; the newest are kept, so that who missed some gets exactly those. */
export class Channel {
  #ring: { position: number; text: string }[] = [];
  #chars = 0;
  #head = 0;
  readonly #listeners = new Set<() => void>();

  /** `boot` tells this server's numbers from those of the one before. */
  constructor(readonly boot: string) {}

  get head(): number {
    return this.#head;
  }

  get viewers(): number {
    return this.#listeners.size;
  }

  cursor(position: number): string {
    return `${this.boot}.${position}`;
  }

  /** Null when the cursor is not one of this server's, or what came after it is no longer kept. */
  position(cursor: string): number | null {
    const [boot, digits] = cursor.split(".", 2);
    if (boot !== this.boot || !/^\d{1,15}$/.test(digits ?? "")) return null;
    const position = Number(digits);
    return position <= this.#head && this.after(position) !== null ? position : null;
  }

  push(event: ChannelEvent): void {
    this.#head += 1;
    const text = JSON.stringify({ ...event, cursor: this.cursor(this.#head) });
    this.#ring.push({ position: this.#head, text });
    this.#chars += text.length;
    while (this.#ring.length > maxEvents || (this.#chars > maxChars && this.#ring.length > 1))
      this.#chars -= this.#ring.shift()?.text.length ?? 0;
    for (const listener of this.#listeners) listener();
  }

  /** What came after a position, in order; null when a part of it is gone: a snapshot is needed. */
  after(position: number): string[] | null {
    const first = this.#ring[0]?.position ?? this.#head + 1;
    if (position + 1 < first) return null;
    return this.#ring.slice(position + 1 - first).map(({ text }) => text);
  }

  onPush(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
