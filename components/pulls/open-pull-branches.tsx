"use client";
import { useState } from "react";
import { Field, Input } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { type BaseChoice, baseWords, type DraftBranches, isUnfinished } from "./pull-draft";

type OpenPullBranchesProps = {
  branches: DraftBranches;
  choices: readonly BaseChoice[];
  sessionBranch: string;
  onChange: (branches: DraftBranches) => void;
  /** They are as they shall be: no more is typed for now. */
  onSettled: (branches: DraftBranches) => void;
};

/** Another branch than those on offer. */
const other = "…";

/** From which branch onto which. The branch of another pull request as the base makes a child of it. */
export function OpenPullBranches(props: OpenPullBranchesProps) {
  const { branches, choices, sessionBranch, onChange, onSettled } = props;
  const [isOther, setIsOther] = useState(choices.length === 0);
  const options = [
    ...choices.map((choice) => ({ value: choice.branch, word: baseWords(choice) })),
    { value: other, word: "Another branch…" },
  ];
  return (
    <>
      <Field label="From the branch" hint={headHint(branches.head, sessionBranch)}>
        {(names) => (
          <Input
            {...names}
            className="font-mono"
            maxLength={250}
            value={branches.head}
            onChange={(event) => onChange({ ...branches, head: event.target.value })}
            onBlur={() => onSettled(branches)}
          />
        )}
      </Field>
      <Field label="Onto" hint="Onto the branch of another one, it becomes its child and waits for it.">
        {({ id }) => (
          <Select
            id={id}
            label="Onto"
            value={isOther ? other : branches.base}
            options={options}
            onChange={(value) => {
              const next = { ...branches, base: value === other ? "" : value };
              setIsOther(value === other);
              onChange(next);
              onSettled(next);
            }}
          />
        )}
      </Field>
      {isOther && (
        <Field label="Base branch" hint="Left empty: the repository's default branch.">
          {(names) => (
            <Input
              {...names}
              className="font-mono"
              maxLength={250}
              value={branches.base}
              onChange={(event) => onChange({ ...branches, base: event.target.value })}
              onBlur={() => onSettled(branches)}
            />
          )}
        </Field>
      )}
    </>
  );
}

function headHint(head: string, own: string): string {
  if (isUnfinished(head)) return "Its own branch has one already: say how that of the child goes on, as it was pushed.";
  return head.startsWith(own)
    ? "Name it as it was pushed."
    : "It does not continue this session's branch; it is followed as opened from here.";
}
