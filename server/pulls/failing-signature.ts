import { z } from "zod";

const shape = z.tuple([z.string(), z.array(z.string())]);

/** What was said of failing checks is about a head and their names: both are read again from it. */
export const failingSignature = (sha: string, names: readonly string[]): string =>
  JSON.stringify([sha, names.toSorted()]);

export function failingIn(signature: string): { sha: string; names: string[] } {
  const [sha, names] = shape.parse(JSON.parse(signature));
  return { sha, names };
}
