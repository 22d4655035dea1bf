/** Took longer than it may: the other side is gone, or as good as. */
export class TimeoutFailure extends Error {
  constructor(readonly limitMs: number) {
    super(`no answer within ${limitMs} ms`);
    this.name = "TimeoutFailure";
  }
}
