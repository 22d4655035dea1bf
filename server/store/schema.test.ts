import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const schema = readFileSync("prisma/schema.prisma", "utf8");
const columns = [...schema.matchAll(/^\s+(\w+)\s+\w+[?[\]]*(?:\s|$)/gm)].map(([, name = ""]) => name);

test("[I2] no table has a column for a status, a state or a phase: they are derived from facts when read", () => {
  // The answer kept for an Idempotency-Key has its HTTP status: a fact about an answer, not about a thing.
  const answer = /model IdempotentAnswer \{[^}]*\}/.exec(schema)?.[0] ?? "";
  const derived = columns.filter((name) => /status|state|phase/i.test(name));
  expect(columns.length).toBeGreaterThan(60);
  expect(derived).toEqual(answer.includes("status") ? ["status"] : []);
});
