import { expect, test } from "vitest";
import { pageAddress } from "./page-address";

test.each([
  ["/", "/"],
  ["/settings", "/settings"],
  ["/sessions/abc", "/session"],
  ["/sessions/abc/", "/session"],
  ["/repositories/abc", "/repository"],
  ["/sessions/abc/more", "/sessions/abc/more"],
  ["/other-worker.js", "/other-worker.js"],
  ["/_next/image", "/_next/image"],
  ["/_next/../sessions", "/_next/../sessions"],
])("%s is the page %s, for the signed-in", (path, shell) =>
  expect(pageAddress(path, false)).toEqual({ kind: "page", shell }),
);

test.each(["/_next/static/chunks/a.js", "/favicon.ico", "/icon.svg", "/push-worker.js"])("%s is for everyone", (path) =>
  expect(pageAddress(path, false)).toEqual({ kind: "asset" }),
);

test("the sign-in page is for everyone, and only development opens more of Next's files", () => {
  expect(pageAddress("/sign-in", false)).toEqual({ kind: "sign-in" });
  expect(pageAddress("/_next/hmr", true)).toEqual({ kind: "asset" });
});
