import { z } from "zod";
import { AppError } from "../domain/app-error";
import type { Budget } from "../pulls/forge-client";
import { fetchBounded } from "./bounded-fetch";
import { refusalOf } from "./refusal";
import { RequestBudget } from "./request-budget";

export type Asked = {
  method?: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  /** Of a list each entry is given under the same name. */
  query?: Record<string, string | number | readonly string[] | undefined>;
  body?: unknown;
  /** Of a text rather than JSON: at most this much of its end is kept. */
  tailBytes?: number;
};
export type Answer = { status: number; json: unknown; text: string; headers: Headers };

type Options = {
  /** Of the API, without a slash at its end. */
  base: string;
  headers: Record<string, string>;
  /** As a person calls it, for messages. */
  name: string;
  now(): Date;
  limitMs?: number | undefined;
  fetch?: typeof fetch | undefined;
};

/** One token's way to one forge's API: counted, bounded, and in words where it fails. Follows a repository that moved. */
export class ForgeHttp {
  readonly #budget: RequestBudget;

  constructor(private readonly options: Options) {
    this.#budget = new RequestBudget(options.now);
  }

  budget(): Budget {
    return this.#budget.reading();
  }

  /** The answer of a 2xx, read by its schema. What the forge adds to it is left out. */
  async ask<Shape extends z.ZodType>(path: string, shape: Shape, asked: Asked = {}): Promise<z.infer<Shape>> {
    return this.read(path, shape, (await this.send(path, asked)).json);
  }

  read<Shape extends z.ZodType>(path: string, shape: Shape, json: unknown): z.infer<Shape> {
    const read = shape.safeParse(json);
    if (read.success) return read.data;
    const where = read.error.issues[0]?.path.join(".") ?? "";
    throw new AppError("unavailable", `${this.options.name} answered ${path} in a shape that is not known (${where}).`);
  }

  /** Rejects for what is no 2xx. */
  async send(path: string, asked: Asked = {}): Promise<Answer> {
    const { base, headers, name } = this.options;
    const url = new URL(`${base}${path}`);
    for (const [key, value = []] of Object.entries(asked.query ?? {}))
      for (const each of [value].flat()) url.searchParams.append(key, String(each));
    this.#budget.asked();
    const wanted = {
      method: asked.method ?? "GET",
      headers: asked.body === undefined ? headers : { ...headers, "content-type": "application/json" },
      ...(asked.body === undefined ? {} : { body: JSON.stringify(asked.body) }),
    };
    const response = await fetchBounded(url, wanted, { ...this.options, tailBytes: asked.tailBytes });
    this.#budget.answered(response);
    const text = await response.text();
    const { status } = response;
    if (!response.ok)
      throw refusalOf({ name, status, headers: response.headers, said: saidIn(text), budget: this.budget() });
    return { status, headers: response.headers, text, json: asked.tailBytes ? null : parse(text) };
  }
}

function parse(text: string): unknown {
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

const message = z.union([
  z.object({ message: z.string() }).transform((said) => said.message),
  z.object({ message: z.record(z.string(), z.unknown()) }).transform((said) => JSON.stringify(said.message)),
  z.object({ message: z.array(z.unknown()) }).transform((said) => said.message.map(String).join("; ")),
  z.object({ error_description: z.string() }).transform((said) => said.error_description),
  z.object({ error: z.string() }).transform((said) => said.error),
]);

/** Each forge has its own field for it. */
function saidIn(text: string): string {
  const read = message.safeParse(parse(text));
  return read.success ? read.data : "";
}
