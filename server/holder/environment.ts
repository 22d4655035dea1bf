/** Of one program in a terminal: what was asked for, TERM and its kin, a UTF-8 locale and the session mark. */
export function terminalEnvironment(
  asked: Record<string, string>,
  mark: { sessionId: string; processId: string },
): Record<string, string> {
  return {
    ...utf8(asked),
    TERM: "xterm-256color",
    COLORTERM: "truecolor",
    [sessionMark]: mark.sessionId,
    [terminalMark]: mark.processId,
  };
}

/** Inherited by everything that a program starts: what runs for a session is found and ended by it. */
export const sessionMark = "TRELLIS_SESSION";
export const terminalMark = "TRELLIS_TERMINAL";

const isUtf8 = (locale: string) => /utf-?8/i.test(locale);

function utf8(asked: Record<string, string>): Record<string, string> {
  const effective = asked.LC_ALL || asked.LC_CTYPE || asked.LANG || "";
  if (isUtf8(effective)) return asked;
  const env: Record<string, string> = { ...asked, LANG: process.platform === "darwin" ? "en_US.UTF-8" : "C.UTF-8" };
  // These would win over LANG.
  delete env.LC_ALL;
  delete env.LC_CTYPE;
  return env;
}
