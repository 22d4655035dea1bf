import { expect, it } from "vitest";
import { plainOutput } from "./plain-output";

const bytes = (text: string) => new TextEncoder().encode(text);

it("colours, titles and cursor moves are left out, words stay", () => {
  expect(plainOutput([bytes("\u001b]0;title\u0007\u001b[1;31mred\u001b[0m \u001b(Bplain\u001b[K\r\n")])).toBe(
    "red plain\n",
  );
});

it("a progress line is shown as it stood last", () => {
  expect(plainOutput([bytes("10 %\r55 %\r100 %\r\ndone\r\n")])).toBe("100 %\ndone\n");
});

it("a character cut between two chunks is whole", () => {
  const whole = bytes("grün");
  expect(plainOutput([whole.slice(0, 3), whole.slice(3)])).toBe("grün");
});
