import { expect, test } from "vitest";
import { pathOn, pathOnForge } from "./repository-forge";

const forge = (url: string) => ({ url });

test.each([
  ["https://forge.test/team/app.git", "https://forge.test", "team/app"],
  ["https://forge.test/team/app", "https://forge.test", "team/app"],
  ["https://forge.test:8443/team/app.git", "https://forge.test:8443", "team/app"],
  ["git@forge.test:team/app.git", "https://forge.test", "team/app"],
  ["ssh://git@forge.test:2222/team/app.git", "https://forge.test", "team/app"],
  ["https://forge.test/git/team/app.git", "https://forge.test/git", "team/app"],
  ["git@forge.test:team/app.git", "https://forge.test/git", "team/app"],
  ["https://forge.test/group/sub/app.git", "https://forge.test", "group/sub/app"],
])("%s is %s's %s", (cloneUrl, url, path) => {
  expect(pathOnForge(cloneUrl, forge(url))).toBe(path);
});

test.each([
  ["https://other.test/team/app.git", "https://forge.test"],
  ["https://forge.test:9000/team/app.git", "https://forge.test"],
  ["https://forge.test/team/app.git", "https://forge.test/git"],
  ["/srv/git/app.git", "https://forge.test"],
  ["https://forge.test/app.git", "https://forge.test"],
  ["file:///forge.test/team/app", "https://forge.test"],
])("%s is nothing of %s", (cloneUrl, url) => {
  expect(pathOnForge(cloneUrl, forge(url))).toBeNull();
});

test("a repository that names its forge may be cloned from another host", () => {
  const at = { id: "forge-1", url: "https://forge.test" };
  const cloneUrl = "ssh://git@ssh.forge.test:443/team/app.git";
  expect(pathOn({ cloneUrl, forgeId: "forge-1" }, at)).toBe("team/app");
  expect(pathOn({ cloneUrl, forgeId: null }, at)).toBeNull();
  expect(pathOn({ cloneUrl: "/srv/git/team/app.git", forgeId: "forge-1" }, at)).toBeNull();
});
