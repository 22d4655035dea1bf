import { expect, test, vi } from "vitest";
import type { Notification } from "../domain/notification";
import { sampleRepository, sampleSession, sampleTerminal, sampleUser } from "../fakes/sample-rows";
import { quietLog } from "../hosts/testing/link-fixture";
import type { HostFacts } from "../sessions/host";
import { tellProgramEnded } from "./tell-program-ended";

const at = (minute: number) => new Date(Date.UTC(2026, 4, 6, 7, minute));
const session = sampleSession(sampleRepository(sampleUser().id), { id: "session-1", title: "Mend it" });

async function told(reason: "exited" | "lost", facts: Partial<HostFacts> = {}): Promise<Partial<Notification>> {
  const tell = vi.fn(async (message) => message);
  const exit = { code: reason === "lost" ? null : 2, signal: null, reason, at: at(30), offset: 9 };
  const terminal = { ...sampleTerminal(session.id), command: ["make"], title: null, programTitle: null, exit };
  tellProgramEnded(
    { ...terminal, createdAt: at(10) },
    {
      sessions: { get: async () => session },
      facts: () => ({ podName: "pod", pending: [], ...facts }),
      ...{ notifications: { tell }, log: quietLog },
    },
  );
  await vi.waitFor(() => expect(tell).toHaveBeenCalled());
  return tell.mock.calls[0]?.[0];
}

const words = "The whole container was killed at its memory limit of 1Gi";

test("a program that was lost is told with why all there ended, where that is known", async () => {
  expect(await told("lost")).toMatchObject({
    ...{ kind: "holder-lost", title: "A program of Mend it was lost" },
    body: "make was running when the holder died. What it printed up to then is kept.",
  });
  expect((await told("lost", { lastEnd: { words, at: at(20) } })).body).toContain(`the holder died. ${words}. What it`);
});

test("what ended before the terminal was made is no reason, nor is it for a program that ended by itself", async () => {
  expect((await told("lost", { lastEnd: { words, at: at(5) } })).body).not.toContain(words);
  expect(await told("exited", { lastEnd: { words, at: at(20) } })).toMatchObject({
    ...{ kind: "program-ended", body: "make ended with code 2." },
  });
});
