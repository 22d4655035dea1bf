import type { openNextPages } from "../gateway/next-pages";
import type { openKubernetesHosts } from "../hosts/kubernetes/open-kubernetes-hosts";
import type { openLocalHost } from "../hosts/local/local-host";
import type { Log } from "../kit/log";
import type { openStore } from "../store/open-store";

/** What the program stands on; a test gives others. */
export type Adapters = {
  openStore: typeof openStore;
  openLocalHost: typeof openLocalHost;
  openKubernetesHosts: typeof openKubernetesHosts;
  openPages: typeof openNextPages;
};

export type ComposeOptions = {
  /** The clean environment of what runs for a person on this machine. */
  environment: Record<string, string>;
  /** Where the program lies: its migrations, pages and the holder's bundle. */
  root: string;
  log: Log;
  /** Aborted to give up a start that is half way. */
  signal: AbortSignal;
  adapters: Adapters;
};
