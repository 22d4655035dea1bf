export type ExecTimings = {
  /** A proxy between here and the cluster ends what was idle for a minute or more. */
  pingMs: number;
  /** A whole number of pings: that many without a byte from the API server drop the link, though nobody closed it. */
  silenceMs: number;
  /** From the command's exit status to the API server's own end of the link, when it is ended from here. */
  closingMs: number;
};

export const execTimings: ExecTimings = { pingMs: 15_000, silenceMs: 45_000, closingMs: 5_000 };
