import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { PtyHost, PtyRecord, PtySpec } from "./pty-host";

export type PtyHostFixture = {
  ptys: PtyHost;
  cwd: string;
  /** A program that gives back each byte it is given, after it printed `ready`; null where it needs no start. */
  echo: { command: string[] | null; ready: string };
  /** A program that prints and ends with a code. */
  prints(text: string, code: number): string[];
  /** Cuts the link. It comes back by itself, but not before this resolves. */
  cut(): Promise<void>;
  close(): Promise<void>;
};

const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
const bytesOf = (value: string) => new TextEncoder().encode(value);

/** Everything a subscriber was given. It checks at each record that nothing is missing and nothing comes twice. */
export class Seen {
  readonly records: PtyRecord[] = [];
  readonly acks: { clientId: string; position: number }[] = [];
  readonly lost: string[] = [];
  readonly broken: string[] = [];
  readonly stop: () => void;
  #next: number;

  constructor(ptys: PtyHost, { processId, epoch, offset }: { processId: string; epoch: string; offset: number }) {
    this.#next = offset;
    const from = { offset, windowBytes: 64 * 1024 };
    this.stop = ptys.subscribe(processId, epoch, from, {
      onRecord: (record) => this.#take(record),
      onEvent: () => {},
      onInputAck: (clientId, position) => this.acks.push({ clientId, position }),
      onLost: (reason) => this.lost.push(reason),
    });
  }

  get text(): string {
    return this.records.map((record) => (record.kind === "output" ? text(record.bytes) : "")).join("");
  }

  get last(): PtyRecord | undefined {
    return this.records.at(-1);
  }

  #take(record: PtyRecord): void {
    const at = record.kind === "gap" ? record.from : record.offset;
    if (at !== this.#next) this.broken.push(`${record.kind} at ${at}, not ${this.#next}`);
    if (this.last?.kind === "exit") this.broken.push(`${record.kind} after the exit`);
    if (record.kind === "output") this.#next += record.bytes.length;
    if (record.kind === "gap") this.#next = record.to;
    this.records.push(record);
  }
}

/** What every PtyHost keeps to; run over each adapter and over the fake. */
export function ptyHostContract(name: string, open: () => Promise<PtyHostFixture>): void {
  describe(`${name} keeps the contract of a PTY host`, () => {
    let fixture: PtyHostFixture;
    beforeAll(async () => {
      fixture = await open();
    });
    afterAll(async () => {
      await fixture?.close();
    });
    const use = () => new ContractUse(fixture);
    lives(use);
    outputs(use);
    inputs(use);
    links(use);
  });
}

/** One program of a test, and what the tests do with it. */
class ContractUse {
  readonly ptys: PtyHost;
  readonly processId: string;

  constructor(readonly fixture: PtyHostFixture) {
    this.ptys = fixture.ptys;
    // Programs are looked for by their marks on all of the machine, where another host keeps the contract at the same time.
    this.processId = `contract-${randomUUID()}`;
  }

  spec(command: string[] | null): PtySpec {
    const { processId, fixture } = this;
    return { processId, sessionId: `session-of-${processId}`, command, cwd: fixture.cwd, env: {}, cols: 80, rows: 24 };
  }

  /** The echoing program, and the offset from which all output is what was typed. */
  async echo(): Promise<{ processId: string; epoch: string; offset: number }> {
    const { command, ready } = this.fixture.echo;
    const { epoch } = await this.ptys.open(this.spec(command));
    const seen = this.see({ epoch, offset: 0 });
    await vi.waitFor(() => expect(seen.text).toBe(ready));
    seen.stop();
    return { processId: this.processId, epoch, offset: ready.length };
  }

  see({ epoch, offset }: { epoch: string; offset: number }): Seen {
    return new Seen(this.ptys, { processId: this.processId, epoch, offset });
  }

  type(epoch: string, position: number, typed: string, clientId = "client"): void {
    this.ptys.write(this.processId, epoch, { clientId, position, bytes: bytesOf(typed) });
  }
}

function lives(use: () => ContractUse): void {
  test("opening gives the running program, and opening again gives the same one", async () => {
    const { ptys, spec, fixture, processId } = bound(use());
    const first = await ptys.open(spec(fixture.echo.command));
    const again = await ptys.open(spec(fixture.echo.command));
    expect(first).toMatchObject({ cols: 80, rows: 24, exit: null });
    expect(first.pid).toBeGreaterThan(0);
    expect(again.epoch).toBe(first.epoch);
    expect((await ptys.find(processId))?.epoch).toBe(first.epoch);
  });

  test("a process that never ran here is null, and ending it is done already", async () => {
    const { ptys } = use();
    expect(await ptys.find("never-heard-of")).toBeNull();
    await ptys.kill("never-heard-of", 100);
    await ptys.forget("never-heard-of");
  });

  test("the exit comes after all output, and again for who comes later", async () => {
    const { ptys, spec, fixture, see, processId } = bound(use());
    const { epoch } = await ptys.open(spec(fixture.prints("the last words", 3)));
    for (const seen of [see({ epoch, offset: 0 }), see({ epoch, offset: 4 })]) {
      await vi.waitFor(() => expect(seen.last?.kind).toBe("exit"));
      expect(seen.last).toMatchObject({ offset: 14, exit: { code: 3, signal: null, reason: "exited" } });
      expect("the last words".endsWith(seen.text) && seen.text.length >= 10).toBe(true);
      expect(seen.broken).toEqual([]);
    }
    expect((await ptys.find(processId))?.exit).toMatchObject({ code: 3, reason: "exited", offset: 14 });
  });

  test("kill ends the program and says so", async () => {
    const { ptys, echo, see, processId } = bound(use());
    const from = await echo();
    const seen = see(from);
    await ptys.kill(processId, 2_000);
    expect((await ptys.find(processId))?.exit?.reason).toBe("killed");
    await vi.waitFor(() => expect(seen.last).toMatchObject({ kind: "exit", exit: { reason: "killed" } }));
  });

  test("a program that is over can be started again: a new epoch from byte 0, and the old one is lost", async () => {
    const { ptys, spec, fixture, see, type, processId } = bound(use());
    const first = await ptys.open(spec(fixture.prints("first", 0)));
    const seen = see({ epoch: first.epoch, offset: 0 });
    await vi.waitFor(() => expect(seen.last?.kind).toBe("exit"));
    const second = await ptys.open(spec(fixture.echo.command));
    expect(second.epoch).not.toBe(first.epoch);
    expect((await ptys.find(processId))?.epoch).toBe(second.epoch);
    const old = see({ epoch: first.epoch, offset: 0 });
    await vi.waitFor(() => expect(old.lost).toHaveLength(1));
    type(first.epoch, 0, "for the first one");
    const fresh = see({ epoch: second.epoch, offset: 0 });
    await vi.waitFor(() => expect(fresh.text).toBe(fixture.echo.ready));
    type(second.epoch, 0, "for the second");
    await vi.waitFor(() => expect(fresh.text).toBe(`${fixture.echo.ready}for the second`));
  });

  test("what is forgotten is unknown", async () => {
    const { ptys, echo, processId } = bound(use());
    const { epoch } = await echo();
    await ptys.forget(processId);
    expect(await ptys.find(processId)).toBeNull();
    const late = new Seen(ptys, { processId, epoch, offset: 0 });
    await vi.waitFor(() => expect(late.lost).toHaveLength(1));
    await expect(ptys.readLog(processId, epoch, 0, 100)).rejects.toMatchObject({ code: "not-found" });
  });
}

function outputs(use: () => ContractUse): void {
  test("a notice stands before all of the program's own output, counted and kept with it", async () => {
    const program = use();
    const spec = program.spec(program.fixture.prints("own", 0));
    const { epoch } = await program.ptys.open({ ...spec, notice: "It was at rest.\nThis is new: ü" });
    const seen = program.see({ epoch, offset: 0 });
    await vi.waitFor(() => expect(seen.last?.kind).toBe("exit"));
    expect(seen.text).toBe("It was at rest.\r\nThis is new: ü\r\nown");
    expect(seen.broken).toEqual([]);
    const { records } = await program.ptys.readLog(program.processId, epoch, 17, 100);
    expect(records.map((record) => (record.kind === "output" ? text(record.bytes) : "")).join("")).toBe(
      "This is new: ü\r\nown",
    );
  });

  test("a subscriber at any offset gets exactly what follows it", async () => {
    const { echo, see, type } = bound(use());
    const { epoch, offset } = await echo();
    const typed = Array.from({ length: 300 }, (_, index) => `line ${index}\n`).join("");
    const whole = see({ epoch, offset });
    for (let at = 0; at < typed.length; at += 97) type(epoch, at, typed.slice(at, at + 97));
    await vi.waitFor(() => expect(whole.text).toBe(typed));
    for (const at of [1, 96, 97, 1_234, typed.length - 1, typed.length]) {
      const seen = see({ epoch, offset: offset + at });
      await vi.waitFor(() => expect(seen.text).toBe(typed.slice(at)));
      expect(seen.broken).toEqual([]);
      seen.stop();
    }
    expect(whole.broken).toEqual([]);
  });

  test("who stopped listening is given nothing more", async () => {
    const { echo, see, type } = bound(use());
    const from = await echo();
    const [stopped, goesOn] = [see(from), see(from)];
    type(from.epoch, 0, "one");
    await vi.waitFor(() => expect([stopped.text, goesOn.text]).toEqual(["one", "one"]));
    stopped.stop();
    stopped.stop();
    type(from.epoch, 3, "two");
    await vi.waitFor(() => expect(goesOn.text).toBe("onetwo"));
    expect(stopped.text).toBe("one");
  });

  test("the log is read from any byte, up to a limit", async () => {
    const { ptys, echo, see, type, processId } = bound(use());
    const { epoch, offset } = await echo();
    const seen = see({ epoch, offset });
    type(epoch, 0, "0123456789");
    await vi.waitFor(() => expect(seen.text).toBe("0123456789"));
    const slice = await ptys.readLog(processId, epoch, offset + 2, 5);
    const read = slice.records.map((record) => (record.kind === "output" ? text(record.bytes) : "")).join("");
    expect(read).toBe("23456");
    expect(slice).toMatchObject({ epoch, tailOffset: 0, headOffset: offset + 10 });
  });

  test("a resize stands in the log where it happened", async () => {
    const { ptys, echo, see, type, processId } = bound(use());
    const { epoch, offset } = await echo();
    const seen = see({ epoch, offset });
    type(epoch, 0, "before");
    await vi.waitFor(() => expect(seen.text).toBe("before"));
    ptys.resize(processId, epoch, 101, 31);
    await vi.waitFor(() => expect(seen.last).toMatchObject({ kind: "resized", cols: 101, rows: 31 }));
    type(epoch, 6, "after");
    await vi.waitFor(() => expect(seen.text).toBe("beforeafter"));
    expect(seen.broken).toEqual([]);
    expect(await ptys.find(processId)).toMatchObject({ cols: 101, rows: 31 });
    const { records } = await ptys.readLog(processId, epoch, offset, 1_000);
    const kinds = records.filter((record) => record.kind !== "resized" || record.cols === 101);
    expect(kinds.map((record) => (record.kind === "output" ? text(record.bytes) : record.kind)).join("|")).toMatch(
      /^[before|]+\|resized\|[after|]+$/,
    );
  });

  test("a subscription and a log slice begin with the size that holds there", async () => {
    const { ptys, echo, see, type, processId } = bound(use());
    const { epoch, offset } = await echo();
    const first = see({ epoch, offset });
    type(epoch, 0, "one");
    await vi.waitFor(() => expect(first.text).toBe("one"));
    ptys.resize(processId, epoch, 99, 33);
    await vi.waitFor(() => expect(first.last).toMatchObject({ kind: "resized", cols: 99 }));
    type(epoch, 3, "two");
    await vi.waitFor(() => expect(first.text).toBe("onetwo"));
    for (const [at, size] of [
      [1, { cols: 80, rows: 24 }],
      [5, { cols: 99, rows: 33 }],
    ] as const) {
      const seen = see({ epoch, offset: offset + at });
      await vi.waitFor(() => expect(seen.text).toBe("onetwo".slice(at)));
      expect(seen.records[0]).toMatchObject({ kind: "resized", offset: offset + at, ...size });
      const { records } = await ptys.readLog(processId, epoch, offset + at, 100);
      expect(records[0]).toMatchObject({ kind: "resized", offset: offset + at, ...size });
    }
  });

  test("a snapshot shows the screen at an exact offset", async () => {
    const { ptys, echo, see, type, processId } = bound(use());
    const { epoch, offset } = await echo();
    const seen = see({ epoch, offset });
    type(epoch, 0, "on the screen");
    await vi.waitFor(() => expect(seen.text).toBe("on the screen"));
    const snapshot = await ptys.snapshot(processId, epoch);
    expect(snapshot).toMatchObject({ epoch, offset: offset + 13, cols: 80, rows: 24 });
    expect(text(snapshot.bytes)).toContain("on the screen");
  });
}

function inputs(use: () => ContractUse): void {
  test("input sent again types nothing twice, and is acknowledged again", async () => {
    const { ptys, echo, see, type, processId } = bound(use());
    const { epoch, offset } = await echo();
    const seen = see({ epoch, offset });
    type(epoch, 0, "abc");
    await vi.waitFor(() => expect(seen.acks.at(-1)?.position).toBe(3));
    type(epoch, 0, "abc");
    type(epoch, 1, "bcd");
    await vi.waitFor(() => expect(seen.acks.at(-1)).toEqual({ clientId: "client", position: 4 }));
    type(epoch, 0, "other", "another client");
    await vi.waitFor(() => expect(seen.text).toBe("abcdother"));
    expect(await ptys.inputOffset(processId, epoch, "client")).toBe(4);
    expect(await ptys.inputOffset(processId, epoch, "another client")).toBe(5);
  });

  test("where the input of a client stands is null when it never typed", async () => {
    const { ptys, echo, processId } = bound(use());
    const { epoch } = await echo();
    expect(await ptys.inputOffset(processId, epoch, "a stranger")).toBeNull();
  });
}

function links(use: () => ContractUse): void {
  test("after a cut the output goes on at the next byte, and what was typed meanwhile is typed once", async () => {
    const { echo, see, type, fixture, ptys, processId } = bound(use());
    const { epoch, offset } = await echo();
    const seen = see({ epoch, offset });
    type(epoch, 0, "before ");
    await vi.waitFor(() => expect(seen.text).toBe("before "));
    await fixture.cut();
    type(epoch, 7, "meanwhile ");
    await vi.waitFor(() => expect(ptys.state().kind).toBe("here"));
    type(epoch, 17, "after");
    await vi.waitFor(() => expect(seen.text).toBe("before meanwhile after"));
    expect(seen.broken).toEqual([]);
    expect(await ptys.inputOffset(processId, epoch, "client")).toBe(22);
  });
}

/** Methods that may be taken off their object. */
function bound(use: ContractUse) {
  const { ptys, fixture, processId } = use;
  return {
    ...{ ptys, fixture, processId },
    spec: use.spec.bind(use),
    echo: use.echo.bind(use),
    see: use.see.bind(use),
    type: use.type.bind(use),
  };
}
