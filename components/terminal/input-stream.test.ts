import { describe, expect, test } from "vitest";
import { InputStream, maxHeldBytes } from "./input-stream";

const bytes = (text: string) => new TextEncoder().encode(text);

function open() {
  const sent: [number, string][] = [];
  const stream = new InputStream((position, data) => sent.push([position, new TextDecoder().decode(data)]));
  stream.attach(0, 0);
  return { sent, stream };
}

describe("[I4] input goes on from where the server says", () => {
  test("keys are sent at once, with positions that grow by their bytes", () => {
    const { sent, stream } = open();
    stream.type(bytes("a"));
    stream.type(bytes("é"));
    stream.type(bytes("b"));
    expect(sent).toEqual([
      [0, "a"],
      [1, "é"],
      [3, "b"],
    ]);
  });

  test("after a short drop only what the server has not taken is sent again", () => {
    const { sent, stream } = open();
    stream.type(bytes("abcd"));
    stream.drop();
    stream.type(bytes("ef"));
    sent.length = 0;
    expect(stream.attach(2, 500)).toBe("on");
    expect(sent).toEqual([
      [2, "cd"],
      [4, "ef"],
    ]);
    stream.acknowledge(6);
    expect(stream.heldBytes).toBe(0);
  });

  test("after a long drop nothing is typed by itself, and discarding goes on from what was taken", () => {
    const { sent, stream } = open();
    stream.type(bytes("abcd"));
    stream.drop();
    stream.type(bytes("rm -rf\r"));
    sent.length = 0;
    expect(stream.attach(4, 60_000)).toBe("ask");
    expect(sent).toEqual([]);
    stream.discardHeld(false);
    stream.type(bytes("x"));
    expect(sent).toEqual([[4, "x"]]);
  });

  test("a server that forgot the stream is asked about, and begun again at 0", () => {
    const { sent, stream } = open();
    stream.type(bytes("ab"));
    stream.drop();
    sent.length = 0;
    expect(stream.attach(null, 100)).toBe("ask");
    stream.sendHeld(true);
    expect(sent).toEqual([[0, "ab"]]);
  });

  test("a forgotten stream with nothing held goes on at 0", () => {
    const { sent, stream } = open();
    stream.type(bytes("ab"));
    stream.acknowledge(2);
    stream.drop();
    sent.length = 0;
    expect(stream.attach(null, 100)).toBe("on");
    stream.type(bytes("c"));
    expect(sent).toEqual([[0, "c"]]);
  });

  test("at most 256 KiB are under way, and the rest follows the acknowledgements", () => {
    const { sent, stream } = open();
    stream.type(new Uint8Array(300 * 1024));
    const underWay = () => sent.reduce((sum, [, text]) => sum + text.length, 0);
    expect(underWay()).toBe(256 * 1024);
    stream.acknowledge(100 * 1024);
    expect(underWay()).toBe(300 * 1024);
  });

  test("more than may be held is refused whole", () => {
    const { stream } = open();
    stream.drop();
    expect(stream.type(new Uint8Array(maxHeldBytes))).toBe(true);
    expect(stream.type(bytes("x"))).toBe(false);
  });

  test("a new program gets nothing of what was meant for the old one", () => {
    const { sent, stream } = open();
    stream.drop();
    stream.type(bytes("old"));
    stream.restart();
    stream.attach(0, 0);
    stream.type(bytes("new"));
    expect(sent).toEqual([[0, "new"]]);
  });
});
