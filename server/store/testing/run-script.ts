import { spawn } from "node:child_process";
import { once } from "node:events";
import path from "node:path";

const root = path.resolve(import.meta.dirname, "../../..");

/** Runs a script of this folder in a process of its own, and resolves with what it printed. */
export async function runScript(name: string, args: string[]): Promise<string> {
  const script = path.join(import.meta.dirname, name);
  const child = spawn(process.execPath, ["--import", "tsx", script, ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const printed = { stdout: "", stderr: "" };
  child.stdout.on("data", (bytes) => (printed.stdout += bytes));
  child.stderr.on("data", (bytes) => (printed.stderr += bytes));
  const [code] = await once(child, "close");
  if (code !== 0) throw new Error(`${name} ended with ${code}: ${printed.stderr}`);
  return printed.stdout;
}
