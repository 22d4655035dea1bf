import { z } from "zod";
import {
  type CreationStep,
  creationSteps,
  type EndingStep,
  endingSteps,
  type Failure,
  type Session,
  type StepRecord,
} from "../domain/session";
import { jsonDate } from "./json-dates";

export const sessionJson = [
  "creation",
  "failure",
  "ending",
  "endingSteps",
  "endRefusal",
  "rescueRefs",
  "pushedBranches",
] as const satisfies (keyof Session)[];

const stepTimes = { startedAt: jsonDate, endedAt: jsonDate.nullable(), detail: z.string().nullable() };
const creationRecord: z.ZodType<StepRecord<CreationStep>> = z.object({ step: z.enum(creationSteps), ...stepTimes });
const endingRecord: z.ZodType<StepRecord<EndingStep>> = z.object({ step: z.enum(endingSteps), ...stepTimes });
const failure: z.ZodType<Failure> = z.object({
  step: z.enum([...creationSteps, ...endingSteps]),
  reason: z.string(),
  output: z.string().nullable(),
  at: jsonDate,
});

/** A session as Prisma reads it. */
export const sessionRow: z.ZodType<Session> = z.object({
  id: z.string(),
  shortId: z.string(),
  title: z.string(),
  userId: z.string(),
  username: z.string(),
  repositoryId: z.string(),
  host: z.enum(["local", "kubernetes"]),
  branch: z.string(),
  base: z.string().nullable(),
  baseBranch: z.string().nullable(),
  baseSha: z.string().nullable(),
  wanted: z.enum(["active", "ended"]),
  creation: z.array(creationRecord),
  failure: failure.nullable(),
  ending: z
    .object({
      keep: z.enum(["rescue", "push", "commit-and-push", "nothing"]),
      lossToken: z.string().nullable(),
      requestedAt: jsonDate,
    })
    .nullable(),
  endingSteps: z.array(endingRecord),
  endRefusal: z.object({ reason: z.string(), at: jsonDate }).nullable(),
  rescueRefs: z.array(z.object({ ref: z.string(), sha: z.string() })),
  pushedBranches: z.array(z.string()),
  restoredFromId: z.string().nullable(),
  adoptedFrom: z.string().nullable(),
  createdAt: z.date(),
  endedAt: z.date().nullable(),
  seenAt: z.date().nullable(),
});
