import type { Row } from "../table";
import { type ForgeSide, pulls, repositories } from "./forge-side";
import { giteaAccount, openGitea } from "./gitea";
import { openRoom } from "./room";
import { openGithub, openGitlab } from "./stand-ins";

const most = 2 * repositories;

/** What a poll of 100 sessions with 300 pull requests asks of a forge, beside asking for each of them. */
export async function benchPulls(): Promise<Row[]> {
  const rows = [...(await measure(await openGithub())), ...(await measure(await openGitlab()))];
  const account = giteaAccount(process.env);
  if (account === null) console.error("pulls on Gitea: skipped, FORGE_URL and its account are not set");
  else rows.push(...(await measure(await openGitea(account))));
  return rows;
}

async function measure(side: ForgeSide): Promise<Row[]> {
  try {
    const room = await openRoom(side);
    try {
      const counted = async (work: () => Promise<void>) => {
        side.requests();
        const before = process.cpuUsage();
        await work();
        const { user, system } = process.cpuUsage(before);
        return { requests: side.requests(), cpuMs: (user + system) / 1_000 };
      };
      const first = await counted(() => room.look());
      const quiet = await counted(() => room.look());
      await side.move();
      const moved = await counted(() => room.look({ isTested: side.kind !== "gitlab" }));
      await room.look();
      const each = await counted(room.lookAtEach);
      // Without GraphQL the details of each that is new or moved are requests of their own.
      const isBounded = side.kind !== "forgejo";
      return [
        rowOf(side, { what: "the first look", ours: first, each, isBounded }),
        rowOf(side, { what: "a quiet poll", ours: quiet, each, isBounded: true }),
        rowOf(side, { what: `a poll in which ${repositories} moved`, ours: moved, each, isBounded }),
      ];
    } finally {
      await room.close();
    }
  } finally {
    await side.close();
  }
}

type Count = { requests: number; cpuMs: number };
type Measured = { what: string; ours: Count; each: Count; isBounded: boolean };

function rowOf({ name, kind }: ForgeSide, { what, ours, each, isBounded }: Measured): Row {
  // The stand-ins run in this process, and their work is no work of the server's.
  const cpu = kind === "forgejo" ? `, ${ours.cpuMs.toFixed(0)} ms of CPU` : "";
  return {
    what: `${name}, ${pulls} pull requests: ${what}`,
    ours: `${ours.requests} requests${cpu}`,
    against: `${each.requests} to read each alone`,
    result: `${ours.requests} requests`,
    target: isBounded ? `≤ ${most}` : "",
    met: isBounded ? ours.requests <= most : null,
  };
}
