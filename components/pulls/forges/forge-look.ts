import { CircleCheck, KeyRound, type LucideIcon, TriangleAlert } from "lucide-react";
import type { Tone } from "@/components/ui/badge";
import type { ForgeView } from "@/server/protocol/pulls";

export type ForgeLook = { icon: LucideIcon; tone: Tone; words: string };

/** How a forge is: what is wrong goes before what its token lacks. */
export function forgeLook({ trouble, missing, account }: ForgeView): ForgeLook {
  if (trouble !== null) return { icon: TriangleAlert, tone: "attention", words: trouble.reason };
  if (missing.length > 0) return { icon: KeyRound, tone: "attention", words: `The token lacks: ${missing.join("; ")}` };
  const who = account === null ? "" : `, as ${account.login}`;
  return { icon: CircleCheck, tone: "passing", words: `Token works${who}` };
}

/** The address as people say it. */
export function forgeName({ url }: Pick<ForgeView, "url">): string {
  return url.replace(/^https?:\/\//, "");
}
