import type { ForgeKind } from "../../server/domain/forge";

/** Ten repositories as they stand on a forge, with all pull requests open, checked and mergeable. */
export type ForgeSide = {
  name: string;
  kind: ForgeKind;
  token: string;
  places: { url: string; path: string }[];
  /** What the client takes for now: see `openGitea`. */
  now(): Date;
  /** So many as there are repositories get a commit, and its checks pass. */
  move(): Promise<void>;
  /** All that went to the forge since it was last asked, counted at the socket. */
  requests(): number;
  close(): Promise<void>;
};

export const [repositories, sessionsEach, pullsEach] = [10, 10, 3];
export const pulls = repositories * sessionsEach * pullsEach;

/** Every session has one pull request from its own branch, and others from branches below it. */
export const branchesOf = (repository: number): string[] =>
  Array.from({ length: sessionsEach }, (_, session) => sessionBranch(repository, session)).flatMap((branch) =>
    Array.from({ length: pullsEach }, (_, at) => (at === 0 ? branch : `${branch}-topic-${at}`)),
  );

export const sessionBranch = (repository: number, session: number): string =>
  `session/ada/r${repository}s${session}`.padEnd(20, "x");
