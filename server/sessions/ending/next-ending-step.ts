import { type EndingStep, endingSteps, type Session, type StepRecord } from "../../domain/session";

type Ending = NonNullable<Session["ending"]>;

/** The records that hold: what was done for an earlier request is void, so asking to keep more begins again. Pure. */
export function currentEndingRecords(ending: Ending, records: StepRecord<EndingStep>[]): StepRecord<EndingStep>[] {
  return records.filter(({ startedAt }) => startedAt.getTime() >= ending.requestedAt.getTime());
}

/** The first step that is not done. The last one stays until `endedAt` is set, which is written together with it. Pure. */
export function nextEndingStep(ending: Ending, records: StepRecord<EndingStep>[]): EndingStep {
  const current = currentEndingRecords(ending, records);
  const isDone = (step: EndingStep) => current.some((record) => record.step === step && record.endedAt !== null);
  return endingSteps.find((step) => !isDone(step)) ?? "confirm";
}

/** From here on nothing is given up any more: what fails waits for a retry. Pure. */
export function isPastReturn(step: EndingStep): boolean {
  return endingSteps.indexOf(step) >= endingSteps.indexOf("set-aside");
}
