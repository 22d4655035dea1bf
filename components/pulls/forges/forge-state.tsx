"use client";
import { wordsOf } from "@/components/live/api-failure";
import { StateIcon } from "@/components/ui/badge";
import { forgeLook, forgeName } from "./forge-look";
import { cloneHost, forgeAt } from "./repository-forge";
import { useForges } from "./use-forges";

/** Whether there is a forge to follow a repository at; silent while it is not known. */
export function ForgeState({ cloneUrl }: { cloneUrl: string }) {
  const forges = useForges();
  if (forges.error !== null) return <p className="text-12">{wordsOf(forges.error)}</p>;
  if (forges.data === undefined) return null;
  const forge = forgeAt(cloneUrl, forges.data.items);
  if (forge !== null) {
    const { words, ...look } = forgeLook(forge);
    return (
      <p className="flex items-start gap-1.75 text-12">
        <StateIcon {...look} className="mt-px" />
        <span className="min-w-0 [overflow-wrap:anywhere]">
          {forgeName(forge)}: {words}
        </span>
      </p>
    );
  }
  const host = cloneHost(cloneUrl);
  return (
    <p className="text-12">
      {host === null
        ? "The repository is a path of this machine: pull requests live on a forge."
        : `Pull requests of ${host} are not followed yet: its forge is not added.`}{" "}
      {host !== null && <a href="/settings#forges">Add it in the settings</a>}
    </p>
  );
}
