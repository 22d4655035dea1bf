import { parseArgs } from "node:util";
import { connect } from "./connect";
import { serve } from "./serve";
import { readSurroundings } from "./surroundings";

const usage = `usage:
  holder.mjs serve --socket <path> --dir <state directory> --version <version>
    [--credentials <path>] [--lock <directory>] [--environment <file>] [--launcher <program>]
  holder.mjs connect --socket <path>
`;

/** Standard output may be a pipe whose reader is long gone. */
process.stdout.on("error", () => {});

process.exitCode = await run(process.argv.slice(2)).catch((error) => {
  process.stderr.write(`the holder cannot run: ${error instanceof Error ? error.message : String(error)}\n`);
  return 1;
});
process.exit();

async function run(args: string[]): Promise<number> {
  const text = { type: "string" } as const;
  const options = {
    ...{ socket: text, dir: text, version: text, credentials: text },
    ...{ lock: text, environment: text, launcher: text },
  };
  const { positionals, values } = parseArgs({ args, options, allowPositionals: true });
  const [verb] = positionals;
  const { socket, dir, version } = values;
  if (verb === "connect" && socket !== undefined) return connect(socket);
  if (verb === "serve" && socket !== undefined && dir !== undefined && version !== undefined) {
    const { environment: environmentFile = null, launcher = null } = values;
    const served = await serve({
      ...{ socket, dir, version, credentials: values.credentials ?? null, lockDir: values.lock ?? dir },
      surroundings: readSurroundings({ environmentFile, launcher }),
    });
    if (served.kind === "other") {
      process.stdout.write(`a holder is already running here: pid ${served.pid}\n`);
      return 0;
    }
    process.stdout.write(`the holder listens at ${socket}\n`);
    await served.ended;
    return 0;
  }
  process.stderr.write(usage);
  return 2;
}
