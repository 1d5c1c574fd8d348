import { escapeStep } from './fault.ts';
import type { Kind } from './ijson.ts';

/**
 * A place in a parsed text, immutable. It keeps the whole text alive. Only
 * parse makes one; absent stands for a member that is not there.
 */
export class Value {
  readonly kind: Kind;
  readonly #scalar: string | number | boolean | null;
  readonly #names: readonly string[];
  readonly #children: readonly Value[];
  readonly #source: { text: string; from: number; to: number };
  #parent: Value | undefined;
  #step = '';

  constructor(
    kind: Kind,
    scalar: string | number | boolean | null,
    source: { text: string; from: number; to: number },
    children: readonly Value[] = [],
    names: readonly string[] = [],
  ) {
    this.kind = kind;
    this.#scalar = scalar;
    this.#source = source;
    this.#children = children;
    this.#names = names;
    children.forEach((child, i) => {
      child.#parent = this;
      child.#step = names[i] ?? String(i);
    });
  }

  /** A string's characters, perhaps with U+0000; undefined for other kinds. */
  text(): string | undefined {
    return this.kind === 'string' ? (this.#scalar as string) : undefined;
  }

  /** An integer within ±maxInt; undefined for other kinds. */
  int(): number | undefined {
    return this.kind === 'integer' ? (this.#scalar as number) : undefined;
  }

  /** True or false; undefined for other kinds. */
  bool(): boolean | undefined {
    return this.kind === 'boolean' ? (this.#scalar as boolean) : undefined;
  }

  /** The value as it stands in the text, white space inside included. */
  raw(): string {
    return this.#source.text.slice(this.#source.from, this.#source.to);
  }

  /** The number of members or elements, 0 for everything else. */
  get length(): number {
    return this.#children.length;
  }

  /** The member of that exact name, or absent. */
  get(name: string): Value {
    return this.#children[this.#names.indexOf(name)] ?? absent;
  }

  /** An object's names and values in the order of the text; nothing for other kinds. */
  *members(): Generator<[string, Value]> {
    for (let i = 0; i < this.#names.length; i++) yield [this.#names[i] as string, this.#children[i] as Value];
  }

  /** An array's elements; nothing for other kinds. */
  elements(): readonly Value[] {
    return this.kind === 'array' ? this.#children : [];
  }

  /** Where it stands in its text (RFC 6901). */
  pointer(): string {
    return this.#parent ? `${this.#parent.pointer()}/${escapeStep(this.#step)}` : '';
  }
}

/** A member that is not there. */
export const absent = new Value('absent', null, { text: '', from: 0, to: 0 });
