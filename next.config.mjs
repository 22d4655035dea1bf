/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // `tsc` checks the whole program in CI; who only starts it should not wait for that.
  typescript: { ignoreBuildErrors: true },
  // Native packages are the server's: Next must never bundle them.
  serverExternalPackages: ["@lydell/node-pty", "@photostructure/sqlite", "@prisma/client", "pg", "pino"],
  devIndicators: false,
  // Pages are static shells: the id in the address is the browser's business.
  rewrites: async () => [
    { source: "/sessions/:id", destination: "/session" },
    { source: "/repositories/:id", destination: "/repository" },
  ],
};
