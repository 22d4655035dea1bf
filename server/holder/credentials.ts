import type { RequestOf } from "../protocol/holder-protocol";

export type Credential = RequestOf<"keep-credentials">["credentials"][number];

/** These are of one forge. Elsewhere nothing tells which forge it is, and a person who calls its tool knows. */
const toolOfHost: Record<string, string> = {
  "github.com": "gh",
  "gitlab.com": "glab",
  "gitea.com": "tea",
  "codeberg.org": "tea",
};

/** What repositories sign in with: in this process's memory and nowhere else. */
export class Credentials {
  readonly #kept = new Map<string, Credential[]>();

  keep(repositoryId: string, credentials: Credential[]): void {
    if (credentials.length === 0) this.#kept.delete(repositoryId);
    else this.#kept.set(repositoryId, credentials);
  }

  /** `asked` are lines of `name=value` as git writes them, and what this holder is to do. Null when it has nothing. */
  answer(asked: Map<string, string>): Record<string, string> | null {
    switch (asked.get("op")) {
      case "get":
        return this.#forGit(asked);
      case "tool":
        return this.#forTool(asked.get("tool") ?? "");
      default:
        return null;
    }
  }

  #forGit(asked: Map<string, string>): Record<string, string> | null {
    const kept = this.#kept.get(asked.get("repository") ?? "") ?? [];
    const origin = originOf(`${asked.get("protocol")}://${asked.get("host")}`);
    const wanted = asked.get("username");
    const found = kept.find((one) => originOf(one.origin) === origin && (wanted ?? one.username) === one.username);
    return found && origin !== null ? { username: found.username, password: found.password } : null;
  }

  /** In a pod, where all that is kept is of its one repository. */
  #forTool(tool: string): Record<string, string> | null {
    for (const { origin, password } of [...this.#kept.values()].flat()) {
      if (!URL.canParse(origin)) continue;
      const { host } = new URL(origin);
      if ((toolOfHost[host] ?? tool) !== tool) continue;
      return { origin, host, password };
    }
    return null;
  }
}

function originOf(url: string): string | null {
  return URL.canParse(url) ? new URL(url).origin : null;
}
