/** @type {import('next').NextConfig} */
export default {
  reactStrictMode: true,
  poweredByHeader: false,
  // Native packages are the server's: Next must never bundle them.
  serverExternalPackages: ["@lydell/node-pty", "@photostructure/sqlite", "@prisma/client", "pg", "pino"],
};
