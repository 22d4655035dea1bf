import { readFileSync } from "node:fs";
import type { ClusterGround } from "../e2e/support/cluster";
import { type GitRepository, makeGitRepository } from "../e2e/support/git-repository";
import { Program } from "../e2e/support/program";
import { openSession } from "../e2e/support/session";
import { TerminalClient, type TerminalClientOptions } from "../e2e/support/terminal-client";
import type { SessionView, TerminalView } from "../server/protocol/api";

/** The real program with one session in it. */
export class Subject {
  readonly program: Program;
  readonly remote: GitRepository;

  private constructor(
    of: { program: Program; remote: GitRepository },
    readonly session: SessionView,
    private readonly end: () => Promise<void>,
  ) {
    this.program = of.program;
    this.remote = of.remote;
  }

  static async open(env: Record<string, string> = {}): Promise<Subject> {
    const remote = makeGitRepository();
    const program = await Program.create({ TRELLIS_LOG_LEVEL: "warn", ...env });
    return new Subject({ program, remote }, await openSession(program, remote), async () => {
      await program.destroy();
      remote.remove();
    });
  }

  static async openInPod(ground: ClusterGround): Promise<Subject> {
    return new Subject(ground, await ground.openSession(), () => ground.close());
  }

  /** The same program's other session. */
  inSession(session: SessionView): Subject {
    return new Subject(this, session, async () => {});
  }

  /** A terminal with a program in it, and a viewer that is attached. */
  async terminal(command: string[], options: Partial<TerminalClientOptions> = {}): Promise<TerminalClient> {
    const where = `/api/sessions/${this.session.id}/terminals`;
    const { id } = await this.program.api<TerminalView>("POST", where, { command });
    return this.attach(id, options);
  }

  async attach(terminalId: string, options: Partial<TerminalClientOptions> = {}): Promise<TerminalClient> {
    const { program, session } = this;
    const base = { url: program.url, token: program.token, sessionId: session.id, terminalId };
    const client = new TerminalClient({ ...base, ...options });
    client.connect();
    await client.until("attached", (it) => it.attached !== null);
    return client;
  }

  /** Resident memory of the server, in bytes. */
  serverMemory(): number {
    return residentBytes(this.program.pid);
  }

  close(): Promise<void> {
    return this.end();
  }
}

export function residentBytes(pid: number): number {
  const kib = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
  return Number(kib) * 1024;
}
