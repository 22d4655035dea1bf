import { read } from "./sources.mjs";

/**
 * Exact versions in package.json, and a lock that holds every platform's optional packages: a registry that lacks one
 * is skipped silently on install, and `npm ci` then fails on the machine that needs it.
 */
export function checkLock(root) {
  const manifest = JSON.parse(read(root, "package.json"));
  const { packages } = JSON.parse(read(root, "package-lock.json"));
  const faults = [];
  for (const [name, version] of Object.entries({ ...manifest.dependencies, ...manifest.devDependencies })) {
    if (!/^\d/.test(version)) faults.push(`package.json: ${name} is ${version}; pin an exact version`);
    if (!packages[`node_modules/${name}`]) faults.push(`package-lock.json lacks ${name}`);
  }
  for (const [place, entry] of Object.entries(packages)) {
    if (entry.resolved) faults.push(`package-lock.json: ${place} records a download address`);
    for (const optional of Object.keys(entry.optionalDependencies ?? {})) {
      const found = packages[`node_modules/${optional}`] ?? packages[`${place}/node_modules/${optional}`];
      if (!found) faults.push(`package-lock.json: ${place} lacks its optional ${optional}`);
    }
  }
  return { faults, seen: Object.keys(packages).length };
}
