import ts from "typescript";
import { isScript, isTest, listFiles, read } from "./sources.mjs";

const fileLines = 300;
const functionLines = 60;
/** A test tells a story: its walls are wider, but they are walls. */
const testFileLines = 600;

const isFunction = (node) =>
  ts.isFunctionDeclaration(node) ||
  ts.isMethodDeclaration(node) ||
  ts.isArrowFunction(node) ||
  ts.isFunctionExpression(node) ||
  ts.isConstructorDeclaration(node);

function functionSizes(file, text) {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
  const sizes = [];
  const line = (position) => source.getLineAndCharacterOfPosition(position).line;
  const visit = (node) => {
    if (isFunction(node) && node.body && ts.isBlock(node.body)) {
      const from = line(node.body.getStart());
      sizes.push({ line: from + 1, lines: line(node.body.end) - from + 1, parameters: node.parameters.length });
    }
    ts.forEachChild(node, visit);
  };
  visit(source);
  return sizes;
}

const quantile = (sorted, share) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;

/** STYLE's walls: files of 300 lines, functions of 60, three positional parameters; medians and p90 are printed. */
export function checkWalls(root) {
  const files = listFiles(root).filter(isScript);
  const faults = [];
  const sizes = { files: [], functions: [] };
  for (const file of files) {
    const text = read(root, file);
    const lines = text.split("\n").length - 1;
    const wall = isTest(file) ? testFileLines : fileLines;
    if (lines > wall) faults.push(`${file}: ${lines} lines, the wall is ${wall}`);
    if (isTest(file)) continue;
    sizes.files.push(lines);
    for (const size of functionSizes(file, text)) {
      sizes.functions.push(size.lines);
      const where = `${file}:${size.line}`;
      if (size.lines > functionLines) faults.push(`${where}: a function of ${size.lines} lines, the wall is 60`);
      if (size.parameters > 3) faults.push(`${where}: ${size.parameters} positional parameters, at most 3`);
    }
  }
  for (const list of Object.values(sizes)) list.sort((a, b) => a - b);
  const { files: f, functions: n } = sizes;
  const figures = `file median ${quantile(f, 0.5)} p90 ${quantile(f, 0.9)} max ${f.at(-1) ?? 0}; function median ${quantile(n, 0.5)} p90 ${quantile(n, 0.9)} max ${n.at(-1) ?? 0}`;
  return { faults, seen: files.length, figures };
}
