import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { Emulator } from "./emulator";
import { EmulatorFeed } from "./emulator-feed";
import type { FromEmulator, ToEmulator } from "./emulator-protocol";
import { PlainOutput } from "./plain-output";
import { Screens } from "./screens";
import { skipPlain, type Waiting } from "./skip-plain";
import { anyOutput, type Dice, dice } from "./testing/any-output";
import { stateOf } from "./testing/emulator-state";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const streams = 100;
const limits = { scrollback: 8, heldBytes: 1200, underWayBytes: 500 };
const sizeOf = (roll: Dice) => ({ cols: 2 + roll.below(30), rows: 1 + roll.below(6) });

/** A feed and the worker's end of it in one thread, and beside it an emulator that is given all that was printed. */
class Pair {
  readonly feed: EmulatorFeed;
  skipped = 0;
  readonly #toWorker: ToEmulator[] = [];
  readonly #fromWorker: FromEmulator[] = [];
  readonly #screens = new Screens((message) => this.#fromWorker.push(message));
  readonly #reference: Emulator;
  readonly #answers: { tested: string[]; reference: string[] } = { tested: [], reference: [] };

  constructor(
    private readonly roll: Dice,
    private readonly printed: Buffer,
    size: { cols: number; rows: number },
  ) {
    this.#reference = new Emulator({ ...size, offset: 0, scrollback: limits.scrollback });
    const post = (message: ToEmulator) => this.#toWorker.push(message);
    this.feed = new EmulatorFeed(1, { opened: () => {}, closed: () => {}, post }, limits);
    const onParsed = (_: number, answers: string[]) => this.#answers.tested.push(...answers);
    this.feed.start({ ...size, offset: 0, onParsed, onEvent: () => {}, onBehind: () => {} });
  }

  /** One message, there and perhaps back: they are under way for as long as the dice want. */
  deliver(): boolean {
    const message = this.#toWorker.shift();
    if (message !== undefined) {
      this.#screens.handle(message);
      this.#follow(message);
    }
    const answer = this.roll.below(2) === 0 ? this.#fromWorker.shift() : undefined;
    if (answer !== undefined) this.feed.receive(answer);
    return this.#toWorker.length + this.#fromWorker.length > 0;
  }

  settle(): void {
    while (this.deliver()) {}
    expect(this.#answers.tested).toEqual(this.#answers.reference);
  }

  /** In the same pieces: where the package is fed some byte can make a difference of its own. */
  #follow(message: ToEmulator): void {
    if (message.kind === "output") this.#print(message.bytes.length, message.bytes);
    if (message.kind === "skip") this.#print(message.length, null);
    if (message.kind === "resize") this.#reference.resize(message);
    if (message.kind === "snapshot") this.#compare();
  }

  #print(length: number, given: Uint8Array | null): void {
    const { offset } = this.#reference;
    const all = this.printed.subarray(offset, offset + length);
    if (given === null) this.skipped += length;
    else expect(Buffer.compare(given, all)).toBe(0);
    this.#answers.reference.push(...this.#reference.feed(all).answers);
  }

  #compare(): void {
    const emulators = [this.#screens.emulatorForTests(1), this.#reference];
    const [one, other] = emulators.map((emulator) => {
      const { bytes, ...at } = emulator.snapshot();
      return JSON.stringify({ at, drawn: Buffer.from(bytes).toString(), state: stateOf(emulator) }, null, 1);
    });
    expect(one).toBe(other);
  }
}

async function skippedOf(roll: Dice): Promise<number> {
  const printed = anyOutput(roll);
  const pair = new Pair(roll, printed, sizeOf(roll));
  const { feed } = pair;
  const look = async () => {
    const asked = feed.snapshot(new AbortController().signal);
    pair.settle();
    await asked;
  };
  for (let at = 0; at < printed.length; ) {
    const chunk = printed.subarray(at, at + 1 + roll.below(roll.of([4, 60, 400, 900])));
    at += chunk.length;
    feed.output(roll.below(4) === 0 ? Buffer.from(chunk) : chunk);
    for (let messages = roll.below(4); messages > 0; messages--) pair.deliver();
    if (roll.below(20) === 0) vi.advanceTimersByTime(roll.below(40));
    const { cols, rows } = sizeOf(roll);
    if (roll.below(100) === 0) feed.resize(cols, rows);
    if (roll.below(100) === 0) await look();
  }
  await look();
  feed.close();
  return pair.skipped / printed.length;
}

test("a screen is the same with and without skipping, whatever is printed and however it is cut", async () => {
  const shares: number[] = [];
  for (let seed = 1; seed <= streams; seed++) {
    const share = await skippedOf(dice(seed)).catch((error) => {
      throw new Error(`with the seed ${seed}`, { cause: error });
    });
    shares.push(share);
  }
  // That much was skipped at all.
  expect(shares.filter((share) => share > 0).length).toBeGreaterThan(streams / 3);
}, 600_000);

/** What every flood after it leaves a trace in, or how its end is seen. */
const traces = [
  { name: "nothing", before: "", after: "", skips: true },
  { name: "colours", before: "\x1b[31m", after: "", skips: true },
  { name: "the alternate screen", before: "\x1b[?1049h", after: "\x1b[?1049l", skips: true },
  { name: "a scroll region above the cursor", before: "\x1b[1;2r\x1b[5;1H", after: "", skips: false },
  { name: "a title that is not whole", before: "\x1b]2;open", after: "\x07", skips: false },
  { name: "an open link", before: "\x1b]8;;http://a/\x07", after: "", skips: false },
];

for (const { name, before, after, skips } of traces) {
  test(`a flood is ${skips ? "skipped" : "drawn whole"} after ${name}`, async () => {
    const long = `\r\n${"x".repeat(20)}`.repeat(60);
    const flood = `${long}${"\r\ny".repeat(200)}`;
    const pair = new Pair(dice(1), Buffer.from(before + flood + after), { cols: 30, rows: 6 });
    const print = (text: string) => {
      pair.feed.output(Buffer.from(text));
      pair.settle();
    };
    if (before !== "") print(before);
    for (let at = 0; at < flood.length; at += 50) print(flood.slice(at, at + 50));
    if (after !== "") print(after);
    const asked = pair.feed.snapshot(new AbortController().signal);
    pair.settle();
    await asked;
    expect(pair.skipped > long.length / 2).toBe(skips);
  });
}

/** As a feed holds them, one for each piece. */
function held(...pieces: string[]): Waiting[] {
  const scanner = new PlainOutput();
  return pieces.map((piece) => {
    const bytes = Buffer.from(piece);
    const { lines, lastReturn } = scanner.scan(bytes);
    return { kind: "output", bytes, lines, lastReturn };
  });
}

/** What is left of pieces before and after a skip, and the colours that stand in its place; null where all is drawn. */
function skipOf(lines: number, ...pieces: string[]) {
  const skipped = skipPlain(held(...pieces), lines);
  if (skipped === null) return null;
  const at = skipped.steps.indexOf(skipped.skip);
  const textOf = (steps: typeof skipped.steps) =>
    steps.map((step) => (step.kind === "output" ? Buffer.from(step.bytes).toString() : "")).join("");
  const [before, after] = [textOf(skipped.steps.slice(0, at)), textOf(skipped.steps.slice(at + 1))];
  expect(skipped.before).toBe(before.length);
  expect(before.length + skipped.skip.length + after.length).toBe(pieces.join("").length);
  return { before, after, colours: Buffer.from(skipped.skip.colours).toString() };
}

test("what is skipped begins and ends at a CR, with enough lines behind it", () => {
  const pieces = ["ab\x1b[3", "1mcd\r\nef", "gh\r\nij\r\nkl", "mn\n", "op\n"];
  expect(skipOf(2, ...pieces)).toEqual({ before: "ab\x1b[31mcd", after: "\r\nklmn\nop\n", colours: "" });
  expect(skipOf(3, ...pieces)).toBeNull();
  expect(skipOf(2, "ab\n", "cd\n", "ef\n", "gh\n")).toBeNull();
});

test("of what is skipped the colours since the last that resets them all stay, in their order and however they are cut", () => {
  const colours = (...pieces: string[]) => skipOf(1, "\ra", ...pieces, "\rb", "\n")?.colours;
  expect(colours("\x1b[1m", "x\x1b[3", "1my")).toBe("\x1b[1m\x1b[31m");
  for (const reset of ["\x1b[m", "\x1b[0m", "\x1b[00m", "\x1b[0;1m", "\x1b[;4m"])
    expect(colours("\x1b[7m", `${reset}x`, "\x1b[32m")).toBe(`${reset}\x1b[32m`);
  for (const other of ["\x1b[10m", "\x1b[1;0m", "\x1b[38;5;0m"])
    expect(colours("\x1b[7m", other)).toBe(`\x1b[7m${other}`);
  expect(colours("\x1b[1m".repeat(2_000))).toBeUndefined();
  expect(colours("\x1b[m", "\x1b[1m".repeat(900))).toHaveLength(3 + 900 * 4);
});
