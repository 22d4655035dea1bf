import { expect, it } from "vitest";
import { parseEnv, printEnv } from "./env-text";

it("an environment comes back as it was written, with equals signs and spaces inside values", () => {
  const env = { A: "1", EMPTY: "", URL: "postgres://h/d?x=1&y=2", WORDS: " a b " };
  expect(parseEnv(printEnv(env))).toEqual({ env, wrong: null });
});

it("a line that is no assignment is named, and nothing is taken", () => {
  expect(parseEnv("A=1\n\nnot one")).toEqual({ env: {}, wrong: "Line 3 is not NAME=value: not one" });
  expect(parseEnv("1A=2").wrong).toContain("Line 1");
});
