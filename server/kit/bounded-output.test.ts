import { describe, expect, test } from "vitest";
import { BoundedOutput } from "./bounded-output";

const text = (output: BoundedOutput) => Buffer.from(output.bytes()).toString();

describe("bounded output", () => {
  test("what fits is kept as it is, however it was cut", () => {
    const output = new BoundedOutput(10);
    for (const piece of ["012", "", "3456", "789"]) output.push(Buffer.from(piece));
    expect(text(output)).toBe("0123456789");
  });

  test("what is beyond the bound is left out from the middle, and said", () => {
    const output = new BoundedOutput(10);
    for (const letter of "abcdefghijklmnopqrstuvwxyz") output.push(Buffer.from(letter));
    expect(text(output)).toBe("abcde\n[16 bytes left out here]\nvwxyz");
  });

  test("one piece larger than the bound is cut the same way", () => {
    const output = new BoundedOutput(10);
    output.push(Buffer.from("abcdefghijklmnopqrstuvwxyz"));
    expect(text(output)).toBe("abcde\n[16 bytes left out here]\nvwxyz");
  });
});
