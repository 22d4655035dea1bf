/** What a failure happened to: told to the person who must mend it. */
export type Place = {
  namespace: string;
  /** The kubeconfig, or the pod's account. */
  source: string;
  server: string | null;
  certificate: string | Buffer | null;
};
