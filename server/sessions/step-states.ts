import {
  type CreationStep,
  creationSteps,
  type EndingStep,
  endingSteps,
  type Failure,
  type Session,
  type StepRecord,
} from "../domain/session";
import { currentRecords } from "./reconcile/creation-records";
import { isEnding } from "./reconcile/next-step";
import type { StepState } from "./sessions";

const titles: Record<CreationStep | EndingStep, string> = {
  host: "Reach the host",
  clone: "Clone the repository",
  fetch: "Fetch the latest",
  worktree: "Make the worktree",
  "copy-files": "Copy files in",
  setup: "Run the setup script",
  terminal: "Start the terminal",
  stop: "Stop programs",
  look: "Look again at what would be lost",
  save: "Save the work",
  verify: "Check what was saved",
  "set-aside": "Set the directory aside",
  forget: "Remove git's record of the worktree",
  confirm: "Check that nothing is left",
};

/** Creation until it is done or while it failed, ending while it ends; none else. Pure. */
export function stepStates(session: Session): StepState[] {
  if (session.endedAt !== null) return [];
  if (isEnding(session)) return states(endingSteps, lastOfEach(session.endingSteps), session.failure);
  const records = currentRecords(session.creation);
  const made = creationSteps.every((step) => records.some((record) => record.step === step && record.endedAt !== null));
  return made && session.failure === null ? [] : states(creationSteps, records, session.failure);
}

function lastOfEach<S>(records: StepRecord<S>[]): StepRecord<S>[] {
  return [...new Map(records.map((record) => [record.step, record])).values()];
}

function states<S extends CreationStep | EndingStep>(
  steps: readonly S[],
  records: StepRecord<S>[],
  failure: Failure | null,
): StepState[] {
  return steps.map((step) => {
    const record = records.find((candidate) => candidate.step === step);
    const state = record === undefined ? "waiting" : record.endedAt === null ? "running" : "done";
    return {
      step,
      title: titles[step],
      state: failure?.step === step ? "failed" : state,
      startedAt: record?.startedAt ?? null,
      endedAt: record?.endedAt ?? null,
      detail: failure?.step === step ? failure.reason : (record?.detail ?? null),
    };
  });
}
