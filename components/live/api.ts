import "./without-eval";
import { z } from "zod";
import {
  hostView,
  lossView,
  page,
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
import { request } from "./request";

const remainsView = z.object({
  rescues: z.array(rescueView),
  unpushedBranches: z.array(z.object({ branch: z.string(), commits: z.int() })),
  directories: z.array(z.string()),
  token: z.string(),
});
export type RemainsView = z.infer<typeof remainsView>;

const longMs = 120_000;
const session = (id: string) => `/api/sessions/${encodeURIComponent(id)}`;
const repository = (id: string) => `/api/repositories/${encodeURIComponent(id)}`;
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

  readNotifications: (ids?: string[]) =>
    request("/api/notifications/read", { method: "POST", body: ids === undefined ? {} : { ids }, answer: null }),
};

/** Where a terminal's output log is, for links and downloads. */
export function terminalLogUrl(sessionId: string, terminalId: string, range: { from: number; limit: number }): string {
  return `${terminal(sessionId, terminalId)}/log?from=${range.from}&limit=${range.limit}`;
}
