import { AppError } from "../../domain/app-error";
import { GitError } from "../git/git";
import { lastWords } from "../git/last-words";
import { troubleIn } from "../git/trouble";

export type StepFailure =
  /** Passes by itself: the host is away, another git holds a lock, the network. */
  | { kind: "passing"; reason: string }
  | { kind: "lasting"; reason: string; output: string | null }
  /** Not foreseen: told to the operator, and tried a few times before a person is asked. */
  | { kind: "bug"; reason: string };

const advice: Partial<Record<ReturnType<typeof troubleIn>, string>> = {
  "disk-full": "The disk of this host is full. Make room, then retry.",
};

/** What a step that threw means for its session. Pure. */
export function failureOf(error: unknown): StepFailure {
  if (AppError.is(error))
    return error.code === "unavailable"
      ? { kind: "passing", reason: error.message }
      : { kind: "lasting", reason: error.message, output: null };
  if (!(error instanceof GitError))
    return { kind: "bug", reason: error instanceof Error ? error.message : String(error) };
  const trouble = troubleIn(error.output);
  const words = lastWords(error.output) || `it ended with ${error.code === null ? "a signal" : `code ${error.code}`}`;
  if (trouble === "network") return { kind: "passing", reason: words };
  const said = `git ${error.args.find((arg) => !arg.startsWith("-")) ?? ""} said: ${words}`;
  const told = advice[trouble];
  return { kind: "lasting", reason: told === undefined ? said : `${told} ${said}`, output: error.output.slice(-4_096) };
}
