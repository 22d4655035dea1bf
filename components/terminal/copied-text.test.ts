import { expect, test } from "vitest";
import { copiedText } from "./copied-text";

const encoded = (text: string) => Buffer.from(text).toString("base64");

test("a program may set the clipboard, in any language", () => {
  expect(copiedText(`c;${encoded("grüße ✓")}`)).toBe("grüße ✓");
  expect(copiedText(`;${encoded("x")}`)).toBe("x");
});

test("a program that asks for the clipboard gets nothing", () => {
  expect(copiedText("c;?")).toBeNull();
  expect(copiedText("?")).toBeNull();
});

test("what is no text, or too much, is not copied", () => {
  expect(copiedText(`c;${Buffer.from([0xff, 0xfe]).toString("base64")}`)).toBeNull();
  expect(copiedText("c;not base64!")).toBeNull();
  expect(copiedText(`c;${"A".repeat(1_500_000)}`)).toBeNull();
});
