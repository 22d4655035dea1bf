import { imageProblem } from "./image-reference";
import { quantityValue } from "./quantity";
import type { PodQuantities, PodResources, PodStorage, PodToleration, RepositorySettings } from "./repository";

type OfPods = Pick<RepositorySettings, "image" | "resources" | "storage" | "nodeSelector" | "tolerations">;

const mebibyte = 1024 ** 2;

/** What a cluster would not take, each in words for the person who set it; empty where all is well. */
export function podSettingsProblems(settings: Partial<OfPods>): string[] {
  const { image, resources, storage, nodeSelector, tolerations } = settings;
  const wrongImage = typeof image === "string" ? imageProblem(image) : null;
  return [
    ...(wrongImage === null ? [] : [`image: ${wrongImage}`]),
    ...resourceProblems(resources ?? {}),
    ...storageProblems(storage ?? {}),
    ...Object.entries(nodeSelector ?? {}).flatMap(selectorProblems),
    ...(tolerations ?? []).flatMap((one, index) =>
      tolerationProblems(one).map((problem) => `tolerations[${index}]: ${problem}`),
    ),
  ];
}

function resourceProblems({ requests = {}, limits = {} }: PodResources): string[] {
  const above = (["cpu", "memory", "ephemeral-storage"] as const).flatMap((name) => {
    const [request, limit] = [requests[name], limits[name]];
    if (request === undefined || limit === undefined) return [];
    const isAbove = (quantityValue(request) ?? 0) > (quantityValue(limit) ?? Number.POSITIVE_INFINITY);
    return isAbove ? [`resources: the request of ${request} ${name} is above its limit of ${limit}`] : [];
  });
  return [
    ...quantityProblems(requests).map((problem) => `resources.requests.${problem}`),
    ...quantityProblems(limits).map((problem) => `resources.limits.${problem}`),
    ...above,
  ];
}

function quantityProblems({ cpu, ...bytes }: PodQuantities): string[] {
  const problems: string[] = [];
  const cores = cpu === undefined ? 1 : quantityValue(cpu);
  if (cores === null) problems.push(`cpu: "${cpu}" is no amount: write it like "2" or "500m"`);
  else if (cores < 0.001) problems.push(`cpu: ${cpu} is less than a thousandth of a core (1m)`);
  for (const name of ["memory", "ephemeral-storage"] as const) problems.push(...byteProblems(name, bytes[name]));
  return problems;
}

function byteProblems(name: string, amount: string | undefined): string[] {
  const bytes = amount === undefined ? mebibyte : quantityValue(amount);
  if (bytes === null) return [`${name}: "${amount}" is no amount: write it like "512Mi" or "2Gi"`];
  // "500m" is half a byte.
  return bytes < mebibyte ? [`${name}: ${amount} is less than 1Mi: write it like "512Mi" or "2Gi"`] : [];
}

function storageProblems({ size, className }: PodStorage): string[] {
  const problems: string[] = [];
  const bytes = size === undefined ? mebibyte : quantityValue(size);
  if (bytes === null || bytes < mebibyte)
    problems.push(`storage.size: "${size}" is no size of a volume: write it like "20Gi"`);
  if (className !== undefined && !isSubdomain(className))
    problems.push(`storage.className: "${className}" cannot be the name of a storage class`);
  return problems;
}

function selectorProblems([key, value]: [string, string]): string[] {
  if (!isLabelKey(key)) return [`nodeSelector: "${key}" cannot be the name of a label`];
  return isLabelValue(value) ? [] : [`nodeSelector: "${value}" cannot be the value of the label ${key}`];
}

function tolerationProblems({ key, operator, value, effect, tolerationSeconds }: PodToleration): string[] {
  const problems: string[] = [];
  if (!key && operator !== "Exists") problems.push("without a key the operator is Exists");
  if (key && !isLabelKey(key)) problems.push(`"${key}" cannot be the key of a taint`);
  if (value && operator === "Exists") problems.push("Exists takes no value");
  if (value && !isLabelValue(value)) problems.push(`"${value}" cannot be the value of a taint`);
  if (tolerationSeconds !== undefined && effect !== "NoExecute")
    problems.push("tolerationSeconds needs the effect NoExecute");
  return problems;
}

const isSubdomain = (text: string) =>
  text.length <= 253 && /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(text);

const isLabelValue = (text: string) =>
  text === "" || (text.length <= 63 && /^[A-Za-z0-9]([-\w.]*[A-Za-z0-9])?$/.test(text));

function isLabelKey(text: string): boolean {
  const [name = "", prefix, ...more] = text.split("/").reverse();
  return more.length === 0 && name !== "" && isLabelValue(name) && (prefix === undefined || isSubdomain(prefix));
}
