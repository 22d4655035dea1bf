import { z } from "zod";

/** Grows with each change that an older peer would misread. A holder also speaks the two before it. */
export const holderProtocol = 2;
/** From this one on each end tells what it has taken, and is sent no more than a bound beyond it. */
export const creditProtocol = 2;
/** From this one on a holder keeps what repositories sign in with. */
export const credentialProtocol = 2;

/** Frame types. `stream` is a request id, a subscription id (the request that opened it) or a process handle. */
export const holderFrame = {
  // server to holder
  hello: 0x01, // JSON helloMessage
  request: 0x02, // JSON holderRequest; stream: request id, chosen by the server, never used twice on a link
  requestInput: 0x03, // stdin of a `run`; stream: request id; an empty payload ends it
  cancel: 0x04, // ends a `run` or a read; stream: request id
  ack: 0x05, // u64 offset: everything below it was taken; stream: subscription id
  input: 0x06, // u8 length, client id, u64 position, bytes; stream: process handle
  ping: 0x07, // u64, answered by pong with the same
  taken: 0x08, // u64: so many bytes of this link, counted from its first, were taken; the holder says it too
  // holder to server
  welcome: 0x81, // JSON welcomeMessage
  response: 0x82, // JSON holderResponse; stream: request id
  requestOutput: 0x83, // u8 1 stdout or 2 stderr, bytes; stream: request id of a `run`
  output: 0x84, // u64 offset, bytes; stream: subscription id, or request id of a `read-log`
  record: 0x85, // JSON logRecord, in order with output; stream: as output
  event: 0x86, // JSON ptyEvent; stream: process handle
  inputAck: 0x87, // u8 length, client id, u64 position; stream: process handle
  pong: 0x88, // u64
  bytes: 0x89, // a part of a byte result (snapshot); stream: request id
  refused: 0x8f, // JSON {reason}: the holder closes the link after it
} as const;

export const helloMessage = z.object({
  protocol: z.int(),
  /** The lease number of the server. A holder obeys only the highest it has seen, and refuses a smaller one. */
  serverNumber: z.int(),
});

/** Of the control group that this host's programs run in. */
const memoryFacts = z.object({
  /** What they may use together; null where nothing limits it. */
  limitBytes: z.number().nullable(),
  /** Whether the kernel, out of memory, ends all of them (`memory.oom.group`) or one; null where it cannot be told. */
  endsTogether: z.boolean().nullable(),
});
export type MemoryFacts = z.infer<typeof memoryFacts>;

export const welcomeMessage = z.object({
  protocol: z.int(),
  /** Random per holder process: another one means that all processes of the last are over. */
  holderId: z.string(),
  /** The version of the program, as its own copy's folder is named. */
  version: z.string(),
  pid: z.int(),
  memory: memoryFacts.optional(),
});

const exit = z.object({
  code: z.int().nullable(),
  signal: z.string().nullable(),
  reason: z.enum(["exited", "killed", "lost"]),
});
export type ExitState = z.infer<typeof exit>;
/** Of a log: the last record, nothing follows it. */
export const exitRecord = z.object({ kind: z.literal("exit"), offset: z.int(), exit });

export const processState = z.object({
  processId: z.string(),
  sessionId: z.string(),
  epoch: z.string(),
  /** Names this (process, epoch) on this link in input, input-ack and event frames. */
  handle: z.int(),
  cols: z.int(),
  rows: z.int(),
  tailOffset: z.int(),
  headOffset: z.int(),
  pid: z.int().nullable(),
  title: z.string().nullable(),
  cwd: z.string().nullable(),
  exit: exit.extend({ offset: z.int() }).nullable(),
});
export type ProcessState = z.infer<typeof processState>;

export const logRecord = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("resized"), offset: z.int(), cols: z.int(), rows: z.int() }),
  z.object({ kind: z.literal("gap"), from: z.int(), to: z.int() }),
  exitRecord,
]);
export type LogRecord = z.infer<typeof logRecord>;

export const ptyEvent = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("title"), title: z.string() }),
  z.object({ kind: z.literal("cwd"), cwd: z.string() }),
  z.object({ kind: z.literal("bell") }),
  z.object({ kind: z.literal("warning"), message: z.string() }),
]);
export type PtyEventMessage = z.infer<typeof ptyEvent>;

const env = z.record(z.string(), z.string());
/** What stands in one line of git's own format. */
const line = z.string().regex(/^[^\n\r\0]*$/);
const named = { processId: z.string().min(1), epoch: z.string() };

/** `env` is the whole environment: the holder adds only TERM and its kin and the session mark. */
export const holderRequest = z.discriminatedUnion("op", [
  z.object({
    op: z.literal("open-pty"),
    processId: z.string().min(1),
    sessionId: z.string().min(1),
    command: z.array(z.string()).min(1).nullable(),
    cwd: z.string(),
    env,
    cols: z.int().min(1).max(1000),
    rows: z.int().min(1).max(1000),
    /** Printed before all output of the program, and counted with it. */
    notice: z.string().max(4096).optional(),
  }),
  z.object({ op: z.literal("find"), processId: z.string() }),
  z.object({ op: z.literal("list") }),
  z.object({ op: z.literal("subscribe"), ...named, offset: z.int().min(0), windowBytes: z.int().min(16_384) }),
  z.object({ op: z.literal("unsubscribe"), subscription: z.int() }),
  z.object({ op: z.literal("read-log"), ...named, from: z.int().min(0), limitBytes: z.int().min(1).max(1_048_576) }),
  z.object({ op: z.literal("snapshot"), ...named }),
  z.object({ op: z.literal("input-offset"), ...named, clientId: z.string() }),
  z.object({ op: z.literal("resize"), ...named, cols: z.int().min(1).max(1000), rows: z.int().min(1).max(1000) }),
  z.object({ op: z.literal("kill"), processId: z.string(), graceMs: z.int().min(0) }),
  z.object({ op: z.literal("forget"), processId: z.string() }),
  z.object({
    op: z.literal("run"),
    argv: z.array(z.string()).min(1),
    cwd: z.string().nullable(),
    env,
    timeoutMs: z.int().min(1),
  }),
  z.object({ op: z.literal("programs"), sessionId: z.string() }),
  z.object({ op: z.literal("stop-programs"), sessionId: z.string(), graceMs: z.int().min(0) }),
  z.object({ op: z.literal("configure"), terminalLogBytes: z.int().min(0) }),
  /** In the place of what the repository had; for git and the forges' own tools, in memory only. */
  z.object({
    op: z.literal("keep-credentials"),
    repositoryId: z.string().min(1),
    credentials: z.array(z.object({ origin: line, username: line, password: line })).max(100),
  }),
  /** Ends every program and then the holder itself. */
  z.object({ op: z.literal("shutdown"), graceMs: z.int().min(0) }),
]);
export type HolderRequest = z.infer<typeof holderRequest>;

export const program = z.object({
  pid: z.int(),
  command: z.string(),
  terminalId: z.string().nullable(),
  startedAt: z.number().nullable(),
});
export type ProgramState = z.infer<typeof program>;

/** All that one of `op` asks. */
export type RequestOf<Op extends HolderRequest["op"]> = Extract<HolderRequest, { op: Op }>;

/** The result of each op that succeeded; what is not named answers `{}`. */
export const holderResults = {
  "open-pty": processState,
  find: z.object({ process: processState.nullable() }),
  list: z.object({ processes: z.array(processState) }),
  subscribe: processState,
  "read-log": z.object({ epoch: z.string(), tailOffset: z.int(), headOffset: z.int() }),
  snapshot: z.object({ epoch: z.string(), offset: z.int(), cols: z.int(), rows: z.int() }),
  "input-offset": z.object({ position: z.int().nullable() }),
  run: z.object({ code: z.int().nullable(), signal: z.string().nullable(), timedOut: z.boolean() }),
  programs: z.object({ programs: z.array(program) }),
  "stop-programs": z.object({ programs: z.array(program) }),
} as const;

export const holderResponse = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), result: z.unknown() }),
  z.object({
    ok: z.literal(false),
    code: z.enum(["invalid", "unknown-process", "other-epoch", "cannot-start", "busy", "internal"]),
    message: z.string(),
  }),
]);
export type HolderResponse = z.infer<typeof holderResponse>;
