import { expect, test } from "vitest";
import { SecretBox } from "./secret-box";

const box = new SecretBox(Buffer.alloc(32, 1));

test("a secret comes back, and no two sealings look alike or show it", () => {
  const sealed = box.seal("geheim 🔑", "row");
  expect(box.open(sealed, "row")).toBe("geheim 🔑");
  expect(sealed).toMatch(/^v1\.[\w-]+$/);
  expect(sealed).not.toBe(box.seal("geheim 🔑", "row"));
  expect(box.open(box.seal("", "row"), "row")).toBe("");
});

test("what was sealed for another row, with another key, or was changed anywhere, is refused", () => {
  const sealed = box.seal("geheim", "row");
  const refused = expect.objectContaining({ code: "refused" });
  const attempt = (work: () => unknown) => {
    try {
      return work();
    } catch (error) {
      return error;
    }
  };
  expect(attempt(() => box.open(sealed, "other"))).toEqual(refused);
  expect(attempt(() => new SecretBox(Buffer.alloc(32, 2)).open(sealed, "row"))).toEqual(refused);
  const bytes = Buffer.from(sealed.slice(3), "base64url");
  for (const at of bytes.keys()) {
    const changed = Buffer.from(bytes);
    changed.writeUInt8((changed.readUInt8(at) + 1) % 256, at);
    expect(attempt(() => box.open(`v1.${changed.toString("base64url")}`, "row"))).toEqual(refused);
  }
  for (const other of ["", "v1.", "v2.AAAA", sealed.slice(0, 20), "plain text"])
    expect(attempt(() => box.open(other, "row"))).toEqual(refused);
});
