import type {
  CoreV1Event,
  V1ContainerState,
  V1ContainerStatus,
  V1PersistentVolumeClaim,
} from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { claim, event, image, inContainer, now, podOf, trouble, unscheduled, up } from "../testing/pod-facts";
import { lastEndOf } from "./container-words";

describe("what a person must mend", () => {
  test.each([
    [
      "0/3 nodes are available: 1 Insufficient cpu, 2 Insufficient memory. preemption: 0/3 nodes are available: 3 No preemption victims found.",
      "None of the 3 nodes takes the pod: not enough cpu on 1, the pod asks for 4; not enough memory on 2",
    ],
    [
      "0/2 nodes are available: 1 node(s) had untolerated taint {team: a}, 1 node(s) had untolerated taint(s). no new claims to deallocate",
      "the taint team=a on 1, which the repository does not tolerate; a taint that the repository does not tolerate on 1",
    ],
    ["0/1 nodes are available: 1 node(s) were unschedulable. preemption: 0/1", "closed for new pods (cordoned) on 1"],
    [
      "0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/unreachable: }. preemption: 0/1",
      "not ready on 1",
    ],
    [
      "0/1 nodes are available: 1 node(s) had volume node affinity conflict. preemption: 0/1",
      "cannot be reached from there on 1",
    ],
    ["0/1 nodes are available: 1 Too many pods. preemption: 0/1", "as many pods as it can have on 1"],
    ["0/1 nodes are available: 1 something new. preemption: 0/1", "something new on 1"],
    ["no nodes available to schedule pods", "No node takes the pod: no nodes available"],
  ])("the scheduler says %s", (message, words) => {
    expect(trouble({ pod: unscheduled(message) })).toContain(words);
    expect(trouble({ pod: unscheduled(message) })).toContain(message);
  });

  test.each<[Partial<V1PersistentVolumeClaim>, CoreV1Event[], string]>([
    [
      { spec: {} },
      [event("claim", "FailedBinding", "no persistent volumes available")],
      "the cluster has no default one",
    ],
    [{}, [event("claim", "ProvisioningFailed", "out of disks")], 'cannot be made (storage class "fast"): out of disks'],
    [{ status: { phase: "Lost" } }, [], "the claim is Lost"],
    [{ metadata: { deletionTimestamp: now }, status: { phase: "Bound" } }, [], "being deleted by hand"],
  ])("the volume %j", (more, events, words) => {
    const pod = unscheduled("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    expect(trouble({ pod, volumeClaim: claim(more), events })).toContain(words);
  });

  test("a claim that makes way for another, before any volume was made, needs nobody", () => {
    const pod = unscheduled("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.");
    expect(trouble({ pod, volumeClaim: claim({ metadata: { deletionTimestamp: now } }) })).toBeNull();
  });

  test.each<[V1ContainerState, Partial<V1ContainerStatus>, string]>([
    [
      {
        waiting: {
          reason: "ErrImagePull",
          message: `rpc error: code = Unknown desc = failed to pull and unpack image "${image}": pull access denied`,
        },
      },
      {},
      `The image "${image}" cannot be pulled: pull access denied`,
    ],
    [
      { waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${image}"` } },
      {},
      "the registry's answer is not known yet",
    ],
    [
      { waiting: { reason: "ErrImagePull", message: "no match for platform in manifest: not found" } },
      {},
      "it is not made for the node's kind of processor",
    ],
    [{ waiting: { reason: "ErrImageNeverPull" } }, {}, "is not on the node"],
    [
      { waiting: { reason: "CreateContainerConfigError", message: `secret "a" not found` } },
      {},
      `cannot start: secret "a" not found`,
    ],
    [
      { waiting: { reason: "CrashLoopBackOff" } },
      { restartCount: 1, lastState: { terminated: { exitCode: 0 } } },
      "with exit code 0, started again once",
    ],
    [{ terminated: { exitCode: 139, signal: 11 } }, {}, "by signal 11. It printed nothing"],
    [
      { terminated: { exitCode: 137, reason: "OOMKilled" } },
      { restartCount: 2 },
      "at its memory limit of 8Gi, with all that ran in it (OOMKilled, started again 2 times)",
    ],
    [{ terminated: { exitCode: 1 } }, { name: "install" }, "Putting Trellis into the pod ended with exit code 1"],
  ])("a container at %j", (state, more, words) => {
    expect(trouble({ pod: inContainer(state, more) })).toContain(words);
  });

  test.each<[string[], CoreV1Event[], string]>([
    [
      ["keys"],
      [
        event(
          "pod",
          "FailedToRetrieveImagePullSecret",
          "Unable to retrieve some image pull secrets (keys); attempting",
        ),
      ],
      ". The namespace lacks the secret to pull it with: keys",
    ],
    [["keys", "more"], [], ". The registry does not let it be pulled with what stands in keys, more"],
    [[], [], "must name a secret to pull it with (TRELLIS_IMAGE_PULL_SECRETS)"],
  ])("a private image, with the secrets %j", (names, events, words) => {
    const message = "failed to authorize: 401 Unauthorized";
    const pod = inContainer({ waiting: { reason: "ErrImagePull", message } });
    const imagePullSecrets = names.map((name) => ({ name }));
    expect(trouble({ pod: { ...pod, spec: { containers: [], ...pod.spec, imagePullSecrets } }, events })).toContain(
      words,
    );
  });

  test("the last lines are the last, and not many", () => {
    const lastLog = Array.from({ length: 40 }, (_, line) => `line ${line}\n`).join("");
    const words = trouble({ pod: inContainer({ terminated: { exitCode: 1 } }), lastLog });
    expect(words).toMatch(/Its last lines:\nline 30\n.*line 39$/s);
  });

  test.each([
    ["FailedMount", "MountVolume.MountDevice failed", "The volume cannot be attached: MountVolume.MountDevice failed"],
    ["FailedAttachVolume", "Multi-Attach error", "The volume cannot be attached: Multi-Attach error"],
    ["FailedCreatePodSandBox", "no addresses left", "The node cannot make the pod: no addresses left"],
  ])("an event %s: %s", (reason, message, words) => {
    const pod = inContainer({ waiting: { reason: "ContainerCreating" } });
    expect(trouble({ pod, events: [event("pod", reason, message)] })).toBe(words);
    const mended = [event("pod", reason, message), event("pod", "SuccessfulAttachVolume", "attached")];
    expect(trouble({ pod, events: mended })).toBeNull();
  });

  test.each([
    [
      `pods "x-0" is forbidden: exceeded quota: small, requested: limits.memory=8Gi,pods=1, used: limits.memory=1Gi,pods=3, limited: limits.memory=2Gi,pods=3`,
      "limits.memory: the pod asks for 8Gi, 1Gi of 2Gi are used; pods: the pod asks for 1, 3 of 3 are used",
    ],
    [
      `pods "x-0" is forbidden: failed quota: gpus: must specify limits.gpu for: workspace`,
      `The quota "gpus" of the namespace wants every pod to say its limits.gpu for: workspace`,
    ],
    [`admission webhook "w" denied the request: no`, "The cluster refuses the pod: admission webhook"],
  ])("the cluster refuses: %s", (message, words) => {
    const events = [event("set", "FailedCreate", `create Pod x-0 in StatefulSet x failed error: ${message}`)];
    expect(trouble({ events })).toContain(words);
  });

  test("a pod of somebody else has the name", () => {
    expect(trouble({ pod: podOf({ conditions: up }, { labels: {} }) })).toContain("is not of this repository");
  });
});

describe("how all that ran in a pod came to an end", () => {
  const ended = (reason: string) =>
    lastEndOf(
      inContainer(
        { running: {} },
        { lastState: { terminated: { exitCode: 137, reason, finishedAt: new Date("2026-03-01T10:03:00Z") } } },
      ),
    );

  test("is told where memory ran out for the whole container, and where it is not known it is not told", () => {
    expect(ended("OOMKilled")).toEqual({
      words:
        "The whole container was killed at its memory limit of 8Gi, with all that ran in it (OOMKilled). Give the repository more memory",
      at: new Date("2026-03-01T10:03:00Z"),
    });
    expect(ended("Error")).toBeUndefined();
    expect(lastEndOf(null)).toBeUndefined();
  });
});
