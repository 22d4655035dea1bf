import { describe, expect, it } from "vitest";
import { UrlFinder } from "./url-finder";

const url = "https://forge.example/team/app/pull/12";
const cols = 30;
const esc = "\x1b";

function found(chunks: Uint8Array[], width = cols): string[] {
  const urls: string[] = [];
  const finder = new UrlFinder((each) => urls.push(each));
  for (const chunk of chunks) finder.take(chunk, width);
  finder.end();
  return urls;
}

/** The same wherever it is cut in two, and cut into single bytes. */
function inAnyPieces(output: string, width = cols): string[] {
  const bytes = new TextEncoder().encode(output);
  const whole = found([bytes], width);
  for (let cut = 0; cut <= bytes.length; cut += 1)
    expect(found([bytes.subarray(0, cut), bytes.subarray(cut)], width)).toEqual(whole);
  expect(
    found(
      [...bytes].map((byte) => Uint8Array.of(byte)),
      width,
    ),
  ).toEqual(whole);
  return whole;
}

/** As a program does that breaks its own lines. */
const broken = (text: string, by = "\r\n", width = cols) =>
  (text.match(new RegExp(`.{1,${width}}`, "g")) ?? []).join(by);

describe("addresses of pull requests in output", () => {
  it.each([
    ["alone in a line", `${url}\r\n`],
    ["at the very end", url],
    ["in brackets, with a full stop", `(see ${url}).\r\n`],
    ["behind a sign", `url="${url}"`],
    ["with what follows the number", `${url}/files#diff-1 ${url}?w=1`],
    ["between letters of other scripts", `Öffne „${url}“ 🎉`],
    ["wrapped by the terminal", `Opened at last: ${url} is new`],
    ["behind a frame", `│ ${url} │`],
    ["behind an h that begins nothing", `hhttphttps${url}`],
    ["after a line that was rewritten", `10%\r50%\r${url}\r\n`],
    ["typed with a mistake", "https://forx\bge.example/team/app/pull/12\r\n"],
  ])("%s", (_, output) => {
    expect(new Set(inAnyPieces(output))).toEqual(new Set([url]));
  });

  it.each([
    ["a colour before every letter", [...url].map((each) => `${esc}[38;5;12m${each}`).join("")],
    ["colours and erasing", `${esc}[1m${url.slice(0, 9)}${esc}[0;4m${esc}[K${url.slice(9)}${esc}[0m`],
    ["a title set in the middle", `${url.slice(0, 20)}${esc}]0;https://x/a/b/pull/9\x07${url.slice(20)}`],
    ["a charset and modes", `${esc}(B${url.slice(0, 5)}${esc}[?25l${url.slice(5)}${esc}[?25h`],
  ])("through %s", (_, output) => {
    expect(inAnyPieces(output)).toEqual([url]);
  });

  it.each([
    ["CR LF", broken(url)],
    ["LF", broken(url, "\n")],
    ["CR CR LF", broken(url, "\r\r\n")],
    ["the next line's first column", broken(url, `${esc}[7;1H`)],
    ["the way of line editors", broken(url, " \r")],
    ["colours that end with the line", broken(url, `${esc}[0m${esc}[K\r\n${esc}[34m`)],
    ["a padding on both sides", broken(url, "  \r\n  ", cols - 2).replace(/ {2}\r/g, "\r")],
    ["behind other words", broken(`Look: ${url}`)],
    ["in the middle of https", broken(`${"x".repeat(cols - 3)} ${url}`)],
    ["in the middle of the number", broken(`${"x".repeat(cols - 8)} ${url}`)],
  ])("over lines broken by %s", (_, output) => {
    expect(inAnyPieces(`${output}\r\n`)).toEqual([url]);
    expect(inAnyPieces(`${output} is open`)).toEqual([url]);
  });

  it("behind a link, ended by BEL or ST, whatever its words are", () => {
    expect(inAnyPieces(`${esc}]8;;${url}\x07#12${esc}]8;;\x07`)).toEqual([url]);
    expect(inAnyPieces(`${esc}]8;id=1;${url}#note${esc}\\a pull request${esc}]8;;${esc}\\`)).toEqual([url]);
  });

  it("of every forge's kind, with ports, paths before them and numbers in brackets", () => {
    const all = [
      "http://localhost:3000/team/app/pulls/3",
      "https://gitlab.example/group/sub/app/-/merge_requests/44",
      "https://example.com/git/team/app/pulls/5",
      "http://[::1]:3000/team/app/pulls/6",
      "HTTPS://GitHub.com/Team/App/pull/7",
    ];
    expect(inAnyPieces(all.join("\r\n"), 80)).toEqual(all);
  });

  it("one below the other at the edge, each for itself", () => {
    const other = `${url.slice(0, -2)}34`;
    expect(inAnyPieces(`${url}\r\n${other}\r\nDone`, url.length)).toEqual([url, other]);
  });
});

describe("not an address of a pull request", () => {
  it.each([
    ["one to be made", "https://github.com/team/app/pull/new/topic https://forge.example/team/app/pulls"],
    ["one without a repository", "https://forge.example/pull/12 https://forge.example/app/pull/12"],
    ["one of another kind", "https://forge.example/team/app/issues/12 https://forge.example/team/app/commit/12"],
    ["a name that begins with a number", "https://forge.example/team/app/pulls/12th-idea"],
    ["number zero", "https://forge.example/team/app/pull/0"],
    ["one with a secret before its host", "https://ada:secret@forge.example/team/app/pull/12"],
    ["one for programs", "https://api.github.com/repos/a/b/pulls/1 http://x/api/v1/repos/a/b/pulls/1"],
    ["another protocol", "ssh://forge.example/team/app/pull/12 ftp://forge.example/team/app/pull/12"],
    ["one that a cursor jumped through", `https://forge.example/team/${esc}[5;9Happ/pull/12`],
    ["one broken far from the edge", "https://forge.exam\r\nple/team/app/pull/12"],
    ["one over an empty line", `${broken(url, "\r\n\r\n")}`],
    ["one that was written over", `${url.slice(0, cols)}\r/team/pull/12`],
  ])("%s", (_, output) => {
    expect(inAnyPieces(output)).toEqual([]);
  });

  it("is what only a part of was seen", () => {
    const urls: string[] = [];
    const finder = new UrlFinder((each) => urls.push(each));
    finder.take(new TextEncoder().encode(url.slice(0, -1)), cols);
    finder.lose();
    finder.take(new TextEncoder().encode("2\r\n"), cols);
    finder.end();
    expect(urls).toEqual([]);
  });
});

it("holds on through what never ends, and finds what comes behind it", () => {
  const long = (text: string) => text.repeat(100_000 / text.length);
  for (const flood of [
    long("a"),
    `https://${long("a")}`,
    long("https://a/b"),
    `${esc}]0;${long("x")}`,
    `${esc}P${long("q")}`,
    `${esc}[${long("1;")}`,
  ])
    expect(found([new TextEncoder().encode(`${flood}${esc}\\\r\n${url}\r\n`)])).toEqual([url]);
});
