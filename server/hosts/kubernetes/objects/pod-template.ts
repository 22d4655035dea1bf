import { createHash } from "node:crypto";
import type {
  V1Container,
  V1ObjectMeta,
  V1PodSpec,
  V1PodTemplateSpec,
  V1SecurityContext,
} from "@kubernetes/client-node";
import type { RepositorySettings } from "../../../domain/repository";
import { workspaceContainer } from "./labels";
import { podResources } from "./pod-resources";

export type PodSettings = Pick<RepositorySettings, "image" | "resources" | "storage" | "nodeSelector" | "tolerations">;

/** `imagePullSecrets` are names of secrets in the namespace. */
export type PodImages = { workspaceImage: string; trellisImage: string; imagePullSecrets: readonly string[] };

/** Tells whether a pod is of this template, whatever the cluster's admission made of it. */
export const templateAnnotation = "trellis.dev/template";

/** What is built from `deploy/workspace`, in whatever registry it lies: by its name, for nobody looks into an image. */
const hasOurPrograms = /(^|\/)trellis-workspace([:@]|$)/;
const own = "/opt/trellis";
const installed = "/install";
/** TERM goes to all programs first, and the holder writes down what they printed. */
const graceSeconds = 45;

const unprivileged: V1SecurityContext = {
  allowPrivilegeEscalation: false,
  privileged: false,
  capabilities: { drop: ["ALL"] },
};

/** `metadata` is that of the set; claim and service account have its name. */
export function podTemplate(metadata: V1ObjectMeta, settings: PodSettings, images: PodImages): V1PodTemplateSpec {
  const spec = podSpec(metadata.name ?? "", settings, images);
  const template = createHash("sha256").update(JSON.stringify(spec)).digest("hex").slice(0, 16);
  const { labels = {}, annotations = {} } = metadata;
  return { metadata: { labels, annotations: { ...annotations, [templateAnnotation]: template } }, spec };
}

function podSpec(name: string, settings: PodSettings, images: PodImages): V1PodSpec {
  const { nodeSelector, tolerations } = settings;
  const { workspaceImage, trellisImage, imagePullSecrets } = images;
  const image = settings.image ?? workspaceImage;
  const isBare = settings.image !== null || !hasOurPrograms.test(workspaceImage);
  return {
    serviceAccountName: name,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    terminationGracePeriodSeconds: graceSeconds,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 1000,
      fsGroup: 1000,
      // Not every file of a large volume at every start.
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    },
    ...(imagePullSecrets.length === 0
      ? {}
      : { imagePullSecrets: imagePullSecrets.map((secret) => ({ name: secret })) }),
    ...(isBare ? { initContainers: [installer(settings, trellisImage)] } : {}),
    containers: [workspace(settings, { image, isBare })],
    volumes: [
      { name: "workspace", persistentVolumeClaim: { claimName: name } },
      { name: "run", emptyDir: { sizeLimit: "16Mi" } },
      ...(isBare ? [{ name: "trellis", emptyDir: {} }] : []),
    ],
    ...(nodeSelector === null ? {} : { nodeSelector }),
    ...(tolerations.length === 0 ? {} : { tolerations }),
  };
}

/** No environment: what a repository has set may be secret, and goes over the link with each program. */
function workspace({ resources }: PodSettings, { image, isBare }: { image: string; isBare: boolean }): V1Container {
  // An image of one's own brings neither our programs nor an entry for uid 1000.
  const brought = [
    { name: "trellis", mountPath: own, readOnly: true },
    { name: "trellis", mountPath: "/etc/passwd", subPath: "etc/passwd", readOnly: true },
    { name: "trellis", mountPath: "/etc/group", subPath: "etc/group", readOnly: true },
  ];
  return {
    name: workspaceContainer,
    image,
    imagePullPolicy: "IfNotPresent",
    command: [`${own}/init`, "serve"],
    workingDir: "/workspace",
    resources: podResources(resources),
    securityContext: unprivileged,
    volumeMounts: [
      { name: "workspace", mountPath: "/workspace" },
      { name: "run", mountPath: "/run/trellis" },
      ...(isBare ? brought : []),
    ],
  };
}

function installer(settings: PodSettings, trellisImage: string): V1Container {
  return {
    name: "install",
    image: trellisImage,
    imagePullPolicy: "IfNotPresent",
    command: [`${own}/init`, "install", installed],
    // It runs alone and before the other: it costs nothing more.
    resources: podResources(settings.resources),
    securityContext: unprivileged,
    volumeMounts: [{ name: "trellis", mountPath: installed }],
  };
}
