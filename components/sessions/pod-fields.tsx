import { useId } from "react";
import { cn } from "@/components/ui/cn";
import type { PodDraft, PodWrong } from "./pod-draft";
import { TextField, type TextFieldView } from "./text-field";

type PodField = TextFieldView & { name: keyof PodDraft; half?: boolean };

const fields: PodField[] = [
  {
    name: "image",
    label: "Image",
    hint: "Any Linux image of the node's architecture with git in it. Programs run as user 1000: no sudo, no apt in a session.",
    placeholder: "the server's workspace image",
    mono: true,
  },
  { name: "cpuRequest", label: "CPU promised", placeholder: "500m", mono: true, half: true },
  { name: "cpuLimit", label: "CPU at most", placeholder: "4", mono: true, half: true },
  { name: "memoryRequest", label: "Memory promised", placeholder: "1Gi", mono: true, half: true },
  {
    name: "memoryLimit",
    label: "Memory at most",
    hint: "Beyond it the kernel ends programs, or the whole pod.",
    placeholder: "8Gi",
    mono: true,
    half: true,
  },
  {
    name: "size",
    label: "Volume",
    hint: "Clone, worktrees and the home of agents. It can only grow.",
    placeholder: "the server's default",
    mono: true,
    half: true,
  },
  {
    name: "className",
    label: "Storage class",
    hint: "Chosen when the volume is made; one that is there keeps its own.",
    placeholder: "the cluster's default",
    mono: true,
    half: true,
  },
  {
    name: "nodeSelector",
    label: "Node labels",
    hint: "One name=value per line: only nodes that have all of them.",
    placeholder: "kubernetes.io/arch=amd64",
    rows: 2,
    mono: true,
    half: true,
  },
  {
    name: "tolerations",
    label: "Taints that it bears",
    hint: "One per line: key=value:NoSchedule, key:NoExecute for 300 s, or * for all.",
    placeholder: "dedicated=ci:NoSchedule",
    rows: 2,
    mono: true,
    half: true,
  },
  {
    name: "suspendAfterMinutes",
    label: "Minutes until the pod rests",
    hint: "With no running program, no viewer and no turn for that long. Its files are kept; 0 is never.",
  },
];

type PodFieldsProps = { draft: PodDraft; wrong: PodWrong; onChange: (part: Partial<PodDraft>) => void };

/** The settings of a repository's pod, in Kubernetes's own notation. */
export function PodFields({ draft, wrong, onChange }: PodFieldsProps) {
  const heading = useId();
  return (
    <fieldset aria-labelledby={heading} className="grid gap-4 border-t border-line pt-4">
      <div>
        <h3 id={heading} className="font-semibold">
          Pod
        </h3>
        <p className="mt-0.5 text-12 text-fg-3">
          Nothing that runs is ended for a change: it waits until the pod starts again. An empty field is the server's
          default.
        </p>
      </div>
      <div className="grid items-start gap-4 phone:grid-cols-2">
        {fields.map(({ name, half = false, ...field }) => (
          <div key={name} className={cn(!half && "phone:col-span-2")}>
            <TextField
              {...field}
              value={draft[name]}
              wrong={wrong[name] ?? null}
              onChange={(value) => onChange({ [name]: value })}
            />
          </div>
        ))}
      </div>
    </fieldset>
  );
}
