import type { PodToleration } from "@/server/domain/repository";

type Read<T> = { value: T; wrong: string | null };

const shown = (line: string) => line.trim().slice(0, 60);

/** Labels a node must have: one `name=value` per line. */
export function parseSelector(text: string): Read<Record<string, string>> {
  const value: Record<string, string> = {};
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const [name, label, ...more] = line.trim().split("=");
    if (name === undefined || name === "" || label === undefined || more.length > 0)
      return { value: {}, wrong: `Line ${index + 1} is not name=value: ${shown(line)}` };
    value[name] = label;
  }
  return { value, wrong: null };
}

export function printSelector(selector: Record<string, string> | null): string {
  return Object.entries(selector ?? {})
    .map(([name, value]) => `${name}=${value}`)
    .join("\n");
}

const toleration =
  /^(?:\*|([^\s=:*]+))(?:=([^\s=:]*))?(?::(NoSchedule|PreferNoSchedule|NoExecute))?(?:\s+for\s+(\d{1,9})\s*s)?$/;

/** Taints that are borne, one per line as `kubectl taint` writes them: `key=value:NoSchedule`, `key:NoExecute for 300 s`, `*`. */
export function parseTolerations(text: string): Read<PodToleration[]> {
  const value: PodToleration[] = [];
  for (const [index, line] of text.split("\n").entries()) {
    if (line.trim() === "") continue;
    const match = toleration.exec(line.trim());
    if (match === null)
      return { value: [], wrong: `Line ${index + 1} is not key=value:Effect, key:Effect, key or *: ${shown(line)}` };
    const [, key, label, effect, seconds] = match;
    value.push({
      ...(key === undefined ? {} : { key }),
      ...(label === undefined ? { operator: "Exists" } : { operator: "Equal", value: label }),
      ...(effect === undefined ? {} : { effect: effect as NonNullable<PodToleration["effect"]> }),
      ...(seconds === undefined ? {} : { tolerationSeconds: Number(seconds) }),
    });
  }
  return { value, wrong: null };
}

export function printTolerations(tolerations: readonly PodToleration[]): string {
  return tolerations
    .map(({ key, operator, value, effect, tolerationSeconds }) => {
      const label = operator === "Exists" ? "" : `=${value ?? ""}`;
      const when = effect === undefined ? "" : `:${effect}`;
      return `${key ?? "*"}${label}${when}${tolerationSeconds === undefined ? "" : ` for ${tolerationSeconds} s`}`;
    })
    .join("\n");
}
