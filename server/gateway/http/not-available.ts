import { AppError } from "../../domain/app-error";

/** Refuses, naming each, the fields that were given: this server cannot do them yet, and ignoring is no answer. */
export function refuseFields(wanted: Record<string, unknown>, fields: string[]): void {
  refuse(fields.filter((field) => wanted[field] !== undefined));
}

/** `reasons` say more of those of which there is more to say. */
export function refuse(fields: string[], reasons: string[] = []): void {
  if (fields.length === 0) return;
  const words = [`This server cannot do this yet: ${fields.join(", ")}. Leave it out.`, ...reasons].join(" ");
  throw new AppError("not-available", words, { details: { fields } });
}
