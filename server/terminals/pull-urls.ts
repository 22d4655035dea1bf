const host = "(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\\.[a-z0-9-]+)*|\\[[0-9a-f:]+\\])(?::\\d{1,5})?";
/** No colon in a path, so that an address inside another is found, and a look through many of them stays short. */
const part = "[\\w.~%+@!$&*=,;-]+";
const address = new RegExp(
  `https?://${host}((?:/${part}){2,24}?)/(?:pull|pulls|merge_requests)/[1-9]\\d{0,9}(?![\\w-])`,
  "gi",
);
const maxLength = 500;

/**
 * The addresses of pull requests in a word, without what comes behind their number. Not those for programs, and none
 * with a name or secret before its host. Pure.
 */
export function pullUrls(word: string): string[] {
  return [...word.matchAll(address)].flatMap(([url, path]) => {
    const isForPrograms = /^https?:\/\/api\./i.test(url) || /^\/(?:.*\/)?api\/v\d/i.test(path ?? "");
    return isForPrograms || url.length > maxLength ? [] : [url];
  });
}
