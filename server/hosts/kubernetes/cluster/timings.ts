export type ClusterTimings = {
  /** For any one answer of the API server, and for a program that gives credentials. */
  answerMs: number;
  /** Younger credentials that were turned away are not read again. */
  freshCredentialsMs: number;
  /** The API server is asked to end each watch after this long, and the next goes on from there. */
  watchMs: number;
  /** Beyond `watchMs`, until a watch that did not end is taken for one whose other side is gone. */
  watchGraceMs: number;
  backoff: { fromMs: number; toMs: number };
};

/** A watch whose other side went silently is found within 45 s, as a link to a holder is. */
export const clusterTimings: ClusterTimings = {
  answerMs: 10_000,
  freshCredentialsMs: 10_000,
  watchMs: 30_000,
  watchGraceMs: 10_000,
  backoff: { fromMs: 250, toMs: 8_000 },
};
