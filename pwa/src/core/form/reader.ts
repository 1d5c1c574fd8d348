import { codePoints } from '../encoding/text.ts';
import type { Tree } from '../record/index.ts';
import { type Faults, get, objectOf, type Path } from './fault.ts';

/** Takes members out of one object and notes what is wrong: "", 0, false or [] stand for what is faulty. */
export class Reader {
  readonly #m: object;
  readonly #at: Path;
  readonly #faults: Faults;

  constructor(m: object, at: Path, faults: Faults) {
    this.#m = m;
    this.#at = at;
    this.#faults = faults;
  }

  #member<T extends Tree>(name: string, is: (v: Tree) => v is T): T | undefined {
    const v = get(this.#m, name);
    if (v === undefined) this.#faults.add('required', ...this.#at, name);
    else if (is(v)) return v;
    else this.#faults.add('type', ...this.#at, name);
    return undefined;
  }

  /** A short text that is not empty. */
  text(name: string): string {
    const s = this.#member(name, (v) => typeof v === 'string') ?? undefined;
    if (s === '') this.#faults.add('empty', ...this.#at, name);
    if (s === undefined || codePoints(s) <= 200) return s ?? '';
    this.#faults.add('too_long', ...this.#at, name);
    return '';
  }

  /** An integer within bounds. */
  number(name: string, least: number, most: number): number {
    const n = this.#member(name, isInteger);
    if (n === undefined || (n >= least && n <= most)) return n ?? 0;
    this.#faults.add('value', ...this.#at, name);
    return 0;
  }

  /** A boolean. */
  bool(name: string): boolean {
    return this.#member(name, (v) => typeof v === 'boolean') ?? false;
  }

  /** An array. */
  list(name: string): Tree[] {
    return this.#member(name, (v): v is Tree[] => Array.isArray(v)) ?? [];
  }

  /** An object; undefined when it is faulty. */
  object(name: string): { readonly [name: string]: Tree } | undefined {
    return this.#member(name, (v): v is { [name: string]: Tree } => objectOf(v) !== undefined);
  }
}

/** Reports whether a value is an integer as I-JSON has it. */
export function isInteger(v: unknown): v is number {
  return Number.isSafeInteger(v);
}
