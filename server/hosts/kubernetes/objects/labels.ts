/** The container of a repo pod that all of a repository runs in. */
export const workspaceContainer = "workspace";

/** Of every repo pod, whichever server made it. */
export const ofRepoPods = { "app.kubernetes.io/name": "trellis-repo-pod", "app.kubernetes.io/managed-by": "trellis" };

type Names = { repositoryName: string; userId: string; username: string };

/** Of every object of a repo pod, and what its selectors go by: none of them ever changes. */
export function repoPodLabels({ repositoryId }: { repositoryId: string }, { instance }: { instance: string }) {
  return {
    ...ofRepoPods,
    "trellis.dev/instance": instance,
    "trellis.dev/repository": repositoryId,
  };
}

/** For who looks with kubectl. Labels cannot hold every name. */
export const repoPodAnnotations = ({ repositoryName, userId, username }: Names) => ({
  "trellis.dev/repository-name": repositoryName,
  "trellis.dev/user": userId,
  "trellis.dev/username": username,
});
