import { credentialProtocol } from "../../protocol/holder-protocol";
import type { HostCredential } from "../../sessions/host";
import type { HolderLink, LinkPart } from "./holder-link";

/**
 * What each repository signs in with: a holder has it in memory only, so a new one is given all of it again. One of an
 * older version, which runs on while its programs do, can keep none: only what a person types there asks them then.
 */
export class KeptCredentials implements LinkPart {
  readonly #link: HolderLink;
  readonly #kept = new Map<string, HostCredential[]>();

  constructor(link: HolderLink) {
    this.#link = link;
    link.attach(this);
  }

  async keep(repositoryId: string, credentials: HostCredential[]): Promise<void> {
    if (credentials.length === 0) this.#kept.delete(repositoryId);
    else this.#kept.set(repositoryId, credentials);
    await this.#link.untilHere();
    if (this.#takesThem()) await this.#give(repositoryId, credentials);
  }

  here(): void {
    if (!this.#takesThem()) return;
    // A link that was lost again: the next one gets them.
    for (const [repositoryId, credentials] of this.#kept) this.#give(repositoryId, credentials).catch(() => {});
  }

  away(): void {}

  frame(): void {}

  #takesThem(): boolean {
    return (this.#link.welcome()?.protocol ?? credentialProtocol) >= credentialProtocol;
  }

  #give(repositoryId: string, credentials: HostCredential[]): Promise<unknown> {
    return this.#link.begin<"keep-credentials">({ op: "keep-credentials", repositoryId, credentials }).answer;
  }
}
