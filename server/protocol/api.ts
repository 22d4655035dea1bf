import { z } from "zod";
import { nudgeView, pullView } from "./pulls";

/** Times on the wire are ISO 8601 UTC; ids are opaque. What the server gives; what it takes stands in `api-requests`. */
const time = z.iso.datetime();

export const apiError = z.object({
  error: z.object({ code: z.string(), message: z.string(), details: z.unknown().optional() }),
});
export type ApiError = z.infer<typeof apiError>;

export const page = <T extends z.ZodType>(item: T) =>
  z.object({ items: z.array(item), nextCursor: z.string().nullable() });

export const hostKind = z.enum(["local", "kubernetes"]);

/** JSON has no undefined: what is not there is no key, and its type says so. */
const present = <T extends object>(value: T) => value as { [K in keyof T]: Exclude<T[K], undefined> };

const podQuantities = z
  .object({ cpu: z.string().optional(), memory: z.string().optional(), "ephemeral-storage": z.string().optional() })
  .strict()
  .transform(present);

const podResources = z
  .object({ requests: podQuantities.optional(), limits: podQuantities.optional() })
  .strict()
  .transform(present);

const podStorage = z
  .object({
    size: z.string().optional(),
    className: z.string().optional(),
    disruptionBudget: z.boolean().optional(),
  })
  .strict()
  .transform(present);

const podToleration = z
  .object({
    key: z.string().optional(),
    operator: z.enum(["Exists", "Equal"]).optional(),
    value: z.string().optional(),
    effect: z.enum(["NoSchedule", "PreferNoSchedule", "NoExecute"]).optional(),
    tolerationSeconds: z.int().optional(),
  })
  .strict()
  .transform(present);

export const repositorySettings = z.object({
  image: z.string().nullable(),
  resources: podResources.nullable(),
  storage: podStorage.nullable(),
  nodeSelector: z.record(z.string(), z.string()).nullable(),
  tolerations: z.array(podToleration),
  env: z.record(z.string(), z.string()),
  setupScript: z.string(),
  copyFiles: z.array(z.string()),
  keepEndedDays: z.int(),
  sharedPod: z.boolean(),
  suspendAfterMinutes: z.int(),
  nudges: z.enum(["off", "suggest", "send"]),
  autoMerge: z.boolean(),
  reviewTrigger: z.enum(["off", "on-open", "on-checks-pass"]),
  reviewAgent: z.string().nullable(),
  notify: z.object({
    checks: z.boolean(),
    review: z.boolean(),
    merged: z.boolean(),
    closed: z.boolean(),
    conflict: z.boolean(),
  }),
  costCapUsd: z.string().nullable(),
  maxTasks: z.int(),
});

/** State of a host as last seen. `unreachable` says nothing about what runs there. */
export const hostState = z.object({
  kind: hostKind,
  state: z.enum(["reachable", "starting", "suspended", "unreachable"]),
  /** What is waited for while `starting`, what went wrong when `unreachable`, who else took it down when `suspended`. */
  reason: z.string().nullable(),
  /** What a person must mend before it can come up; null while it comes by itself. */
  trouble: z.string().nullable(),
  since: time.nullable(),
});
export type HostStateView = z.infer<typeof hostState>;

/** The host of one repository: this machine, or its pod. */
export const repositoryHost = hostState.extend({
  podName: z.string().nullable(),
  /** What waits for a restart of the pod, each in words. */
  pending: z.array(z.string()),
});
export type RepositoryHostView = z.infer<typeof repositoryHost>;

export const hostView = hostState.extend({
  version: z.string().nullable(),
  /** What the server may not do there, each with the rule that grants it. */
  missingRights: z.array(z.object({ right: z.string(), rule: z.string() })),
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
});
export type HostView = z.infer<typeof hostView>;

export const repositoryView = z.object({
  id: z.string(),
  name: z.string(),
  cloneUrl: z.string(),
  host: hostKind,
  hostState: repositoryHost,
  forgeId: z.string().nullable(),
  defaultBranch: z.string().nullable(),
  settings: repositorySettings,
  /** Why its forge does not give its pull requests, in words with what to do, though it answers; null while it does. */
  pullTrouble: z.object({ reason: z.string(), since: time }).nullable(),
  /** `cloning` has progress in git's words; `failed` has git's reason and is tried again. */
  clone: z.object({
    state: z.enum(["cloning", "ready", "failed", "deleting"]),
    detail: z.string().nullable(),
    percent: z.int().nullable(),
    clonedAt: time.nullable(),
  }),
  activeSessions: z.int(),
  createdAt: time,
});
export type RepositoryView = z.infer<typeof repositoryView>;

export const phase = z.enum(["creating", "active", "unreachable", "ending", "ended", "failed"]);

export const terminalView = z.object({
  id: z.string(),
  /** What a tab shows: the person's title, else the program's, else the command's name. */
  title: z.string(),
  renamed: z.boolean(),
  command: z.array(z.string()).nullable(),
  state: z.enum(["starting", "running", "exited", "closed", "unknown"]),
  exit: z
    .object({
      code: z.int().nullable(),
      signal: z.string().nullable(),
      reason: z.enum(["exited", "killed", "lost"]),
      at: time,
    })
    .nullable(),
  createdAt: time,
});
export type TerminalView = z.infer<typeof terminalView>;

export const stepView = z.object({
  step: z.string(),
  /** What the step does, in words a person reads. */
  title: z.string(),
  state: z.enum(["waiting", "running", "done", "failed"]),
  startedAt: time.nullable(),
  endedAt: time.nullable(),
  detail: z.string().nullable(),
});
export type StepView = z.infer<typeof stepView>;

export const sessionView = z.object({
  id: z.string(),
  shortId: z.string(),
  title: z.string(),
  repositoryId: z.string(),
  repositoryName: z.string(),
  userId: z.string(),
  username: z.string(),
  host: hostKind,
  /** Of the host that it lives on: this machine, or the pod of its repository. */
  hostState,
  branch: z.string(),
  baseBranch: z.string().nullable(),
  baseSha: z.string().nullable(),
  worktreePath: z.string().nullable(),
  podName: z.string().nullable(),
  state: z.enum(["active", "ended"]),
  phase,
  phaseDetail: z.string().nullable(),
  /** Creation while `creating` or `failed` in it, ending while `ending`; empty else. */
  steps: z.array(stepView),
  failure: z.object({ step: z.string(), reason: z.string(), output: z.string().nullable(), at: time }).nullable(),
  /** Why the last End was given up; the session is active. */
  endRefusal: z.object({ reason: z.string(), at: time }).nullable(),
  setupTerminalId: z.string().nullable(),
  status: z.string().nullable(),
  statusReason: z.string().nullable(),
  costUsd: z.string(),
  createdAt: time,
  endedAt: time.nullable(),
  seenAt: time.nullable(),
  rescueRefs: z.array(z.object({ ref: z.string(), sha: z.string() })),
  setAsidePath: z.string().nullable(),
  /** When the directory set aside goes by itself. */
  setAsideUntil: time.nullable(),
  pushedBranches: z.array(z.string()),
  restoredFromId: z.string().nullable(),
  terminals: z.array(terminalView),
  chats: z.array(z.unknown()).max(0),
  /** Its own, newest first; then those of others, in stacks with them. */
  prs: z.array(pullView),
  prsAround: z.array(pullView),
  nudges: z.array(nudgeView),
  /** Addresses of pull requests that its programs printed and that nobody tracks. */
  pullHints: z.array(z.string()),
});
export type SessionView = z.infer<typeof sessionView>;

const look = <T extends z.ZodType>(value: T) =>
  z.discriminatedUnion("state", [
    z.object({ state: z.literal("known"), value }),
    z.object({ state: z.literal("unknown"), reason: z.string() }),
  ]);

const fileList = z.object({
  count: z.int(),
  bytes: z.number().nullable(),
  names: z.array(z.object({ path: z.string(), bytes: z.number().nullable() })),
});

const program = z.object({
  pid: z.int(),
  command: z.string(),
  terminalId: z.string().nullable(),
  startedAt: z.number().nullable(),
});

const placed = z.array(z.object({ path: z.string(), reason: z.string() }));

/** The domain's `Loss`, read back from JSON. */
export const lossSchema = z.object({
  branches: look(
    z.array(
      z.object({
        branch: z.string().nullable(),
        head: z.string(),
        commitsOnNoRemote: z.object({
          count: z.int(),
          commits: z.array(z.object({ sha: z.string(), subject: z.string() })),
        }),
      }),
    ),
  ),
  changed: look(fileList),
  untracked: look(fileList),
  ignored: look(fileList),
  stashes: look(
    z.array(z.object({ ref: z.string(), sha: z.string(), message: z.string(), branch: z.string().nullable() })),
  ),
  operation: look(z.string().nullable()),
  submodules: look(placed),
  nestedRepositories: look(placed),
  programs: look(z.array(program)),
  turns: look(z.array(z.object({ chatId: z.string(), title: z.string() }))),
});

/** What ends when the host of a repository is started again; the token confirms that it was read. */
export const hostBurden = z.object({
  sessions: z.array(z.object({ sessionId: z.string(), title: z.string(), programs: z.array(program) })),
  /** Sessions of which it could not be seen what runs. */
  unknown: z.array(z.object({ sessionId: z.string(), title: z.string(), reason: z.string() })),
  token: z.string(),
});
export type HostBurdenView = z.infer<typeof hostBurden>;

export const lossView = lossSchema.extend({ token: z.string(), seenAt: time });
export type LossView = z.infer<typeof lossView>;

/** What ended sessions of a repository left behind: the page that lists rescues, and what deletion would take along. */
export const rescueView = z.object({
  sessionId: z.string(),
  shortId: z.string(),
  title: z.string(),
  endedAt: time,
  rescueRefs: z.array(z.object({ ref: z.string(), sha: z.string(), subject: z.string().nullable() })),
  setAsidePath: z.string().nullable(),
  setAsideUntil: time.nullable(),
});
export type RescueView = z.infer<typeof rescueView>;

export const notificationView = z.object({
  id: z.string(),
  sessionId: z.string().nullable(),
  kind: z.string(),
  title: z.string(),
  body: z.string(),
  createdAt: time,
  readAt: time.nullable(),
});
export type NotificationView = z.infer<typeof notificationView>;

export const userView = z.object({
  id: z.string(),
  username: z.string(),
  name: z.string(),
  email: z.string(),
  role: z.enum(["admin", "member"]),
});
export type UserView = z.infer<typeof userView>;
