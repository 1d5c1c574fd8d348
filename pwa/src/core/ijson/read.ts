import { escapeStep, Fault, type Faults } from './fault.ts';
import type { Kind } from './ijson.ts';
import { absent, type Value } from './value.ts';

/** Reads v as an object. */
export function obj(v: Value, faults: Faults): Obj {
  return new Obj(expect(v, 'object', faults) ? v : absent, faults);
}

/** Reads v as an array. */
export function arr(v: Value, faults: Faults): Arr {
  return new Arr(expect(v, 'array', faults) ? v : absent, faults);
}

function expect(v: Value, want: Kind, faults: Faults): boolean {
  if (v.kind === want) return true;
  faults.add(new Fault(v.pointer(), 'type', `${v.kind}, want ${want}`));
  return false;
}

/**
 * Reads the members of one object by name and collects what is missing or of
 * the wrong type, so that a whole text is judged in one go:
 *
 *     const f = new Faults();
 *     const o = obj(v, f);
 *     const kind = o.string('kind');
 *     o.only('kind', 'seq');
 *     f.check();
 *
 * Plain methods want the member to be there; opt methods allow it to be absent,
 * but an explicit null is never the same as absent. After a fault they return
 * "", 0 or false (opt: undefined). An Obj that stands for something faulty stays
 * quiet: one fault is reported once.
 */
export class Obj {
  /** The object itself; absent when it was faulty. */
  readonly value: Value;
  readonly #faults: Faults;

  constructor(value: Value, faults: Faults) {
    this.value = value;
    this.#faults = faults;
  }

  /** The member is there, null included. */
  has(name: string): boolean {
    return this.value.get(name).kind !== 'absent';
  }

  /** The kind of a member. */
  kind(name: string): Kind {
    return this.value.get(name).kind;
  }

  /** A member that must be there, of any kind. */
  any(name: string): Value {
    const v = this.value.get(name);
    if (v.kind === 'absent' && this.value.kind === 'object') this.fault(name, 'missing');
    return v;
  }

  /** Notes what the caller finds wrong with a member. The detail must not repeat the value. */
  fault(name: string, reason: string, detail = ''): void {
    this.#faults.add(new Fault(`${this.value.pointer()}/${escapeStep(name)}`, reason, detail));
  }

  #want(name: string, kind: Kind, required: boolean): Value {
    const v = this.value.get(name);
    if (v.kind === kind) return v;
    if (v.kind !== 'absent') this.fault(name, 'type', `${v.kind}, want ${kind}`);
    else if (required && this.value.kind === 'object') this.fault(name, 'missing');
    return absent;
  }

  /** A string that must be there. */
  string(name: string): string {
    return this.#want(name, 'string', true).text() ?? '';
  }

  /** A string that may be absent. */
  optString(name: string): string | undefined {
    return this.#want(name, 'string', false).text();
  }

  /** An integer that must be there. */
  int(name: string): number {
    return this.#want(name, 'integer', true).int() ?? 0;
  }

  /** An integer that may be absent. */
  optInt(name: string): number | undefined {
    return this.#want(name, 'integer', false).int();
  }

  /** A boolean that must be there. */
  bool(name: string): boolean {
    return this.#want(name, 'boolean', true).bool() ?? false;
  }

  /** A boolean that may be absent. */
  optBool(name: string): boolean | undefined {
    return this.#want(name, 'boolean', false).bool();
  }

  /** An object that must be there. */
  obj(name: string): Obj {
    return new Obj(this.#want(name, 'object', true), this.#faults);
  }

  /** An object that may be absent. */
  optObj(name: string): Obj | undefined {
    const v = this.#want(name, 'object', false);
    return v === absent ? undefined : new Obj(v, this.#faults);
  }

  /** An array that must be there. */
  arr(name: string): Arr {
    return new Arr(this.#want(name, 'array', true), this.#faults);
  }

  /** An array that may be absent. */
  optArr(name: string): Arr | undefined {
    const v = this.#want(name, 'array', false);
    return v === absent ? undefined : new Arr(v, this.#faults);
  }

  /** Notes a fault for each member that is not among names. */
  only(...names: string[]): void {
    for (const [name] of this.value.members()) if (!names.includes(name)) this.fault(name, 'unknown');
  }
}

/** The same for an array's elements. */
export class Arr {
  /** The array itself; absent when it was faulty. */
  readonly value: Value;
  readonly #faults: Faults;

  constructor(value: Value, faults: Faults) {
    this.value = value;
    this.#faults = faults;
  }

  /** The number of elements. */
  get length(): number {
    return this.value.length;
  }

  /** Notes what the caller finds wrong with the element at index i. */
  fault(i: number, reason: string, detail = ''): void {
    this.#faults.add(new Fault(`${this.value.pointer()}/${i}`, reason, detail));
  }

  /** The elements, each of which must be an object; each is judged when it is reached. */
  *objs(): Generator<Obj> {
    for (const v of this.value.elements()) yield obj(v, this.#faults);
  }

  /** The elements, each of which must be a string; "" stands where one is not. */
  strings(): string[] {
    return this.value.elements().map((v) => (expect(v, 'string', this.#faults) && v.text()) || '');
  }

  /** The elements, each of which must be an integer; 0 stands where one is not. */
  ints(): number[] {
    return this.value.elements().map((v) => (expect(v, 'integer', this.#faults) && v.int()) || 0);
  }
}
