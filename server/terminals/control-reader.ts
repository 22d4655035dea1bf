import { assertNever } from "../domain/assert-never";

/** What a control sequence does to a word that is being read. */
export type Move =
  | { kind: "carriage-return" }
  | { kind: "line" }
  | { kind: "column"; column: number }
  | { kind: "right"; columns: number }
  | { kind: "back" }
  | { kind: "elsewhere" }
  | { kind: "link"; url: string };

type State = "text" | "escape" | "charset" | "sequence" | "command" | "command-escape" | "string" | "string-escape";

const maxSequence = 64;
const maxCommand = 2_048;
/** Colours, modes, erasing in the line, reports: the text goes on behind them as if they were not there. */
const transparent = new Set([..."mhlKcnpqtu"]);

/** The control sequences of a program's output, byte for byte, in bounded memory. Those that touch no text are dropped. */
export class ControlReader {
  #state: State = "text";
  #held = "";

  constructor(readonly move: (to: Move) => void) {}

  /** Whether it was part of a sequence, or a control character. */
  take(code: number): boolean {
    if (this.#state !== "text" || code === 0x1b) {
      this.#state = code === 0x18 || code === 0x1a ? "text" : this.#next(code);
      return true;
    }
    if (code >= 0x20 || code === 0x09) return code === 0x7f;
    this.#control(code);
    return true;
  }

  lose(): void {
    this.#state = "text";
  }

  #next(code: number): State {
    switch (this.#state) {
      case "text":
        return "escape";
      case "escape":
        return code === 0x1b ? "escape" : this.#escape(code);
      case "charset":
        return "text";
      case "sequence":
        return this.#sequence(code);
      case "command":
        return this.#command(code);
      case "command-escape":
        return code === 0x5c ? this.#endCommand() : this.#escape(code);
      case "string":
        return code === 0x1b ? "string-escape" : "string";
      case "string-escape":
        return code === 0x5c ? "text" : this.#escape(code);
      default:
        return assertNever(this.#state);
    }
  }

  #escape(code: number): State {
    const letter = String.fromCharCode(code);
    this.#held = "";
    if (letter === "[") return "sequence";
    if (letter === "]") return "command";
    if ("PX^_".includes(letter)) return "string";
    if ("()*+-./ #%".includes(letter)) return "charset";
    if (letter === "E") this.move({ kind: "carriage-return" });
    if (letter === "E" || letter === "D") this.move({ kind: "line" });
    else if ("M8c".includes(letter)) this.move({ kind: "elsewhere" });
    return "text";
  }

  #sequence(code: number): State {
    if (code === 0x1b) return "escape";
    if (code < 0x20) {
      this.#control(code);
      return "sequence";
    }
    if (code >= 0x40) {
      for (const each of movesOf(String.fromCharCode(code), this.#held)) this.move(each);
      return "text";
    }
    if (this.#held.length < maxSequence) this.#held += String.fromCharCode(code);
    return "sequence";
  }

  #command(code: number): State {
    if (code === 0x07) return this.#endCommand();
    if (code === 0x1b) return "command-escape";
    if (this.#held.length <= maxCommand) this.#held += String.fromCharCode(code);
    return "command";
  }

  #endCommand(): State {
    const url = /^8;[^;]*;(.+)$/s.exec(this.#held)?.[1];
    if (url !== undefined && this.#held.length <= maxCommand) this.move({ kind: "link", url });
    return "text";
  }

  #control(code: number): void {
    if (code === 0x0d) this.move({ kind: "carriage-return" });
    else if (code >= 0x0a && code <= 0x0c) this.move({ kind: "line" });
    else if (code === 0x08) this.move({ kind: "back" });
  }
}

function movesOf(final: string, held: string): Move[] {
  if (transparent.has(final) || /^[<=>?]/.test(held)) return [];
  const [first = 1, second = 1] = held.split(";").map((each) => Math.max(1, Number.parseInt(each, 10) || 1));
  const begin: Move = { kind: "carriage-return" };
  switch (final) {
    case "H":
    case "f":
      return second === 1 ? [begin, { kind: "line" }] : [{ kind: "column", column: second - 1 }];
    case "G":
    case "`":
      return first === 1 ? [begin] : [{ kind: "column", column: first - 1 }];
    case "E":
      return [begin, { kind: "line" }];
    case "B":
      return first === 1 ? [{ kind: "line" }] : [{ kind: "elsewhere" }];
    case "C":
      return [{ kind: "right", columns: first }];
    default:
      return [{ kind: "elsewhere" }];
  }
}
