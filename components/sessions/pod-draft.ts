import { podSettingsProblems } from "@/server/domain/pod-settings";
import type { PodQuantities, RepositorySettings } from "@/server/domain/repository";
import { parseSelector, parseTolerations, printSelector, printTolerations } from "./label-lines";

export type PodSettings = Pick<
  RepositorySettings,
  "image" | "resources" | "storage" | "nodeSelector" | "tolerations" | "suspendAfterMinutes"
>;

/** What stands in the fields: an empty one leaves the server's default. */
export type PodDraft = {
  image: string;
  cpuRequest: string;
  cpuLimit: string;
  memoryRequest: string;
  memoryLimit: string;
  size: string;
  className: string;
  nodeSelector: string;
  tolerations: string;
  suspendAfterMinutes: string;
};

export type PodWrong = Partial<Record<keyof PodDraft, string>>;

export function podDraftOf(settings: PodSettings): PodDraft {
  const { image, resources, storage, nodeSelector, tolerations, suspendAfterMinutes } = settings;
  return {
    image: image ?? "",
    cpuRequest: resources?.requests?.cpu ?? "",
    cpuLimit: resources?.limits?.cpu ?? "",
    memoryRequest: resources?.requests?.memory ?? "",
    memoryLimit: resources?.limits?.memory ?? "",
    size: storage?.size ?? "",
    className: storage?.className ?? "",
    nodeSelector: printSelector(nodeSelector),
    tolerations: printTolerations(tolerations),
    suspendAfterMinutes: String(suspendAfterMinutes),
  };
}

/** What would be saved, and what is wrong at which field. What the form has no field for stays as it was. */
export function podWishOf(draft: PodDraft, before: PodSettings): { wrong: PodWrong; settings: PodSettings } {
  const selector = parseSelector(draft.nodeSelector);
  const tolerations = parseTolerations(draft.tolerations);
  const minutes = /^\d{1,6}$/.test(draft.suspendAfterMinutes.trim()) ? Number(draft.suspendAfterMinutes) : null;
  const requests = amounts(before.resources?.requests, draft.cpuRequest, draft.memoryRequest);
  const limits = amounts(before.resources?.limits, draft.cpuLimit, draft.memoryLimit);
  const storage = dropEmpty({ ...before.storage, size: draft.size.trim(), className: draft.className.trim() });
  const settings: PodSettings = {
    image: draft.image.trim() === "" ? null : draft.image.trim(),
    resources: orNull({ ...(isEmpty(requests) ? {} : { requests }), ...(isEmpty(limits) ? {} : { limits }) }),
    storage: orNull(storage),
    nodeSelector: orNull(selector.value),
    tolerations: tolerations.value,
    suspendAfterMinutes: minutes ?? 0,
  };
  const wrong: PodWrong = {
    ...problemsAtFields(podSettingsProblems(settings)),
    ...(selector.wrong === null ? {} : { nodeSelector: selector.wrong }),
    ...(tolerations.wrong === null ? {} : { tolerations: tolerations.wrong }),
    ...(minutes === null || minutes > 525_600
      ? { suspendAfterMinutes: "Give a whole number of minutes; 0 is never." }
      : {}),
  };
  return { wrong, settings };
}

function amounts(before: PodQuantities | undefined, cpu: string, memory: string): PodQuantities {
  return dropEmpty({ ...before, cpu: cpu.trim(), memory: memory.trim() });
}

function dropEmpty<T extends object>(value: T): T {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== "")) as T;
}

const isEmpty = (value: object) => Object.keys(value).length === 0;
const orNull = <T extends object>(value: T): T | null => (isEmpty(value) ? null : value);

/** Each problem begins with where it is. One that is about two fields stands at the first. */
const places: [string, keyof PodDraft][] = [
  ["image: ", "image"],
  ["resources.requests.cpu: ", "cpuRequest"],
  ["resources.limits.cpu: ", "cpuLimit"],
  ["resources.requests.memory: ", "memoryRequest"],
  ["resources.limits.memory: ", "memoryLimit"],
  ["storage.size: ", "size"],
  ["storage.className: ", "className"],
  ["nodeSelector: ", "nodeSelector"],
  ["tolerations", "tolerations"],
];

function problemsAtFields(problems: string[]): PodWrong {
  const wrong: PodWrong = {};
  for (const problem of problems) {
    const [prefix, name] = places.find(([start]) => problem.startsWith(start)) ?? ["resources: ", crossField(problem)];
    const words = problem.startsWith(prefix) && prefix.endsWith(" ") ? problem.slice(prefix.length) : problem;
    wrong[name] ??= `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
  }
  return wrong;
}

const crossField = (problem: string): keyof PodDraft => (/ memory /.test(problem) ? "memoryRequest" : "cpuRequest");
