// Tables of ratios, each measured side by side in one run: `npm run bench [-- <name> …]`.
import { inspectable } from "./collect-garbage";
import { benchEcho, benchInterrupt } from "./echo";
import { benchFlood } from "./flood";
import { benchKubernetes } from "./kubernetes/main";
import { benchFloodMemory, benchIdleMemory } from "./memory";
import { benchNewSession } from "./new-session";
import { benchPulls } from "./pulls/main";
import { benchReload } from "./reload";
import { benchResume } from "./resume";
import { benchStart } from "./start";
import { Subject } from "./subject";
import { printTable, type Row } from "./table";

const chromiumPath = process.env.CHROMIUM_PATH ?? "";
const asked = process.argv.slice(2);
const parts: Record<string, (subject: Subject) => Promise<Row[]>> = {
  echo: benchEcho,
  interrupt: benchInterrupt,
  flood: benchFlood,
  resume: benchResume,
  reload: (subject) => benchReload(subject, chromiumPath),
  session: benchNewSession,
  memory: benchIdleMemory,
  "flood-memory": benchFloodMemory,
};

const rows: Row[] = [];
const wants = (name: string) => asked.length === 0 || asked.includes(name);
if (wants("start")) rows.push(...(await benchStart()));
if (wants("pulls")) {
  console.error("measuring pulls");
  rows.push(...(await benchPulls()));
}
for (const [name, part] of Object.entries(parts)) {
  if (!wants(name)) continue;
  if (name === "reload" && chromiumPath === "") {
    console.error("reload: skipped, no Chromium here");
    continue;
  }
  console.error(`measuring ${name}`);
  // Each on a server of its own: what one leaves in memory is not the next one's.
  const subject = await Subject.open(name.endsWith("memory") ? inspectable : {});
  try {
    rows.push(...(await part(subject)));
  } finally {
    await subject.close();
  }
}
if (rows.length > 0) printTable(rows);
const inPods = await benchKubernetes(wants);
if (inPods.length > 0) {
  console.log("\nSessions in Kubernetes\n");
  printTable(inPods);
}
process.exitCode = 0;
