import "./without-eval";
import { z } from "zod";
import {
  hostView,
  lossView,
  page,
  repositoryHost,
  repositoryView,
  rescueView,
  sessionView,
  terminalView,
  userView,
} from "../../server/protocol/api";
import type {
  createRepository,
  createSession,
  createTerminal,
  endSession,
  patchRepository,
  patchUser,
} from "../../server/protocol/api-requests";
import {
  addedChannel,
  channelView,
  type createChannel,
  type NotificationSettings,
  notificationSettings,
  pushKeyView,
} from "../../server/protocol/channels";
import type {
  createForge,
  createPull,
  mergePull,
  patchForge,
  requestReview,
  retargetPull,
} from "../../server/protocol/pulls";
import { forgeView, openPullView, pullDraftView, pullView } from "../../server/protocol/pulls";
import { request } from "./request";

const remainsView = z.object({
  rescues: z.array(rescueView),
  unpushedBranches: z.array(z.object({ branch: z.string(), commits: z.int() })),
  directories: z.array(z.string()),
  token: z.string(),
});
export type RemainsView = z.infer<typeof remainsView>;

const channel = (id: string) => `/api/notification-channels/${encodeURIComponent(id)}`;
const longMs = 120_000;
const session = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;
const repository = (id: string) => `/api/repositories/${encodeURIComponent(id)}`;
const pull = (id: string, pullId: string) => `${session(id)}/prs/${encodeURIComponent(pullId)}`;
const forge = (id: string) => `/api/forges/${encodeURIComponent(id)}`;
const terminal = (id: string, terminalId: string) => `${session(id)}/terminals/${encodeURIComponent(terminalId)}`;

/** The HTTP API, typed. Everything rejects with an `ApiFailure`, whose message is for the person. */
export const api = {
  me: (signal?: AbortSignal) => request("/api/me", { answer: userView, ...(signal && { signal }) }),
  patchMe: (body: z.input<typeof patchUser>) => request("/api/me", { method: "PATCH", body, answer: userView }),
  signIn: (token: string) => request("/api/sign-in", { method: "POST", body: { token }, answer: userView }),
  signOut: () => request("/api/sign-out", { method: "POST", answer: null }),
  hosts: () => request("/api/hosts", { answer: z.object({ items: z.array(hostView) }) }),

  addRepository: (body: z.input<typeof createRepository>) =>
    request("/api/repositories", { method: "POST", body, answer: repositoryView, limitMs: longMs }),
  patchRepository: (id: string, body: z.input<typeof patchRepository>) =>
    request(repository(id), { method: "PATCH", body, answer: repositoryView }),
  wakeHost: (id: string) => request(`${repository(id)}/host/wake`, { method: "POST", answer: repositoryHost }),
  /** An `ApiFailure` "conflict" carries what would end, until `token` names it. */
  restartHost: (id: string, token: string | undefined) =>
    request(`${repository(id)}/host/restart`, {
      method: "POST",
      body: token === undefined ? {} : { token },
      answer: repositoryHost,
      limitMs: longMs,
    }),
  rescues: (id: string) => request(`${repository(id)}/rescues`, { answer: z.object({ items: z.array(rescueView) }) }),
  remains: (id: string) => request(`${repository(id)}/remains`, { answer: remainsView, limitMs: longMs }),
  deleteRepository: (id: string, token: string) =>
    request(`${repository(id)}?token=${encodeURIComponent(token)}`, { method: "DELETE", answer: null }),

  session: (id: string) => request(session(id), { answer: sessionView }),
  endedSessions: (filter: { repositoryId?: string; cursor?: string; q?: string }) =>
    request(`/api/sessions?${new URLSearchParams({ state: "ended", ...filter })}`, { answer: page(sessionView) }),
  newSession: (body: z.input<typeof createSession>) =>
    request("/api/sessions", { method: "POST", body, answer: sessionView }),
  renameSession: (id: string, title: string) =>
    request(session(id), { method: "PATCH", body: { title }, answer: sessionView }),
  retry: (id: string, skip: boolean) =>
    request(`${session(id)}/retry`, { method: "POST", body: { skip }, answer: sessionView }),
  loss: (id: string, signal?: AbortSignal) =>
    request(`${session(id)}/loss`, { answer: lossView, limitMs: longMs, ...(signal && { signal }) }),
  end: (id: string, body: z.input<typeof endSession>) =>
    request(`${session(id)}/end`, { method: "POST", body, answer: sessionView, limitMs: longMs }),

  openTerminal: (id: string, body: z.input<typeof createTerminal>) =>
    request(`${session(id)}/terminals`, { method: "POST", body, answer: terminalView }),
  renameTerminal: (id: string, terminalId: string, title: string | null) =>
    request(terminal(id, terminalId), { method: "PATCH", body: { title }, answer: terminalView }),
  closeTerminal: (id: string, terminalId: string) =>
    request(terminal(id, terminalId), { method: "DELETE", answer: null }),
  restartTerminal: (id: string, terminalId: string) =>
    request(`${terminal(id, terminalId)}/restart`, { method: "POST", answer: terminalView }),

  openPulls: (repositoryId: string, signal?: AbortSignal) =>
    request(`${repository(repositoryId)}/prs`, {
      answer: z.object({ items: z.array(openPullView) }),
      ...(signal && { signal }),
    }),
  pullDraft: (id: string, { head, base }: { head: string; base: string }, signal?: AbortSignal) => {
    const query = new URLSearchParams({ ...(head === "" ? {} : { head }), ...(base === "" ? {} : { base }) });
    return request(`${session(id)}/prs/draft?${query}`, { answer: pullDraftView, ...(signal && { signal }) });
  },
  /** Links by address, or opens one on the forge. */
  createPull: (id: string, body: z.input<typeof createPull>) => actOnPull(`${session(id)}/prs`, body),
  unlinkPull: (id: string, pullId: string) => request(pull(id, pullId), { method: "DELETE", answer: null }),
  /** An `ApiFailure` "conflict" where the head is another than `headSha` by now. */
  mergePull: (id: string, pullId: string, body: z.input<typeof mergePull>) =>
    actOnPull(`${pull(id, pullId)}/merge`, body),
  retargetPull: (id: string, pullId: string, body: z.input<typeof retargetPull>) =>
    actOnPull(`${pull(id, pullId)}/retarget`, body),
  updatePull: (id: string, pullId: string) => actOnPull(`${pull(id, pullId)}/update`),
  requestReview: (id: string, pullId: string, body: z.input<typeof requestReview>) =>
    actOnPull(`${pull(id, pullId)}/request-review`, body),
  refreshPull: (id: string, pullId: string) => actOnPull(`${pull(id, pullId)}/refresh`),
  nudgeDone: (id: string, pullId: string, nudgeId: string) =>
    request(`${pull(id, pullId)}/nudges/${encodeURIComponent(nudgeId)}/done`, { method: "POST", answer: null }),
  forges: (signal?: AbortSignal) =>
    request("/api/forges", { answer: z.object({ items: z.array(forgeView) }), ...(signal && { signal }) }),
  addForge: (body: z.input<typeof createForge>) =>
    request("/api/forges", { method: "POST", body, answer: forgeView, limitMs: longMs }),
  patchForge: (id: string, body: z.input<typeof patchForge>) =>
    request(forge(id), { method: "PATCH", body, answer: forgeView, limitMs: longMs }),
  checkForge: (id: string) => request(`${forge(id)}/check`, { method: "POST", answer: forgeView, limitMs: longMs }),
  removeForge: (id: string) => request(forge(id), { method: "DELETE", answer: null }),
  registerWebhook: (id: string) =>
    request(`${repository(id)}/webhook`, { method: "POST", answer: null, limitMs: longMs }),
  channels: () => request("/api/notification-channels", { answer: z.object({ items: z.array(channelView) }) }),
  addChannel: (body: z.input<typeof createChannel>) =>
    request("/api/notification-channels", { method: "POST", body, answer: addedChannel }),
  removeChannel: (id: string) => request(channel(id), { method: "DELETE", answer: null }),
  testChannel: (id: string) => request(`${channel(id)}/test`, { method: "POST", answer: channelView }),
  notificationSettings: () => request("/api/notification-settings", { answer: notificationSettings }),
  patchNotificationSettings: (body: NotificationSettings) =>
    request("/api/notification-settings", { method: "PATCH", body, answer: notificationSettings }),
  pushKey: () => request("/api/push-key", { answer: pushKeyView }),
  readNotifications: (ids?: string[]) =>
    request("/api/notifications/read", { method: "POST", body: ids === undefined ? {} : { ids }, answer: null }),
};

/** The forge may take its time. */
function actOnPull(path: string, body?: unknown): Promise<z.infer<typeof pullView>> {
  return request(path, { method: "POST", answer: pullView, limitMs: longMs, ...(body === undefined ? {} : { body }) });
}

/** Where a terminal's output log is, for links and downloads. */
export function terminalLogUrl(sessionId: string, terminalId: string, range: { from: number; limit: number }): string {
  return `${terminal(sessionId, terminalId)}/log?from=${range.from}&limit=${range.limit}`;
}
