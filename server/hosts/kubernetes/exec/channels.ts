/** The first byte of each message says whose it is. */
export const channel = { stdin: 0, stdout: 1, stderr: 2, status: 3, close: 255 } as const;

/** Newest first. Only `v5` can end standard input and still hear the rest; an older API server knows only `v4`. */
export const newestProtocol = "v5.channel.k8s.io";
export const olderProtocol = "v4.channel.k8s.io";

/** A key behind one message waits for little; more in one costs nothing less. */
const maxMessageBytes = 32 * 1024;

/** Ends standard input: `v5` only. */
export const endOfInput = Uint8Array.of(channel.close, channel.stdin);

/** Standard input as messages, with as few copies as messages. */
export function* inputMessages(chunks: readonly Uint8Array[]): Generator<Uint8Array> {
  const bytes = chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
  for (let at = 0; at < bytes.length; at += maxMessageBytes) {
    const part = bytes.subarray(at, at + maxMessageBytes);
    const message = new Uint8Array(1 + part.length);
    message[0] = channel.stdin;
    message.set(part, 1);
    yield message;
  }
}
