// node prisma/db.mjs generate | migration <name> | check: all without a network and without a database.
import { spawnSync } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import path from "node:path";

const here = import.meta.dirname;
const require = createRequire(import.meta.url);
const canonical = await readFile(path.join(here, "schema.prisma"), "utf8");
const providers = ["sqlite", "postgresql"];

const derive = (provider) =>
  provider === "sqlite"
    ? canonical
    : canonical
        .replace('provider = "sqlite"', `provider = "${provider}"`)
        .replace("generated/sqlite", `generated/${provider}`);

// Once per process: the glue module keeps global views on the memory of the first instance.
let loading;
async function loadEngine() {
  const glue = require.resolve("@prisma/schema-engine-wasm/schema_engine_bg");
  const module = await import(glue);
  const wasm = await readFile(path.join(path.dirname(glue), "schema_engine_bg.wasm"));
  const { instance } = await WebAssembly.instantiate(wasm, { "./schema_engine_bg.js": module });
  module.__wbg_set_wasm(instance.exports);
  instance.exports.__wbindgen_start();
  globalThis.PRISMA_WASM_PANIC_REGISTRY ??= { set_message: (message) => console.error("schema engine:", message) };
  return module;
}

/** A diff of two schemas needs no database: the stub answers only the engine's opening questions. */
async function openEngine(provider) {
  loading ??= loadEngine();
  const engine = await loading;
  const { bindMigrationAwareSqlAdapterFactory } = await import("@prisma/driver-adapter-utils");
  const named = { provider: provider === "sqlite" ? "sqlite" : "postgres", adapterName: "offline-stub" };
  const connection = {
    ...named,
    getConnectionInfo: () => ({ schemaName: "public", supportsRelationJoins: false }),
    queryRaw: async () => ({
      columnNames: ["version", "numeric_version"],
      columnTypes: [7, 0],
      rows: [["PostgreSQL 15.0", 150000]],
    }),
    executeRaw: async () => 0,
    executeScript: async () => {},
    dispose: async () => {},
  };
  const factory = { ...named, connect: async () => connection, connectToShadowDb: async () => connection };
  return engine.SchemaEngine.new(
    { datamodels: [["schema.prisma", derive(provider)]] },
    () => {},
    bindMigrationAwareSqlAdapterFactory(factory),
  );
}

async function diff(provider) {
  const folder = path.join(here, "migrations", provider);
  await mkdir(folder, { recursive: true });
  const snapshot = await readFile(path.join(folder, "schema.snapshot.prisma"), "utf8").catch(() => null);
  const schema = (content) => ({ tag: "schemaDatamodel", files: [{ path: "schema.prisma", content }] });
  const engine = await openEngine(provider);
  const result = await engine.diff({
    from: snapshot === null ? { tag: "empty" } : schema(snapshot),
    to: schema(derive(provider)),
    script: true,
    exitCode: true,
    filters: { externalTables: [], externalEnums: [] },
  });
  return { folder, changed: result.exitCode === 2, sql: result.stdout };
}

function generate(schemaFile) {
  const cli = require.resolve("prisma/build/index.js");
  const env = { ...process.env, PRISMA_HIDE_UPDATE_MESSAGE: "1", CHECKPOINT_DISABLE: "1" };
  const result = spawnSync(process.execPath, [cli, "generate", "--schema", schemaFile], { encoding: "utf8", env });
  if (result.status !== 0) {
    console.error(result.stdout, result.stderr);
    process.exit(result.status ?? 1);
  }
}

const commands = {
  async generate() {
    generate(path.join(here, "schema.prisma"));
    const derived = path.join(here, "schema.postgresql.generated.prisma");
    await writeFile(derived, `// Derived from schema.prisma by prisma/db.mjs.\n${derive("postgresql")}`);
    generate(derived);
  },
  async migration(name = "change") {
    const id = `${new Date().toISOString().replace(/\D/g, "").slice(0, 14)}_${name}`;
    for (const provider of providers) {
      const { folder, changed, sql } = await diff(provider);
      if (!changed) {
        console.log(`${provider}: no change`);
        continue;
      }
      await mkdir(path.join(folder, id));
      await writeFile(path.join(folder, id, "migration.sql"), sql);
      await writeFile(path.join(folder, "schema.snapshot.prisma"), derive(provider));
      console.log(`wrote prisma/migrations/${provider}/${id}`);
    }
  },
  async check() {
    for (const provider of providers) {
      const { changed, sql } = await diff(provider);
      if (!changed) continue;
      console.error(`${provider}: schema.prisma has changes without a migration:\n${sql}`);
      process.exitCode = 1;
    }
  },
};

const [command, name] = process.argv.slice(2);
if (!(command in commands)) {
  console.error("usage: node prisma/db.mjs generate | migration <name> | check");
  process.exit(2);
}
await commands[command](name);
