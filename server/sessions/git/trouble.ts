/**
 * What stands behind git's words. `lock` and `network` pass by themselves; the others need a person.
 * Git runs in the C locale here, so its words are English.
 */
export type Trouble = "lock" | "network" | "denied" | "missing" | "disk-full" | "other";

const signs: [Exclude<Trouble, "other">, RegExp][] = [
  // Of a ref that cannot be written git keeps the reason to itself: the lock was made, but took no content.
  ["disk-full", /No space left on device|Disk quota exceeded|disk full|out of disk|couldn't write '[^']*\.lock'/i],
  [
    "denied",
    /Authentication failed|could not read (Username|Password)|Permission denied|Invalid username|invalid credentials|Host key verification failed|returned error: 40[13]|Access denied|terminal prompts disabled|dubious ownership/i,
  ],
  [
    "network",
    /Could not resolve|Temporary failure in name resolution|Name or service not known|Connection (timed out|refused|reset|closed)|Network is unreachable|No route to host|Failed to connect|Operation timed out|early EOF|RPC failed|hung up unexpectedly|unexpected disconnect|SSL_ERROR|Recv failure|Send failure|Empty reply|returned error: (408|429|5\d\d)|ended: it took longer|printed nothing for/i,
  ],
  [
    "missing",
    /does not appear to be a git repository|not a git repository|Repository not found|repository '.*' not found|does not exist|No such file or directory|returned error: 404|project you were looking for could not be found/i,
  ],
  [
    "lock",
    /Unable to create '.*\.lock'|cannot lock ref|could not lock config file|Another git process seems to be running|unable to lock|is at [0-9a-f]+ but expected/i,
  ],
];

/** Pure; the first sign that is found decides, the most certain ones stand first. */
export function troubleIn(output: string): Trouble {
  return signs.find(([, sign]) => sign.test(output))?.[0] ?? "other";
}
