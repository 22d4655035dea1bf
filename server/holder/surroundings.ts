import { readFileSync } from "node:fs";

/** What this host gives to every program, beneath what a request asks. */
export type Surroundings = {
  /** Of the image and the pod; null where each request brings all of a login, as on a person's own machine. */
  environment: Record<string, string> | null;
  /**
   * A program that starts the one named by its arguments, without this holder's open files: PTYs lack close-on-exec, and
   * every later program would have those of the ones before it. Null where there is none.
   */
  launcher: string | null;
};

/** `environmentFile` is as `/proc/<pid>/environ` gives it. */
export function readSurroundings(options: { environmentFile: string | null; launcher: string | null }): Surroundings {
  const { environmentFile, launcher } = options;
  return { environment: environmentFile === null ? null : parse(readFileSync(environmentFile, "utf8")), launcher };
}

export function environmentWith({ environment }: Surroundings, asked: Record<string, string>): Record<string, string> {
  return { ...environment, ...asked };
}

export function launched({ launcher }: Surroundings, argv: string[]): string[] {
  return launcher === null ? argv : [launcher, "run", ...argv];
}

function parse(text: string): Record<string, string> {
  const entries = text.split("\0").filter((entry) => entry.indexOf("=") > 0);
  return Object.fromEntries(
    entries.map((entry) => [entry.slice(0, entry.indexOf("=")), entry.slice(entry.indexOf("=") + 1)]),
  );
}
