/** What can be wrong with a text (parse) or with what it says (Obj, Arr). */
export type Code =
  | 'size' // text too long
  | 'utf8' // not UTF-8
  | 'syntax' // not JSON
  | 'depth' // nested too deeply
  | 'members' // too many members
  | 'duplicate' // name given twice
  | 'surrogate' // lone surrogate
  | 'noncharacter'
  | 'number' // not an integer within ±(2^53−1)
  | 'missing' // member missing
  | 'type' // wrong JSON type
  | 'unknown' // member unknown
  | 'value'; // value not allowed

const codes: readonly string[] = [
  'size',
  'utf8',
  'syntax',
  'depth',
  'members',
  'duplicate',
  'surrogate',
  'noncharacter',
  'number',
  'missing',
  'type',
  'unknown',
  'value',
] satisfies Code[];

/** shownPointer bounds how much of a hostile name reaches a log. */
const shownPointer = 200;

/** One fault at one place. */
export class Fault extends Error {
  /** Where, as a JSON Pointer (RFC 6901); "" is the whole text. */
  readonly pointer: string;
  /** A Code, or a word of the caller's own for faults that it reports. */
  readonly reason: string;
  /** For people, in English; never a value out of the text. */
  readonly detail: string;

  constructor(pointer: string, reason: string, detail = '') {
    const at = pointer.length > shownPointer ? `${pointer.slice(0, shownPointer)}…` : pointer;
    super(`${JSON.stringify(at)}: ${reason}${detail && `: ${detail}`}`);
    this.name = 'Fault';
    this.pointer = pointer;
    this.reason = reason;
    this.detail = detail;
  }

  /** Names the fault for machines: "value" for a reason that is not this package's. */
  get code(): Code {
    return codes.includes(this.reason) ? (this.reason as Code) : 'value';
  }
}

/** Several faults, in the order found; at most 64 are kept. */
export class FaultList extends Error {
  readonly list: readonly Fault[];

  constructor(list: readonly Fault[], more: number) {
    super(list.map((f) => f.message).join('; ') + (more > 0 ? `; and ${more} more` : ''));
    this.name = 'FaultList';
    this.list = list;
  }
}

/** maxFaults bounds what one hostile text can make a reader collect. */
const maxFaults = 64;

/** Collects what typed reading finds wrong. */
export class Faults {
  readonly #list: Fault[] = [];
  #more = 0;

  /** Notes a fault; its pointer is relative to the whole text. */
  add(fault: Fault): void {
    if (this.#list.length === maxFaults) this.#more++;
    else this.#list.push(fault);
  }

  /** Nothing was wrong so far. */
  get ok(): boolean {
    return this.#list.length === 0;
  }

  /** Throws a FaultList unless nothing was wrong. */
  check(): void {
    if (!this.ok) throw new FaultList(this.#list, this.#more);
  }
}

/** The faults inside an error or its causes, in order; none when it holds none. */
export function list(error: unknown): readonly Fault[] {
  for (let e = error; e instanceof Error; e = e.cause) {
    if (e instanceof FaultList) return e.list;
    if (e instanceof Fault) return [e];
  }
  return [];
}

/** Writes one step of a JSON Pointer. */
export function escapeStep(step: string): string {
  return step.replaceAll('~', '~0').replaceAll('/', '~1');
}
