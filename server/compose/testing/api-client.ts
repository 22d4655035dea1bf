import { readFile } from "node:fs/promises";
import path from "node:path";
import { WebSocket } from "ws";
import {
  type ClientFrame,
  decodeServerFrame,
  encodeClientFrame,
  type ServerFrame,
} from "../../protocol/terminal-frames";

/** A script with the data directory's API token. */
export async function apiClient(url: string, dataDir: string) {
  const token = (await readFile(path.join(dataDir, "token"), "utf8")).trim();
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const call = async (method: string, where: string, body?: unknown) => {
    const init = body === undefined ? { method, headers } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(`${url}${where}`, init);
    const text = await response.text();
    const json = response.headers.get("content-type")?.startsWith("application/json") ? JSON.parse(text) : text;
    return { status: response.status, body: json };
  };
  return {
    token,
    get: (where: string) => call("GET", where),
    post: (where: string, body: unknown) => call("POST", where, body),
    send: call,
    terminal: (sessionId: string, resume: { epoch: string; offset: number } | null = null) =>
      openTerminal(`${url.replace("http", "ws")}/ws/sessions/${sessionId}/terminal`, headers.authorization, resume),
  };
}

/** A viewer without a screen: the text it was given, from the byte it began at. */
function openTerminal(url: string, authorization: string, resume: { epoch: string; offset: number } | null) {
  const socket = new WebSocket(url, { headers: { authorization } });
  const seen = {
    text: "",
    epoch: "",
    offset: resume?.offset ?? 0,
    inputOffset: 0,
    frames: [] as ServerFrame["type"][],
  };
  const send = (frame: ClientFrame) => socket.send(encodeClientFrame(frame));
  socket.on("open", () =>
    send({ type: "attach", attach: { clientId: "client-1", cols: 80, rows: 24, ...(resume ?? {}) } }),
  );
  socket.on("message", (data: Buffer) => {
    const frame = decodeServerFrame(data);
    seen.frames.push(frame.type);
    if (frame.type === "attached") {
      seen.epoch = frame.attached.epoch;
      seen.inputOffset = frame.attached.inputOffset ?? 0;
    }
    if (frame.type !== "output" && frame.type !== "snapshot") return;
    seen.text += Buffer.from(frame.bytes).toString();
    seen.offset = frame.type === "output" ? frame.offset + frame.bytes.length : frame.offset;
    send({ type: "ack", offset: seen.offset });
  });
  return {
    seen,
    closed: new Promise<number>((resolve) => socket.on("close", resolve)),
    leave: () => socket.close(),
    type(text: string) {
      const bytes = Buffer.from(text);
      send({ type: "input", position: seen.inputOffset, bytes });
      seen.inputOffset += bytes.length;
    },
  };
}
