/**
 * Where JSON is broken: the runtimes say it in different words, and some without a place.
 *
 * Source: RFC 8259. It reads only text that JSON.parse refused.
 */
import { show } from "./manifest-error.ts";

export interface SyntaxProblem {
  /** From 1. */
  readonly line: number;
  /** From 1, in UTF-16 units. */
  readonly column: number;
  readonly message: string;
}

/** A manifest nests six deep; the bound keeps the reader's own stack safe. */
const DEEPEST = 100;

const SPACE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const STRING = /"(?:[^"\\\x00-\x1f]|\\(?:["\\/bfnrt]|u[\dA-Fa-f]{4}))*"/y;

class Broken extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(message);
    this.at = at;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  document(): void {
    this.#value(0);
    if (this.#at < this.#text.length) this.#fail("nothing may follow the value");
  }

  #take(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.#text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #peek(): string | undefined {
    this.#take(SPACE);
    return this.#text[this.#at];
  }

  #fail(expected: string): never {
    const character = this.#text[this.#at];
    if (character === undefined) throw new Broken(this.#at, `${expected}; the file ends here`);
    if (this.#text.startsWith("//", this.#at) || this.#text.startsWith("/*", this.#at)) {
      throw new Broken(this.#at, "JSON has no comments; remove it");
    }
    throw new Broken(this.#at, `${expected}; got ${show(character)}`);
  }

  #value(depth: number): void {
    const character = this.#peek();
    if (depth > DEEPEST) throw new Broken(this.#at, `nested deeper than ${DEEPEST}`);
    if (character === "{") this.#list("}", "object", depth, () => this.#key());
    else if (character === "[") this.#list("]", "list", depth, () => {});
    else if (character === '"') this.#string();
    else if (!this.#take(NUMBER) && !this.#take(WORD)) {
      this.#fail(character === "'" ? 'strings stand in double quotes (")' : "expected a value");
    }
    this.#take(SPACE);
  }

  #list(end: string, noun: string, depth: number, before: () => void): void {
    this.#at++;
    if (this.#peek() === end) {
      this.#at++;
      return;
    }
    while (true) {
      before();
      this.#value(depth + 1);
      const comma = this.#at;
      const character = this.#peek();
      this.#at++;
      if (character === end) return;
      if (character !== ",") {
        this.#at--;
        this.#fail(`expected "," or "${end}" of the ${noun}`);
      }
      if (this.#peek() === end) {
        throw new Broken(comma, `a "," before "${end}"; remove the comma`);
      }
    }
  }

  #key(): void {
    const character = this.#peek();
    if (character !== '"') this.#fail("expected a key in double quotes");
    this.#string();
    if (this.#peek() !== ":") this.#fail('expected ":" after the key');
    this.#at++;
  }

  #string(): void {
    const start = this.#at;
    if (this.#take(STRING)) return;
    const lineEnd = this.#text.indexOf("\n", start);
    const line = this.#text.slice(start, lineEnd === -1 ? undefined : lineEnd);
    const escape = /\\(?!["\\/bfnrt]|u[\dA-Fa-f]{4})/.exec(line.replaceAll("\\\\", "__"));
    if (escape === null) {
      throw new Broken(start, "the string does not end, or holds a control character");
    }
    throw new Broken(start + escape.index, 'a "\\" in a string is written "\\\\"');
  }
}

/** The first place where text is not JSON, or undefined when it is. */
export function findSyntaxProblem(text: string): SyntaxProblem | undefined {
  try {
    new Reader(text).document();
    return undefined;
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    const before = text.slice(0, error.at).split("\n");
    return { line: before.length, column: before.at(-1)!.length + 1, message: error.message };
  }
}
