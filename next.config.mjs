import { readFileSync } from "node:fs";
import path from "node:path";

/** @type {import('next').NextConfig} */
const config = {
  reactStrictMode: true,
  poweredByHeader: false,
  // `tsc` checks the whole program in CI; who only starts it should not wait for that.
  typescript: { ignoreBuildErrors: true },
  // Native packages are the server's: Next must never bundle them.
  serverExternalPackages: ["@lydell/node-pty", "@photostructure/sqlite", "@prisma/client", "pg", "pino"],
  devIndicators: false,
  // A page is loaded when it is first asked for: the server is ready sooner, and most pages are never asked for.
  experimental: { preloadEntriesOnStart: false },
  // Pages are static shells: the id in the address is the browser's business.
  rewrites: async () => [
    { source: "/sessions/:id", destination: "/session" },
    { source: "/repositories/:id", destination: "/repository" },
  ],
};

/** A running server keeps the pages it began with: each build is put apart, and `current` names the newest. */
function builtPages() {
  const built = path.join("dist", "pages");
  return path.join(built, readFileSync(path.join(import.meta.dirname, built, "current"), "utf8").trim());
}

export default (phase) => (phase === "phase-production-server" ? { ...config, distDir: builtPages() } : config);
