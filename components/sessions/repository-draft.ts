import type { RepositoryView } from "@/server/protocol/api";
import { parseEnv, printEnv } from "./env-text";
import { type PodDraft, type PodSettings, type PodWrong, podDraftOf, podWishOf } from "./pod-draft";

/** What stands in the fields of a repository's settings. `pod` is null where it lives on this machine. */
export type Draft = {
  name: string;
  defaultBranch: string;
  copyFiles: string;
  setupScript: string;
  env: string;
  keepEndedDays: string;
  pod: PodDraft | null;
};

export function draftOf({ name, defaultBranch, host, settings }: RepositoryView): Draft {
  return {
    name,
    defaultBranch: defaultBranch ?? "",
    copyFiles: settings.copyFiles.join("\n"),
    setupScript: settings.setupScript,
    env: printEnv(settings.env),
    keepEndedDays: String(settings.keepEndedDays),
    pod: host === "local" ? null : podDraftOf(settings),
  };
}

type Wish = {
  wrong: Partial<Record<keyof Draft, string>>;
  podWrong: PodWrong;
  patch: {
    name: string;
    defaultBranch?: string;
    settings: Partial<RepositoryView["settings"]>;
  };
};

/** What would be saved, or which field is wrong and why. */
export function wishOf(draft: Draft, { defaultBranch, settings }: RepositoryView): Wish {
  const env = parseEnv(draft.env);
  const days = /^\d{1,4}$/.test(draft.keepEndedDays.trim()) ? Number(draft.keepEndedDays) : null;
  const branch = draft.defaultBranch.trim();
  const pod: { wrong: PodWrong; settings: Partial<PodSettings> } =
    draft.pod === null ? { wrong: {}, settings: {} } : podWishOf(draft.pod, settings);
  return {
    wrong: {
      ...(env.wrong === null ? {} : { env: env.wrong }),
      ...(days === null || days > 3650 ? { keepEndedDays: "Give a whole number of days, 0 to 3650." } : {}),
    },
    podWrong: pod.wrong,
    patch: {
      name: draft.name.trim(),
      ...(branch === "" || branch === defaultBranch ? {} : { defaultBranch: branch }),
      settings: {
        copyFiles: draft.copyFiles
          .split("\n")
          .map((line) => line.trim())
          .filter((line) => line !== ""),
        setupScript: draft.setupScript,
        env: env.env,
        keepEndedDays: days ?? 0,
        ...pod.settings,
      },
    },
  };
}
