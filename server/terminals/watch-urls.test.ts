import { expect, it } from "vitest";
import { watchUrls } from "./watch-urls";

const url = "https://forge.example/team/app/pull/12";

function watch() {
  const urls: string[] = [];
  const look = watchUrls((each) => urls.push(each));
  const print = (text: string, nowMs = 0) =>
    look({ kind: "output", offset: 0, bytes: new TextEncoder().encode(text) }, 80, nowMs);
  return { urls, look, print };
}

it("tells an address once, however often a program draws it", () => {
  const { urls, print } = watch();
  for (let frame = 0; frame < 50; frame += 1) print(`\x1b[H${url}\r\n`);
  expect(urls).toEqual([url]);
});

it("tells what stood at the very end once the program is over", () => {
  const { urls, look, print } = watch();
  print(url);
  expect(urls).toEqual([]);
  look({ kind: "exit", offset: 38, exit: { code: 0, signal: null, reason: "exited" } }, 80, 0);
  expect(urls).toEqual([url]);
});

it("leaves a flood alone, makes no other address of what it saw of one, and looks again in the next second", () => {
  const { urls, print } = watch();
  print(`${"x".repeat(79)}\n`.repeat(3_000), 500);
  print(url.slice(0, -1), 600);
  print("y".repeat(30_000), 700);
  print(`2\r\n${url}\r\n`, 999);
  expect(urls).toEqual([]);
  print(`2\r\n${url}\r\n`, 1_000);
  expect(urls).toEqual([url]);
});

it("puts nothing together over bytes that are gone", () => {
  const { urls, look, print } = watch();
  print(url.slice(0, -1));
  look({ kind: "gap", from: 37, to: 100 }, 80, 0);
  print("3\r\n");
  expect(urls).toEqual([]);
});
