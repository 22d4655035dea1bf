import type { CoreV1Event, V1ContainerState, V1ContainerStatus, V1Pod } from "@kubernetes/client-node";
import { pullSecretWords } from "./pull-secret-words";

const pullReasons = [
  "ErrImagePull",
  "ImagePullBackOff",
  "ErrImageNeverPull",
  "InvalidImageName",
  "RegistryUnavailable",
  "ImageInspectError",
  "SignatureValidationFailed",
];
const createReasons = [
  "CreateContainerConfigError",
  "CreateContainerError",
  "RunContainerError",
  "PreStartHookError",
  "PostStartHookError",
];
const logLines = 10;
const logChars = 1_500;

/** Why a container does not run, as far as a person must know; null while all goes well. */
export function containerTrouble(
  pod: V1Pod,
  status: V1ContainerStatus,
  { events, lastLog }: { events: CoreV1Event[]; lastLog: string | null },
): string | null {
  const { waiting, terminated } = status.state ?? {};
  const [reason, message] = [waiting?.reason ?? "", waiting?.message ?? ""];
  if (pullReasons.includes(reason))
    return `${pullWords(status.image, reason, message)}${pullSecretWords(pod, message, events)}`;
  if (createReasons.includes(reason)) return createWords(pod, status, message);
  const ended = terminated ?? (reason === "CrashLoopBackOff" ? status.lastState?.terminated : undefined);
  if (!ended) return null;
  // The one that installs and is done.
  if (ended.exitCode === 0 && status.restartCount === 0) return null;
  return endWords({ pod, status, ended, lastLog });
}

function pullWords(image: string, reason: string, message: string): string {
  if (reason === "InvalidImageName") return `"${image}" cannot be the name of an image`;
  if (reason === "ErrImageNeverPull")
    return `The image "${image}" is not on the node, and its pull policy is never to pull it`;
  const answer = message
    .replace(/^Back-off pulling image "[^"]*":? ?/, "")
    .replace(/^ErrImagePull: /, "")
    .replace(/^(rpc error: code = \w+ desc = )?/, "")
    .replace(/failed to pull and unpack image "[^"]*": /, "")
    .replace(/failed to resolve reference "[^"]*": /, "")
    .replace(/failed to do request: /, "");
  const why = /no match for platform/.test(answer)
    ? `it is not made for the node's kind of processor: ${answer}`
    : answer || "the registry's answer is not known yet";
  return `The image "${image}" cannot be pulled: ${why}`;
}

function createWords(pod: V1Pod, status: V1ContainerStatus, message: string): string {
  if (/exec format error/i.test(message)) return architectureWords(status.image);
  const program = /exec: "([^"]+)"/.exec(message)?.[1];
  if (program !== undefined && /no such file|not found/.test(message))
    return `The image "${status.image}" has no "${program}", and the pod cannot start without it`;
  const own = message.replace(/^.*unable to start container process: /s, "").replace(/: unknown$/, "");
  return `The container "${status.name}" of ${pod.metadata?.name} cannot start: ${own || status.state?.waiting?.reason}`;
}

type End = {
  pod: V1Pod;
  status: V1ContainerStatus;
  ended: NonNullable<V1ContainerState["terminated"]>;
  lastLog: string | null;
};

function endWords({ pod, status, ended, lastLog }: End): string {
  const message = ended.message ?? "";
  if (ended.reason === "StartError" || ended.reason === "ContainerCannotRun") return createWords(pod, status, message);
  if (/exec format error/i.test(`${message} ${lastLog ?? ""}`)) return architectureWords(status.image);
  const again = status.restartCount > 0 ? `, started again ${times(status.restartCount)}` : "";
  if (ended.reason === "OOMKilled") return memoryWords(pod, status.name, again);
  const how = ended.signal ? `by signal ${ended.signal}` : `with exit code ${ended.exitCode}`;
  const what = status.name === "install" ? "Putting Trellis into the pod" : "The pod's first program";
  return `${what} ended ${how}${again}.${logWords(lastLog)}`;
}

function memoryWords(pod: V1Pod, container: string, again: string): string {
  const limit = pod.spec?.containers.find(({ name }) => name === container)?.resources?.limits?.["memory"];
  return `The whole container was killed at its memory limit${limit ? ` of ${limit}` : ""}, with all that ran in it (OOMKilled${again}). Give the repository more memory`;
}

/** Of a pod that runs again: what its programs ended with, where memory ran out for all of them at once. */
export function lastEndOf(pod: V1Pod | null): { words: string; at: Date } | undefined {
  for (const { name, lastState } of pod?.status?.containerStatuses ?? []) {
    const ended = lastState?.terminated;
    if (pod && ended?.reason === "OOMKilled" && ended.finishedAt)
      return { words: memoryWords(pod, name, ""), at: new Date(ended.finishedAt) };
  }
  return undefined;
}

const architectureWords = (image: string) =>
  `The image "${image}" is made for another kind of processor than the node has (exec format error)`;

const times = (count: number) => (count === 1 ? "once" : `${count} times`);

function logWords(log: string | null): string {
  const text = log?.trim().split("\n").slice(-logLines).join("\n").slice(-logChars);
  return text ? ` Its last lines:\n${text}` : " It printed nothing";
}
