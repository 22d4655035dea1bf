import { type CreationStep, creationSteps, type StepRecord } from "../../domain/session";

type Records = StepRecord<CreationStep>[];

/** The records that hold: a step taken again voids what was recorded of it and of the steps behind it. Pure. */
export function currentRecords(creation: Records): Records {
  let current: Records = [];
  for (const record of creation) {
    const place = creationSteps.indexOf(record.step);
    current = current.filter(({ step }) => creationSteps.indexOf(step) < place);
    current.push(record);
  }
  return current;
}

/** What is done and stays done is kept; of what is void only the tries of the setup script, which are counted. */
export function withBegun(creation: Records, step: CreationStep, at: Date): Records {
  const begun = { step, startedAt: at, endedAt: null, detail: null };
  const all = [...creation, begun];
  const holds = new Set(currentRecords(all));
  return all.filter((record) => holds.has(record) || record.step === "setup");
}

export function withEnded(
  creation: Records,
  step: CreationStep,
  { at, detail }: { at: Date; detail: string | null },
): Records {
  return withLast(creation, step, { endedAt: at, detail });
}

/** What a step that goes on says of itself. */
export function withDetail(creation: Records, step: CreationStep, detail: string | null): Records {
  return withLast(creation, step, { detail });
}

function withLast(creation: Records, step: CreationStep, change: Partial<StepRecord<CreationStep>>): Records {
  const last = creation.findLastIndex((record) => record.step === step);
  return creation.map((record, index) => (index === last ? { ...record, ...change } : record));
}

/** The first step that is not done; null when the session is made. */
export function stepToTake(creation: Records): { step: CreationStep; begun: boolean } | null {
  const current = currentRecords(creation);
  for (const step of creationSteps) {
    const record = current.find((candidate) => candidate.step === step);
    if (!record || record.endedAt === null) return { step, begun: record !== undefined };
  }
  return null;
}

/** How often the setup script was begun. */
export function setupAttempt(creation: Records): number {
  return creation.filter(({ step }) => step === "setup").length;
}
