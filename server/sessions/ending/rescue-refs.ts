/** Where a session's work is saved in its clone. Never below `refs/heads`: no branch of a person is touched. */
export const rescuePrefix = (shortId: string): string => `refs/trellis/rescue/${shortId}`;

/** The part of a rescue ref behind the session's prefix, such as `head` or `branches/session/ada/x`; null for others. */
export function rescuePart(shortId: string, ref: string): string | null {
  const prefix = `${rescuePrefix(shortId)}/`;
  return ref.startsWith(prefix) ? ref.slice(prefix.length) : null;
}

/** Input of `git update-ref --stdin -z`: all of them or none. */
export function updateRefsInput(refs: { ref: string; sha: string }[]): Uint8Array {
  return new TextEncoder().encode(refs.map(({ ref, sha }) => `update ${ref}\0${sha}\0\0`).join(""));
}
