export type HostKind = "local" | "kubernetes";

/** In Kubernetes's notation: `500m` of a processor, `2Gi` of memory. What is left out is the server's default. */
export type PodQuantities = { cpu?: string; memory?: string; "ephemeral-storage"?: string };

/** What a pod is promised, and what it may use at most. */
export type PodResources = { requests?: PodQuantities; limits?: PodQuantities };

/** The volume of a pod. What is left out is the server's default; a size can only grow. */
export type PodStorage = { size?: string; className?: string; disruptionBudget?: boolean };

/** In Kubernetes's own words. */
export type PodToleration = {
  key?: string;
  operator?: "Exists" | "Equal";
  value?: string;
  effect?: "NoSchedule" | "PreferNoSchedule" | "NoExecute";
  tolerationSeconds?: number;
};

/** All settings of a repository that the contract names; what this server cannot do yet is refused at the API. */
export type RepositorySettings = {
  image: string | null;
  resources: PodResources | null;
  storage: PodStorage | null;
  nodeSelector: Record<string, string> | null;
  tolerations: PodToleration[];
  env: Record<string, string>;
  setupScript: string;
  copyFiles: string[];
  /** Days that the directory of an ended session is kept set aside. */
  keepEndedDays: number;
  sharedPod: boolean;
  suspendAfterMinutes: number;
  nudges: "off" | "suggest" | "send";
  autoMerge: boolean;
  reviewTrigger: "off" | "on-open" | "on-checks-pass";
  reviewAgent: string | null;
  notify: { checks: boolean; review: boolean; merged: boolean; closed: boolean; conflict: boolean };
  costCapUsd: string | null;
  maxTasks: number;
};

export const defaultRepositorySettings: RepositorySettings = {
  image: null,
  resources: null,
  storage: null,
  nodeSelector: null,
  tolerations: [],
  env: {},
  setupScript: "",
  copyFiles: [],
  keepEndedDays: 7,
  sharedPod: false,
  suspendAfterMinutes: 60,
  nudges: "suggest",
  autoMerge: false,
  reviewTrigger: "off",
  reviewAgent: null,
  notify: { checks: true, review: true, merged: true, closed: true, conflict: true },
  costCapUsd: null,
  maxTasks: 2,
};

export type Repository = {
  id: string;
  userId: string;
  name: string;
  /** Without any secret: a token inside the URL is split off and kept encrypted. */
  cloneUrl: string;
  host: HostKind;
  forgeId: string | null;
  /** What the user asked for, else what the remote's HEAD named when it was last seen; null while unknown or empty. */
  defaultBranch: string | null;
  settings: RepositorySettings;
  createdAt: Date;
  /** When the clone was first seen complete; null before. */
  clonedAt: Date | null;
  /** The last attempt to clone that failed, cleared by the next that succeeds. */
  cloneFailure: { reason: string; at: Date } | null;
  /** Set once its deletion was asked for and confirmed; the row goes when its directories are gone. */
  deletingAt: Date | null;
};
