import type { Config } from "../../config";
import type { ComposeOptions } from "../compose-options";
import { findingLines } from "./finding";
import { lookAtCluster } from "./look-at-cluster";
import { lookAtMachine } from "./look-at-machine";

/** Looks at all that a server of these settings would stand on, and changes nothing. */
export async function doctor(
  config: Config,
  { environment, log }: Pick<ComposeOptions, "environment" | "log">,
): Promise<{ text: string; isWell: boolean }> {
  const findings = [...(await lookAtMachine(config, environment)), ...(await lookAtCluster(config.cluster, log))];
  return { text: findingLines(findings), isWell: findings.every(({ kind }) => kind !== "mend") };
}
