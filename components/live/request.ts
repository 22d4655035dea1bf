import "./without-eval";
import type { z } from "zod";
import { ApiFailure, failureOf } from "./api-failure";

type Request<T extends z.ZodType> = {
  method?: "GET" | "POST" | "PATCH" | "DELETE";
  body?: unknown;
  /** Null where the answer has no body. */
  answer: T | null;
  /** Looking at a big worktree or asking a remote takes its time. */
  limitMs?: number;
  signal?: AbortSignal;
};

/** One request to the API. A POST that got no answer is sent once more under the same key, so that it happens once. */
export async function request<T extends z.ZodType>(path: string, wanted: Request<T>): Promise<z.infer<T>> {
  const method = wanted.method ?? "GET";
  const headers: Record<string, string> = {};
  if (method !== "GET") headers["content-type"] = "application/json";
  if (method === "POST") headers["idempotency-key"] = randomKey();
  const send = () =>
    fetch(path, {
      method,
      headers,
      signal: limited(wanted),
      ...(method === "GET" ? {} : { body: JSON.stringify(wanted.body ?? {}) }),
    });
  const response = await send()
    .catch((error: unknown) => {
      if (method === "POST" && error instanceof TypeError) return send();
      throw error;
    })
    .catch((error: unknown) => {
      throw notAnswered(error, wanted.signal);
    });
  return read(response, wanted.answer);
}

async function read<T extends z.ZodType>(response: Response, answer: T | null): Promise<z.infer<T>> {
  const text = await response.text();
  const body: unknown = text === "" ? null : parse(text);
  if (response.status === 401 && location.pathname !== "/sign-in") location.assign("/sign-in");
  if (!response.ok) throw failureOf(response.status, body);
  if (answer === null) return undefined as z.infer<T>;
  const result = answer.safeParse(body);
  if (result.success) return result.data;
  throw new ApiFailure(
    "unreadable",
    "The server's answer is not as this page expects. Reload the page: one of them is newer.",
    result.error,
  );
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema of the answer says so in words.
    return null;
  }
}

function limited({ limitMs = 30_000, signal }: { limitMs?: number; signal?: AbortSignal }): AbortSignal {
  const limit = AbortSignal.timeout(limitMs);
  return signal === undefined ? limit : AbortSignal.any([limit, signal]);
}

function notAnswered(error: unknown, signal: AbortSignal | undefined): unknown {
  if (signal?.aborted) return error;
  const late = error instanceof DOMException && error.name === "TimeoutError";
  const what = late ? "The server took too long to answer." : "The server did not answer.";
  return new ApiFailure("no-answer", `${what} Whether it did what was asked is unknown; look, then try again.`, error);
}

/** `randomUUID` is missing where a page is served over plain HTTP from another machine. */
function randomKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
