import { createHash } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect, test } from "vitest";
import { collectScriptHashes, scriptHashes } from "./csp-hashes.mjs";

const hash = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

test("every inline script is hashed byte for byte, and none that has a source", () => {
  const html = `<script src="/a.js" async=""></script><script>  one
</script><script id="x" type="text/javascript">two</script><script>two</script><script></script>`;
  expect(scriptHashes(html)).toEqual([hash("  one\n"), hash("two")]);
});

test("pages are named by their path, and a folder without a static page is a fault", async () => {
  const folder = await mkdtemp(path.join(tmpdir(), "trellis-csp-"));
  await expect(collectScriptHashes(folder)).rejects.toThrow("no static page");
  await mkdir(path.join(folder, "a"));
  for (const name of ["index.html", "a/b.html"]) await writeFile(path.join(folder, name), "<script>x</script>");
  await writeFile(path.join(folder, "a/b.rsc"), "<script>y</script>");
  expect(await collectScriptHashes(folder)).toEqual({ "/": [hash("x")], "/a/b": [hash("x")] });
  await rm(folder, { recursive: true });
});
