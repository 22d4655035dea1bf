import { z } from "zod";
import { hostKind, repositorySettings } from "./api";

/** What a user may set is refused, not stored, where this server cannot do it yet: the gateway says which. */
const settingsPatch = repositorySettings
  .extend({
    setupScript: z.string().max(64 * 1024),
    copyFiles: z.array(z.string().min(1).max(1024)).max(100),
    keepEndedDays: z.int().min(0).max(3650),
    suspendAfterMinutes: z.int().min(0).max(525_600),
  })
  .partial()
  .strict();

const title = z.string().trim().min(1).max(200);

export const createRepository = z
  .object({
    cloneUrl: z.string().trim().min(1).max(4096),
    host: hostKind.optional(),
    name: title.optional(),
    defaultBranch: z.string().min(1).max(250).optional(),
    forgeId: z.string().optional(),
    settings: settingsPatch.optional(),
  })
  .strict();

export const patchRepository = z
  .object({
    name: title.optional(),
    defaultBranch: z.string().min(1).max(250).optional(),
    settings: settingsPatch.optional(),
  })
  .strict();

/** `token` names what was read to end with it; not needed where nothing runs. */
export const restartHost = z.object({ token: z.string().max(256).optional() }).strict();

export const createSession = z
  .object({
    repositoryId: z.string().min(1),
    title: title.optional(),
    base: z.string().min(1).max(250).optional(),
    /** An ended session whose rescue is put back into the new one. */
    restoreFrom: z.string().optional(),
    pullUrl: z.string().optional(),
    agent: z.string().optional(),
    prompt: z.string().optional(),
  })
  .strict();

export const patchSession = z.object({ title }).strict();

export const endSession = z
  .object({
    keep: z.enum(["rescue", "push", "commit-and-push", "nothing"]).default("rescue"),
    token: z.string().max(256).optional(),
  })
  .strict();

export const retrySession = z
  .object({ /** Goes on without the step that failed, where it may be left out. */ skip: z.boolean().optional() })
  .strict();

export const createTerminal = z
  .object({
    title: title.optional(),
    command: z.array(z.string().max(32_768)).min(1).max(256).optional(),
    cols: z.int().min(1).max(1000).optional(),
    rows: z.int().min(1).max(1000).optional(),
  })
  .strict();

/** A null title lets the program's own show again. */
export const patchTerminal = z.object({ title: title.nullable() }).strict();

export const readNotifications = z.object({ ids: z.array(z.string()).max(200).optional() }).strict();

export const signIn = z.object({ token: z.string().min(1).max(256) }).strict();

export const patchUser = z.object({ name: title.optional(), email: z.email().optional() }).strict();
