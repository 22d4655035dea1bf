"use client";
import { ChevronRight, CircleCheck, CircleMinus, CircleX, LoaderCircle, type LucideIcon } from "lucide-react";
import { useState } from "react";
import { StateIcon, type Tone } from "@/components/ui/badge";
import { listed, plural } from "@/components/ui/format";
import type { PullView } from "@/server/protocol/pulls";
import { DetailHeading } from "./detail-heading";
import { ForgeLink } from "./forge-link";

type Check = PullView["checks"]["all"][number];

const looks: Record<Check["state"], { word: string; icon: LucideIcon; tone: Tone; turning?: boolean }> = {
  failing: { word: "failed", icon: CircleX, tone: "failing" },
  pending: { word: "running", icon: LoaderCircle, tone: "pending", turning: true },
  passing: { word: "passed", icon: CircleCheck, tone: "passing" },
  neutral: { word: "skipped", icon: CircleMinus, tone: "neutral" },
};
const order: Check["state"][] = ["failing", "pending", "passing", "neutral"];
/** Beyond these only what failed or runs is shown at once. */
const shownAtOnce = 5;

/** Each check with its state and its page; what failed first, many that passed behind one line. */
export function CheckList({ pull }: { pull: PullView }) {
  const [isWhole, setIsWhole] = useState(false);
  const { checks } = pull;
  const sorted = checks.all.toSorted((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
  const urgent = sorted.filter(({ state }) => state === "failing" || state === "pending").length;
  const atOnce = sorted.length <= shownAtOnce + 1 ? sorted.length : Math.max(shownAtOnce, Math.min(urgent, 20));
  const shown = isWhole ? sorted : sorted.slice(0, atOnce);
  const rest = sorted.length - shown.length;
  const counted = checks.passed + checks.pending + checks.failing.length;
  const missing = checks.requiredMissing ?? [];
  return (
    <section aria-label="Checks">
      <DetailHeading aside={counted === 0 ? null : `${checks.passed} of ${counted} passed`}>Checks</DetailHeading>
      {checks.state === "unknown" && (
        <p className="text-fg-2">Unknown: the forge has not told of checks on this head. Nothing is taken as passed.</p>
      )}
      {checks.state === "none" && sorted.length === 0 && (
        <p className="text-fg-2">None: the forge lists no check for this head.</p>
      )}
      <ul>
        {shown.map((check, index) => (
          // A name may come twice, from two workflows.
          // biome-ignore lint/suspicious/noArrayIndexKey: the list is drawn from scratch at each look
          <CheckRow key={`${index} ${check.name}`} check={check} />
        ))}
      </ul>
      {rest > 0 && (
        <button
          type="button"
          onClick={() => setIsWhole(true)}
          className="flex min-h-6.5 w-full items-center gap-1.75 text-left text-fg-3 hover:text-fg pointer-coarse:min-h-11"
        >
          <ChevronRight aria-hidden className="size-3.5" strokeWidth={1.75} />
          {rest} more{restWords(sorted.slice(shown.length))}
        </button>
      )}
      {missing.length > 0 && (
        <p className="mt-1 text-fg-2 [overflow-wrap:anywhere]">
          {plural(missing.length, "required check")} not passed on this head: {listed(missing, 10)}
        </p>
      )}
    </section>
  );
}

function CheckRow({ check: { name, state, url } }: { check: Check }) {
  const { word, ...look } = looks[state];
  return (
    <li className="flex min-h-6.5 items-center gap-1.75 pointer-coarse:min-h-9">
      <StateIcon {...look} className="size-4" />
      <ForgeLink url={url} className="min-w-0 flex-1 font-mono text-fg">
        <bdi className="truncate" title={name}>
          {name}
        </bdi>
      </ForgeLink>
      <span className="shrink-0 text-fg-3">{word}</span>
    </li>
  );
}

function restWords(rest: readonly Check[]): string {
  if (rest.every(({ state }) => state === "passing")) return ", all passed";
  return rest.some(({ state }) => state === "failing" || state === "pending") ? "" : ", none failed";
}
