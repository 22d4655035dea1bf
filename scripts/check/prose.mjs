import { isScript, listFiles, read } from "./sources.mjs";

const isProse = (file) => file === "README.md" || file === "ARCHITECTURE.md" || /^docs\/.*\.md$/.test(file);
/** Things of the outside world, or patterns: not ours to find. */
const foreign =
  /^(\/(api|ws|metrics|sign-in|settings|sessions|repositories|usage|workspace|proc|usr|var|etc|tmp)\b|refs\/|session\/|https?:|git@|\$|~|<|\.\.\/shared)|[*<>{}…|=]| /;

const looksLikePath = (text) => /\//.test(text) || /\.(ts|tsx|mjs|cjs|json|md|css|prisma|yaml|yml)$/.test(text);
const looksLikeSymbol = (text) =>
  /^[a-z]+[A-Z][A-Za-z]+(\(\))?$|^[A-Z][a-z]+[A-Z][A-Za-z]+$|^[A-Z]+_[A-Z_]+$/.test(text);

function knownPaths(files) {
  const known = new Set();
  for (const file of files) {
    const parts = file.split("/");
    for (let at = 1; at <= parts.length; at++) known.add(parts.slice(0, at).join("/"));
    known.add(parts.at(-1));
  }
  return known;
}

/** Prose that names a path or a symbol must name one that exists: a rename would make it lie silently. */
export function checkProse(root) {
  const files = listFiles(root);
  const known = knownPaths(files);
  const code = files.filter((file) => isScript(file) || file.endsWith(".prisma") || file.endsWith(".json"));
  const words = new Set(code.flatMap((file) => read(root, file).match(/[A-Za-z_][A-Za-z0-9_]*/g) ?? []));
  const faults = [];
  const prose = files.filter(isProse);
  for (const file of prose) {
    const text = read(root, file).replace(/```[\s\S]*?```/g, (block) => block.replace(/[^\n]/g, " "));
    text.split("\n").forEach((line, index) => {
      for (const [, quoted = ""] of line.matchAll(/`([^`]+)`/g)) {
        if (foreign.test(quoted)) continue;
        const bare = quoted.replace(/\/$/, "").replace(/^\.\//, "").replace(/\(\)$/, "");
        const missing =
          (looksLikePath(bare) && !known.has(bare) && !/^(dist|\.next|node_modules)(\/|$)/.test(bare)) ||
          (looksLikeSymbol(bare) && !words.has(bare));
        if (missing) faults.push(`${file}:${index + 1}: \`${quoted}\` names nothing that exists`);
      }
      for (const [, target = ""] of line.matchAll(/\]\((?!https?:|#|mailto:)([^)#]+)/g)) {
        const base = file.includes("/") ? file.slice(0, file.lastIndexOf("/") + 1) : "";
        const resolved = new URL(target, `file:///${base}`).pathname.slice(1).replace(/\/$/, "");
        if (!known.has(resolved)) faults.push(`${file}:${index + 1}: the link to ${target} leads nowhere`);
      }
    });
  }
  return { faults, seen: prose.length };
}
