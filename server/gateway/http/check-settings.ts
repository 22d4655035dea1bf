import { isDeepStrictEqual } from "node:util";
import { AppError } from "../../domain/app-error";
import { podSettingsProblems } from "../../domain/pod-settings";
import { defaultRepositorySettings, type HostKind, type RepositorySettings } from "../../domain/repository";
import { refuse } from "./not-available";

type Name = keyof RepositorySettings;

/** What this server does, wherever a repository lives. */
const everywhere: Name[] = ["env", "setupScript", "copyFiles", "keepEndedDays", "nudges", "autoMerge", "notify"];
const ofPods: Name[] = ["image", "resources", "storage", "nodeSelector", "tolerations", "suspendAfterMinutes"];

const reasons: Partial<Record<Name, string>> = {
  sharedPod: "Pods can be shared once a team can sign in; until then each repository of a person has one of its own.",
};

/**
 * A setting at its default is what the server does anyway. What a volume cannot become is not refused: that is the
 * cluster's to know, and the pod's state says it.
 */
export function checkSettings(settings: Partial<RepositorySettings>, host: HostKind): void {
  const asked = (Object.keys(settings) as Name[]).filter(
    (name) => settings[name] !== undefined && !isDeepStrictEqual(settings[name], defaultRepositorySettings[name]),
  );
  const later = asked.filter((name) => !everywhere.includes(name) && !ofPods.includes(name));
  refuse(
    later.map((name) => `settings.${name}`),
    later.flatMap((name) => reasons[name] ?? []),
  );
  if (host === "kubernetes") checkPod(settings);
  else refuseHere(asked.filter((name) => ofPods.includes(name)));
}

function refuseHere(names: Name[]): void {
  if (names.length === 0) return;
  const fields = names.map((name) => `settings.${name}`);
  throw new AppError(
    "refused",
    `${fields.join(", ")}: only a pod has this, and this repository lives on the server's own machine. Leave it out, or add the repository on Kubernetes.`,
    { details: { fields } },
  );
}

function checkPod(settings: Partial<RepositorySettings>): void {
  const problems = podSettingsProblems(settings);
  if (problems.length === 0) return;
  throw new AppError("invalid", problems.map((problem) => `settings.${problem}`).join("; "), {
    details: { problems },
  });
}
