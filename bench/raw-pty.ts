import { type IPty, spawn } from "@lydell/node-pty";

const options = { name: "xterm-256color", cols: 80, rows: 24, encoding: null };

/** What everything is held against: a PTY read in this process, with nothing between. */
export function openRaw(file: string, args: string[]): IPty {
  return spawn(file, args, { ...options, env: { ...process.env, PS1: "$ " } as Record<string, string> });
}

/** Round trips of single keys through `cat` with the kernel's echo off, one at a time, in ms. */
export function rawEcho(keys: number): Promise<number[]> {
  return echoThrough(openRaw("sh", ["-c", echoScript]), keys);
}

/** Says `R` once keys come back. */
export const echoScript = "stty raw -echo; printf R; exec cat";

/** On a PTY that runs `echoScript`, here or at the end of something; it is killed after it. */
export async function echoThrough(pty: IPty, keys: number): Promise<number[]> {
  const next = () =>
    new Promise<void>((resolve) => {
      const listener = pty.onData(() => {
        listener.dispose();
        resolve();
      });
    });
  await next();
  const times: number[] = [];
  for (let at = 0; at < keys; at++) {
    const started = performance.now();
    const echoed = next();
    pty.write("x");
    await echoed;
    times.push(performance.now() - started);
  }
  pty.kill("SIGKILL");
  return times;
}

/** MB/s of `cat` of a file into a read loop that throws the bytes away. */
export function rawThroughput(file: string, bytes: number): Promise<number> {
  return throughputOf(openRaw("sh", ["-c", floodScript(file)]), bytes);
}

/** Prints `R`, and the file once it is given a line. */
export const floodScript = (file: string) => `stty -echo; printf R; head -n 1 >/dev/null; cat '${file}'; sleep 1`;

/** On a PTY that runs `floodScript`, here or at the end of something; it is killed after it. */
export async function throughputOf(pty: IPty, bytes: number): Promise<number> {
  let [started, taken] = [0, 0];
  // Its tail may be lost at exit, so the last 64 KiB do not count.
  await new Promise<void>((resolve) => {
    pty.onData((data) => {
      if (started === 0) {
        started = performance.now();
        pty.write("\n");
        return;
      }
      taken += data.length;
      if (taken >= bytes - 65_536) resolve();
    });
    pty.onExit(() => resolve());
  });
  const seconds = (performance.now() - started) / 1000;
  pty.kill("SIGKILL");
  return taken / 1e6 / seconds;
}
