import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
// @ts-expect-error: plain scripts, without declarations
import { checkInvariants } from "./invariants.mjs";
// @ts-expect-error: plain scripts, without declarations
import { checkLock } from "./lock.mjs";
// @ts-expect-error: plain scripts, without declarations
import { checkProse } from "./prose.mjs";
// @ts-expect-error: plain scripts, without declarations
import { checkBiome, checkPureTypes, checkRooms, checkTypes, checkUnused } from "./tools.mjs";
// @ts-expect-error: plain scripts, without declarations
import { checkWalls } from "./walls.mjs";

const project = path.resolve(import.meta.dirname, "../..");
let root: string;

function plant(file: string, content: string): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), "trellis-checks-"));
  execFileSync("git", ["init", "-q"], { cwd: root });
  symlinkSync(path.join(project, "node_modules"), path.join(root, "node_modules"));
  for (const file of ["biome.json", ".dependency-cruiser.cjs", ".gitignore", "package.json", "knip.json"]) {
    cpSync(path.join(project, file), path.join(root, file));
  }
  plant(".gitignore", "node_modules\n");
  plant(
    "tsconfig.json",
    JSON.stringify({ compilerOptions: { ...compilerOptions }, include: ["server", "app", "components", "e2e"] }),
  );
  cpSync(path.join(project, "server/tsconfig.pure.json"), path.join(root, "server/tsconfig.pure.json"), {});
  for (let at = 0; at < 12; at++) plant(`server/domain/fact-${at}.ts`, `export const fact${at} = ${at};\n`);
  for (const room of ["app", "components", "e2e"]) plant(`${room}/kept.ts`, "export const kept = 1;\n");
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const compilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  module: "esnext",
  moduleResolution: "bundler",
  target: "es2023",
  types: ["node"],
};

const faults = (result: { faults: string[] }) => result.faults.join("\n");

describe("each house rule is seen to fail when it should", () => {
  test("a file of 301 lines, a function of 61 and four parameters", () => {
    expect(faults(checkWalls(root))).toBe("");
    plant("server/kit/long.ts", "export const a = 1;\n".repeat(301));
    plant("server/kit/deep.ts", `export function deep(a, b, c, d) {\n${"  a();\n".repeat(60)}}\n`);
    expect(faults(checkWalls(root))).toMatch(/long\.ts: 301 lines/);
    expect(faults(checkWalls(root))).toMatch(/deep\.ts:1: a function of 62 lines/);
    expect(faults(checkWalls(root))).toMatch(/deep\.ts:1: 4 positional parameters/);
  });

  test("prose that names a file, a symbol or a link that is not there", () => {
    plant("README.md", "See `server/domain/fact-1.ts` and `fact1`.\n");
    expect(faults(checkProse(root))).toBe("");
    plant("README.md", "See `server/domain/gone.ts`, `goneWithTheWind()` and [this](docs/none.md).\n");
    expect(faults(checkProse(root))).toMatch(/gone\.ts.*\n.*goneWithTheWind.*\n.*docs\/none\.md/);
  });

  test("an invariant that no test quotes, and a quote of none", () => {
    plant("ARCHITECTURE.md", "## Invariants\n1. One.\n2. Two.\n## Next\n");
    plant("server/a.test.ts", `test("[I${1}] holds", () => {});\n`);
    expect(faults(checkInvariants(root))).toBe(`no test quotes invariant [I${2}]`);
    plant("server/a.test.ts", `test("[I${1}] [I${2}] [I${9}]", () => {});\n`);
    expect(faults(checkInvariants(root))).toContain(`quotes [I${9}]`);
  });

  test("a version that floats, an address in the lock, an optional package that is missing", () => {
    const manifest = { dependencies: { a: "1.0.0", b: "^1.0.0" } };
    const lock = {
      packages: {
        "node_modules/a": { optionalDependencies: { "a-linux": "1.0.0" } },
        "node_modules/b": { resolved: "https://somewhere/b.tgz" },
      },
    };
    plant("package.json", JSON.stringify(manifest));
    plant("package-lock.json", JSON.stringify(lock));
    expect(faults(checkLock(root))).toMatch(/b is \^1\.0\.0/);
    expect(faults(checkLock(root))).toMatch(/lacks its optional a-linux/);
    expect(faults(checkLock(root))).toMatch(/records a download address/);
  });

  test("a room that reaches where it may not, a cycle, and a fake in the product", () => {
    expect(faults(checkRooms(root))).toBe("");
    plant("server/kit/tool.ts", 'import { fact1 } from "../domain/fact-1";\nexport const tool = fact1;\n');
    plant("server/domain/up.ts", 'import { tool } from "../kit/tool";\nexport const up = tool;\n');
    plant("server/kit/one.ts", 'import type { Two } from "./two";\nexport type One = Two;\n');
    plant("server/kit/two.ts", 'import type { One } from "./one";\nexport type Two = One;\n');
    plant("server/fakes/fake.ts", "export const fake = 1;\n");
    plant("server/gateway/uses.ts", 'import { fake } from "../fakes/fake";\nexport const uses = fake;\n');
    const found = faults(checkRooms(root));
    expect(found).toMatch(/server\/domain: server\/domain\/up\.ts/);
    expect(found).toMatch(/no cycles/);
    expect(found).toMatch(/fakes are for tests/);
  });

  test("[I10] a library used outside the room that speaks for it", () => {
    plant(
      "server/kit/second-way.ts",
      'import { PrismaClient } from "@prisma/client";\nexport const way = PrismaClient;\n',
    );
    expect(faults(checkRooms(root))).toMatch(/@prisma only in server\/store: server\/kit\/second-way\.ts/);
  });

  test("any, a non-null assertion, a default export, the environment read outside main, a floating promise", () => {
    plant(
      "server/kit/bad.ts",
      "async function f(): Promise<void> {}\nexport function g(x: string | undefined) {\n  f();\n  const y: any = x!;\n  return process.env.X ?? y;\n}\nexport default g;\n",
    );
    const found = faults(checkBiome(root));
    for (const rule of [
      "noExplicitAny",
      "noNonNullAssertion",
      "noDefaultExport",
      "noProcessEnv",
      "noFloatingPromises",
    ]) {
      expect(found).toContain(
        `lint/${{ noExplicitAny: "suspicious", noFloatingPromises: "nursery" }[rule] ?? "style"}/${rule}`,
      );
    }
  });

  test("a type error, and node in a pure room", () => {
    expect(faults(checkTypes(root))).toBe("");
    expect(faults(checkPureTypes(root))).toBe("");
    plant("server/kit/bad.ts", "export const n: number = 'text';\n");
    plant("server/domain/impure.ts", "export const here = process.cwd();\n");
    expect(faults(checkTypes(root))).toMatch(/bad\.ts.*TS2322/);
    expect(faults(checkPureTypes(root))).toMatch(/impure\.ts.*process/);
  });

  test("an export that nothing uses", () => {
    plant("server/main.ts", 'import { used } from "./kit/parts";\nconsole.log(used);\n');
    plant("server/kit/parts.ts", "export const used = 1;\nexport const unused = 2;\n");
    expect(faults(checkUnused(root))).toMatch(/unused\s+server\/kit\/parts\.ts/);
  });
});
