import { fromUTF8 } from '../encoding/text.ts';
import { type Code, escapeStep, Fault } from './fault.ts';
import { defaultBytes, defaultDepth, defaultMembers, type Kind, type Limits, maxInt } from './ijson.ts';
import { scanString } from './text.ts';
import { Value } from './value.ts';

/**
 * Reads exactly one value, surrounded by nothing but JSON white space. Throws a
 * Fault with the first one in reading order. Its pointer leads to the value at
 * fault: for a repeated name to that member, for a broken name, for punctuation
 * and for too many members to the container.
 */
export function parse(data: Uint8Array, limits: Limits = {}): Value {
  const most = limits.bytes || defaultBytes;
  if (data.length > most) throw new Fault('', 'size', `limit ${most} bytes`);
  const text = fromUTF8(data);
  if (text === undefined) throw new Fault('', 'utf8');
  const p = new Parser(text, limits.depth || defaultDepth, limits.members || defaultMembers);
  if (text.startsWith('\ufeff')) p.fail('syntax', 'byte order mark');
  p.space();
  const value = p.value();
  p.space();
  if (p.pos < text.length) p.fail('syntax', 'more text after the value');
  return value;
}

const numberRun = /[0-9+\-.eE]*/y;
const integer = /^(0|-?[1-9][0-9]{0,15})$/;

class Parser {
  pos = 0;
  readonly #text: string;
  readonly #path: string[] = []; // the containers that are open, for the pointer of a fault
  #depth: number; // containers that may still be opened
  #members: number; // members and elements that may still come

  constructor(text: string, depth: number, members: number) {
    this.#text = text;
    this.#depth = depth;
    this.#members = members;
  }

  fail(code: Code, detail = ''): never {
    throw new Fault(this.#path.map((step) => `/${escapeStep(step)}`).join(''), code, detail);
  }

  space(): void {
    for (;;) {
      const c = this.#text[this.pos];
      if (c !== ' ' && c !== '\t' && c !== '\n' && c !== '\r') return;
      this.pos++;
    }
  }

  value(): Value {
    const c = this.#text[this.pos];
    switch (c) {
      case '"':
        return this.#leaf('string', this.pos, this.#string());
      case '{':
        return this.#object();
      case '[':
        return this.#array();
      case 't':
        return this.#literal('true', 'boolean', true);
      case 'f':
        return this.#literal('false', 'boolean', false);
      case 'n':
        return this.#literal('null', 'null', null);
      default:
        if (c !== undefined && (c === '-' || (c >= '0' && c <= '9'))) return this.#number();
        return this.fail('syntax', 'value expected');
    }
  }

  #leaf(kind: Kind, from: number, scalar: string | number | boolean | null): Value {
    return new Value(kind, scalar, { text: this.#text, from, to: this.pos });
  }

  #string(): string {
    const s = scanString(this.#text, this.pos);
    if ('code' in s) return this.fail(s.code, s.detail);
    this.pos = s.end;
    return s.value;
  }

  #literal(word: string, kind: Kind, scalar: boolean | null): Value {
    if (!this.#text.startsWith(word, this.pos)) this.fail('syntax', 'value expected');
    this.pos += word.length;
    return this.#leaf(kind, this.pos - word.length, scalar);
  }

  /**
   * Takes the whole run of characters that could belong to a JSON number, so
   * that 01, 1.5, 1e3 and -0 are one fault and not half a number with rubbish
   * behind it.
   */
  #number(): Value {
    const from = this.pos;
    numberRun.lastIndex = from;
    const run = numberRun.exec(this.#text)?.[0] ?? '';
    const n = integer.test(run) ? Number(run) : Number.NaN;
    if (!(Math.abs(n) <= maxInt)) this.fail('number');
    this.pos += run.length;
    return this.#leaf('integer', from, n);
  }

  #open(): number {
    if (this.#depth === 0) this.fail('depth');
    this.#depth--;
    const from = this.pos++;
    this.space();
    return from;
  }

  #close(kind: Kind, from: number, children: Value[], names: string[]): Value {
    this.pos++;
    this.#depth++;
    return new Value(kind, null, { text: this.#text, from, to: this.pos }, children, names);
  }

  /** Called after a child: reads the comma, or reports the end. */
  #more(bracket: string): boolean {
    this.space();
    const c = this.#text[this.pos];
    if (c === bracket) return false;
    if (c !== ',') this.fail('syntax', 'comma or end expected');
    this.pos++;
    this.space();
    return true;
  }

  #count(): void {
    if (this.#members-- === 0) this.fail('members');
  }

  #child(step: string): Value {
    this.#path.push(step);
    const v = this.value();
    this.#path.pop();
    return v;
  }

  #array(): Value {
    const from = this.#open();
    const children: Value[] = [];
    for (let more = this.#text[this.pos] !== ']'; more; more = this.#more(']')) {
      this.#count();
      children.push(this.#child(String(children.length)));
    }
    return this.#close('array', from, children, []);
  }

  #object(): Value {
    const from = this.#open();
    const children: Value[] = [];
    const names = new Set<string>();
    for (let more = this.#text[this.pos] !== '}'; more; more = this.#more('}')) {
      this.#count();
      if (this.#text[this.pos] !== '"') this.fail('syntax', 'name expected');
      const name = this.#string();
      if (names.has(name)) {
        this.#path.push(name);
        this.fail('duplicate');
      }
      names.add(name);
      this.space();
      if (this.#text[this.pos] !== ':') this.fail('syntax', 'colon expected');
      this.pos++;
      this.space();
      children.push(this.#child(name));
    }
    return this.#close('object', from, children, [...names]);
  }
}
