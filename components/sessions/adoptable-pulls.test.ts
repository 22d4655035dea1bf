import { expect, it } from "vitest";
import type { OpenPullView } from "@/server/protocol/pulls";
import { adoptablePulls } from "./adoptable-pulls";

const pull = (number: number, headRef: string, inFork = false): OpenPullView => ({
  ...{ url: `https://forge.test/team/app/pulls/${number}`, number, title: `Change ${number}`, author: "eve" },
  ...{ draft: false, sessionId: null, headRef, baseRef: "main", inFork },
});

it("a session is offered for what no active session of the repository works on, and for no fork", () => {
  const session = (repositoryId: string, state: "active" | "ended", branch: string) => ({
    repositoryId,
    state,
    branch,
  });
  const sessions = [session("app", "active", "a"), session("app", "ended", "b"), session("other", "active", "c")];
  const all = [pull(1, "a"), pull(2, "b"), pull(3, "c"), pull(4, "d", true)];
  expect(adoptablePulls(all, sessions, "app").map(({ number }) => number)).toEqual([2, 3]);
});
