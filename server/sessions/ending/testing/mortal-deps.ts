import type { Host } from "../../host";
import type { SessionDeps } from "../../session-deps";

/** Commands that change something which lasts; all others leave the world as the one before them did. */
const lasting = [
  "mv",
  "tee",
  "mkdir",
  "update-ref",
  "symbolic-ref",
  "read-tree",
  "push",
  "commit",
  "lock",
  "--remove-section",
  "core.worktree",
];

export type Mortal = {
  deps: SessionDeps;
  /** What it did that lasts, in order. */
  deeds: string[];
};

/**
 * A server that dies right after its n-th lasting deed: the deed is done and nobody hears of it. A command that lasts
 * nothing is no place to die at, for what a later server finds is the same before and after it.
 */
export function mortalDeps(depsOn: (host: Host) => SessionDeps, host: Host, dieAfter: number): Mortal {
  const abort = new AbortController();
  const deeds: string[] = [];
  const live = async <T>(deed: string | null, work: () => Promise<T>): Promise<T> => {
    abort.signal.throwIfAborted();
    const result = await work();
    if (deed !== null) deeds.push(deed);
    if (deeds.length >= dieAfter) abort.abort(new Error(`killed after ${deeds.at(-1)}`));
    abort.signal.throwIfAborted();
    return result;
  };
  const mortal: Host = {
    ...host,
    run: (argv, options) => live(options?.env?.["GIT_INDEX_FILE"] ? null : deedOf(argv), () => host.run(argv, options)),
  };
  const deps = depsOn(mortal);
  const { sessions, worktrees } = deps;
  return {
    deeds,
    deps: {
      ...deps,
      signal: abort.signal,
      tell: (message) => live(`tell ${message.kind}`, () => deps.tell(message)),
      sessions: {
        ...bound(sessions),
        update: (id, patch) => live(`session ${Object.keys(patch)}`, () => sessions.update(id, patch)),
      },
      worktrees: {
        ...bound(worktrees),
        update: (id, patch) => live(`worktree ${Object.keys(patch)}`, () => worktrees.update(id, patch)),
      },
    },
  };
}

function deedOf(argv: string[]): string | null {
  const found = lasting.find((word) => argv.includes(word));
  if (found) return argv.slice(0, 6).join(" ");
  return argv[0] === "rm" && !argv.some((each) => each.includes("trellis-index")) ? argv.join(" ") : null;
}

/** The methods of a store, which a spread alone would leave behind on its class. */
function bound<Store extends object>(store: Store): Store {
  return new Proxy({} as Store, {
    get: (_, key) => {
      const value: unknown = Reflect.get(store, key);
      return typeof value === "function" ? value.bind(store) : value;
    },
    ownKeys: () => Reflect.ownKeys(Object.getPrototypeOf(store) as object),
    getOwnPropertyDescriptor: () => ({ enumerable: true, configurable: true }),
  });
}
