import { AppError } from "../domain/app-error";

export type Bounds = {
  /** The forge as a person calls it, for messages. */
  name: string;
  limitMs?: number | undefined;
  fetch?: typeof fetch | undefined;
  /** At most this much of the answer's end is kept; without it an answer that is too large is refused. */
  tailBytes?: number | undefined;
};

const usualLimitMs = 20_000;
const maxAnswerBytes = 32 * 1024 * 1024;
/** Answers that have no body by definition. */
const bodiless = [204, 205, 304];

/** An answer that is wholly here, within a time and a size. Rejects with words where there is none. */
export async function fetchBounded(url: string | URL, init: RequestInit, bounds: Bounds): Promise<Response> {
  const { name, limitMs = usualLimitMs } = bounds;
  const signal = AbortSignal.timeout(limitMs);
  const words = (error: unknown, otherwise: string) =>
    signal.aborted ? `${name} did not answer within ${limitMs / 1_000} s.` : otherwise.concat(causeOf(error), ".");
  let response: Response;
  try {
    response = await (bounds.fetch ?? fetch)(url, { ...init, signal });
  } catch (error) {
    throw new AppError("unavailable", words(error, `${name} cannot be reached: `), { cause: error });
  }
  const { status, headers } = response;
  try {
    const body = await readBounded(response, bounds.tailBytes);
    return new Response(bodiless.includes(status) ? null : body, { status, headers });
  } catch (error) {
    throw new AppError("unavailable", words(error, `${name} broke off its answer: `), { cause: error });
  }
}

function causeOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}

async function readBounded(response: Response, tailBytes: number | undefined): Promise<Uint8Array<ArrayBuffer>> {
  const most = tailBytes ?? maxAnswerBytes;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.length;
    if (size > most && tailBytes === undefined) throw new Error("the answer is too large");
    while (tailBytes !== undefined && size - (chunks[0]?.length ?? 0) >= most) size -= chunks.shift()?.length ?? 0;
  }
  const all = Buffer.concat(chunks);
  return new Uint8Array(tailBytes === undefined ? all : all.subarray(-tailBytes));
}
