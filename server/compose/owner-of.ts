import { hostname } from "node:os";
import type { AccountsOptions } from "../accounts/create-accounts";
import type { Host } from "../sessions/host";

const lookMs = 5_000;

/** Who starts the server on their own machine, as the machine knows them; their git's name and address where it has any. */
export async function ownerOf(host: Host, environment: Record<string, string>): Promise<AccountsOptions["owner"]> {
  const username = environment["USER"] || "owner";
  const [name, email] = await Promise.all([gitConfig(host, "user.name"), gitConfig(host, "user.email")]);
  return { username, name: name ?? username, email: email ?? `${username}@${hostname()}` };
}

/** Null when it has none, and also when the host cannot be asked: both are mended on the settings page. */
async function gitConfig(host: Host, key: string): Promise<string | null> {
  const look = host.run(["git", "config", "--get", key], { timeoutMs: lookMs }).catch(() => null);
  const result = await look;
  return (result?.code === 0 && new TextDecoder().decode(result.stdout).trim()) || null;
}
