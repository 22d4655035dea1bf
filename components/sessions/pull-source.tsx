"use client";
import { useLive } from "@/components/live/use-live";
import { pullName, shortTitle } from "@/components/pulls/pull-look";
import { useOpenPulls } from "@/components/pulls/use-open-pulls";
import { AddressInput, Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { adoptablePulls } from "./adoptable-pulls";

/** One that is not on offer. */
const other = "…";

type PullSourceProps = {
  repositoryId: string | undefined;
  /** Null while none is chosen; what is typed where none of those on offer is. */
  url: string | null;
  onUrl: (url: string | null) => void;
};

/** The pull request that a session goes on with: one that is known to be open, or any by its address. */
export function PullSource({ repositoryId, url, onUrl }: PullSourceProps) {
  const { data } = useLive();
  const known = useOpenPulls(repositoryId);
  const all = known.data?.items ?? [];
  const offered = adoptablePulls(all, Object.values(data?.sessions ?? {}), repositoryId);
  const chosen = offered.find((pull) => pull.url === url);
  const options = [
    ...offered.map((pull) => ({
      value: pull.url,
      word: `${pullName(pull)} ${shortTitle(pull.title)} (${pull.headRef})`,
    })),
    { value: other, word: offered.length === 0 ? "One by its address…" : "Another, by its address…" },
  ];
  const isOther = chosen === undefined && (url !== null || offered.length === 0);
  return (
    <>
      {offered.length > 0 && (
        <Field label="Pull request" hint={restWords(all.length - offered.length)}>
          {({ id }) => (
            <Select
              id={id}
              label="Pull request"
              value={isOther ? other : (chosen?.url ?? "")}
              options={options}
              onChange={(value) => onUrl(value === other ? "" : value)}
            />
          )}
        </Field>
      )}
      {isOther && (
        <Field
          label="Its address"
          hint="As the browser shows it at the forge. It must be open, and of this repository."
        >
          {(names) => <AddressInput {...names} value={url ?? ""} onChange={(event) => onUrl(event.target.value)} />}
        </Field>
      )}
    </>
  );
}

function restWords(left: number): string {
  const begin = "The session works on its branch, and what is pushed is in it.";
  if (left === 0) return begin;
  return `${begin} ${left === 1 ? "One more is" : `${left} more are`} worked on in a session already, or of a fork.`;
}
