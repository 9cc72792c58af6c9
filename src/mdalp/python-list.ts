/**
 * Reads a Python list of dictionaries, the form of a plan's DATA, by its grammar: never evaluated, so
 * that code in it stays text. Source: the Python language reference, "Literals" and "Displays", of
 * which only strings, numbers, None, True, False, lists and dictionaries are taken.
 */

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | readonly PythonValue[]
  | ReadonlyMap<string, PythonValue>;

/** Text that is no such literal; says where. */
export class PythonLiteralError extends Error {
  readonly code = "bad-literal";
  /** Characters from the start of the text. */
  readonly at: number;

  constructor(message: string, at: number) {
    super(`${message} at character ${at}`);
    this.name = "PythonLiteralError";
    this.at = at;
  }
}

/** Nesting beyond any plan, and far below what would exhaust the stack. */
const DEEPEST = 20;

/** The one value that the whole text is. Throws a PythonLiteralError. */
export function parsePythonLiteral(text: string): PythonValue {
  const reader = new Reader(text);
  const value = reader.value(0);
  reader.end();
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  end(): void {
    this.#space();
    if (this.#at < this.#text.length) this.#fail("text goes on after the value");
  }

  value(depth: number): PythonValue {
    if (depth > DEEPEST) this.#fail(`nested deeper than ${DEEPEST}`);
    this.#space();
    const char = this.#text[this.#at];
    if (char === "[") return this.#list(depth);
    if (char === "{") return this.#dictionary(depth);
    if (char === "'" || char === '"' || this.#prefixed()) return this.#strings();
    return this.#plain();
  }

  #list(depth: number): PythonValue[] {
    this.#at++;
    const items: PythonValue[] = [];
    while (!this.#takes("]")) {
      items.push(this.value(depth + 1));
      if (!this.#takes(",")) {
        this.#expect("]");
        break;
      }
    }
    return items;
  }

  #dictionary(depth: number): Map<string, PythonValue> {
    this.#at++;
    const entries = new Map<string, PythonValue>();
    while (!this.#takes("}")) {
      const at = this.#at;
      const key = this.value(depth + 1);
      if (typeof key !== "string") throw new PythonLiteralError("a key that is no string", at);
      this.#expect(":");
      entries.set(key, this.value(depth + 1));
      if (!this.#takes(",")) {
        this.#expect("}");
        break;
      }
    }
    return entries;
  }

  /** `u'...'`, as Python 2 wrote it; other prefixes make no plain string. */
  #prefixed(): boolean {
    return /^u['"]/i.test(this.#text.slice(this.#at, this.#at + 2));
  }

  /** Strings side by side are one. */
  #strings(): string {
    let whole = "";
    for (;;) {
      if (this.#prefixed()) this.#at++;
      whole += this.#string();
      this.#space();
      const next = this.#text[this.#at];
      if (next !== "'" && next !== '"' && !this.#prefixed()) return whole;
    }
  }

  #string(): string {
    const quote = this.#text[this.#at] as string;
    const start = this.#at++;
    let value = "";
    for (;;) {
      const char = this.#text[this.#at];
      if (char === undefined || char === "\n") {
        throw new PythonLiteralError("a string that does not end", start);
      }
      this.#at++;
      if (char === quote) return value;
      value += char === "\\" ? this.#escape() : char;
    }
  }

  #escape(): string {
    const char = this.#text[this.#at++];
    switch (char) {
      case undefined:
        return this.#fail("a backslash at the end");
      case "\n":
        return "";
      case "n":
        return "\n";
      case "r":
        return "\r";
      case "t":
        return "\t";
      case "b":
        return "\b";
      case "f":
        return "\f";
      case "a":
        return "\x07";
      case "v":
        return "\v";
      case "\\":
      case "'":
      case '"':
        return char;
      case "x":
        return this.#hexadecimal(2);
      case "u":
        return this.#hexadecimal(4);
      case "U":
        return this.#hexadecimal(8);
    }
    if (/[0-7]/.test(char)) {
      const digits = /^[0-7]{0,2}/.exec(this.#text.slice(this.#at, this.#at + 2))?.[0] ?? "";
      this.#at += digits.length;
      return String.fromCharCode(parseInt(char + digits, 8));
    }
    // Python keeps the backslash of an escape that it does not know.
    return `\\${char}`;
  }

  #hexadecimal(length: number): string {
    const digits = this.#text.slice(this.#at, this.#at + length);
    if (!new RegExp(`^[0-9a-fA-F]{${length}}$`).test(digits)) this.#fail("an escape cut short");
    const code = parseInt(digits, 16);
    if (code > 0x10ffff) this.#fail("an escape beyond Unicode");
    this.#at += length;
    return String.fromCodePoint(code);
  }

  #plain(): PythonValue {
    const word = /^(?:[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|[A-Za-z_]\w*)/
      .exec(this.#text.slice(this.#at))?.[0] ?? "";
    if (word === "None") return this.#take(word, null);
    if (word === "True") return this.#take(word, true);
    if (word === "False") return this.#take(word, false);
    if (word !== "" && !/^[A-Za-z_]/.test(word)) return this.#take(word, Number(word));
    return this.#fail(word === "" ? "no value" : `${word} is a name, not a literal`);
  }

  #take<T>(word: string, value: T): T {
    this.#at += word.length;
    return value;
  }

  #takes(char: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== char) return false;
    this.#at++;
    return true;
  }

  #expect(char: string): void {
    if (!this.#takes(char)) this.#fail(`no ${char}`);
  }

  #space(): void {
    while (/[ \t\r\n]/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #fail(message: string): never {
    throw new PythonLiteralError(message, this.#at);
  }
}

/** A string as Python's `repr` writes it, for the DATA of a plan. */
export function writePythonString(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const escaped = text.replace(/[\\\x00-\x1f\x7f]|['"]/g, (char) => {
    if (char === "'" || char === '"') return char === quote ? `\\${char}` : char;
    if (char === "\\") return "\\\\";
    if (char === "\n") return "\\n";
    if (char === "\r") return "\\r";
    if (char === "\t") return "\\t";
    return `\\x${char.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
  return quote + escaped + quote;
}
