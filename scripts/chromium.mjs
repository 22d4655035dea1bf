import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];

/**
 * The browser for the tests: `CHROMIUM_PATH`, else the system's. With `install`, on Debian and as root, Debian's own
 * package is installed where there is none. `path` is null with the reason where there is no browser to be had.
 */
export function findChromium({ install }) {
  const given = process.env.CHROMIUM_PATH;
  if (given) return existsSync(given) ? { path: given } : { path: null, reason: `CHROMIUM_PATH ${given} is not there` };
  const found = () => places.find((place) => existsSync(place));
  if (found()) return { path: found() };
  if (!install || !existsSync("/usr/bin/apt-get") || process.getuid?.() !== 0) {
    return {
      path: null,
      reason: "no Chromium here; install it (Debian: apt-get install chromium) or set CHROMIUM_PATH",
    };
  }
  const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
  const apt = (...args) => spawnSync("apt-get", ["-qq", ...args], { stdio: ["ignore", 2, 2], env });
  console.error("installing Debian's chromium for the browser tests");
  apt("update");
  apt("install", "-y", "--no-install-recommends", "chromium", "fonts-liberation");
  return found() ? { path: found() } : { path: null, reason: "apt-get could not install chromium: see above" };
}
