import { defineConfig } from "prisma/config";

// Prisma's CLI wants its native schema engine even for `generate`, and would download it. Any executable satisfies
// the check, and generate, validate and format never run it: so the build needs no network.
process.env["PRISMA_SCHEMA_ENGINE_BINARY"] ??= process.execPath;

export default defineConfig({ schema: "prisma/schema.prisma" });
