import { isDeepStrictEqual } from "node:util";
import { AppError } from "../../domain/app-error";
import { defaultRepositorySettings, type RepositorySettings } from "../../domain/repository";

/** What this server can do with a setting other than keeping its default. */
const settable = new Set<string>(["env", "setupScript", "copyFiles", "keepEndedDays"]);

/** Refuses, naming each, the fields that were given: this server cannot do them yet, and ignoring is no answer. */
export function refuseFields(wanted: Record<string, unknown>, fields: string[]): void {
  refuse(fields.filter((field) => wanted[field] !== undefined));
}

/** A setting at its default is what the server does anyway. */
export function refuseSettings(settings: Partial<RepositorySettings> | undefined): void {
  const defaults: Record<string, unknown> = defaultRepositorySettings;
  const asked = Object.entries(settings ?? {}).filter(
    ([name, value]) => value !== undefined && !settable.has(name) && !isDeepStrictEqual(value, defaults[name]),
  );
  refuse(asked.map(([name]) => `settings.${name}`));
}

function refuse(fields: string[]): void {
  if (fields.length === 0) return;
  throw new AppError("not-available", `This server cannot do this yet: ${fields.join(", ")}. Leave it out.`, {
    details: { fields },
  });
}
