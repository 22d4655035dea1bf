/** Runs what it is given, at most `atOnce` at a time, in the order asked. */
export function limited(atOnce: number): <T>(work: () => Promise<T>) => Promise<T> {
  const queued: (() => void)[] = [];
  let running = 0;
  return async (work) => {
    if (running >= atOnce) await new Promise<void>((resolve) => queued.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      const next = queued.shift();
      if (next) next();
      else running -= 1;
    }
  };
}
