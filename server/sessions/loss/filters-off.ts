import { type Checkout, inCheckout } from "./checkout";

/**
 * Options that switch every configured clean and smudge filter off, so that content passes as it is. For when a filter
 * fails, as LFS does where it is not installed: bytes as they stand on disk are better than none. And for commands that
 * only compare: git reads a file that changed a moment ago whenever it writes an index, and would end with the filter.
 */
export async function filtersOff(checkout: Checkout, signal: AbortSignal): Promise<string[]> {
  const listed = await checkout.git.try(
    ["config", "-z", "--name-only", "--get-regexp", "^filter\\..*\\.(clean|smudge|process|required)$"],
    inCheckout(checkout, signal),
  );
  const names = listed.stdout
    .split("\0")
    .filter((key) => key !== "")
    .map((key) => key.slice("filter.".length, key.lastIndexOf(".")));
  return [...new Set(names)].flatMap((name) =>
    ["clean=", "smudge=", "process=", "required=false"].flatMap((setting) => ["-c", `filter.${name}.${setting}`]),
  );
}
