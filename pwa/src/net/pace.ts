/** Bounds of a chunk, in bytes. */
const least = 16 << 10;
const most = 8 << 20;

/** How long a chunk should take, in ms: long enough that round trips do not count, short enough that a cut costs little. */
const aim = 6_000;

/**
 * Fits the size of chunks to the line: from the rate of what went through, and
 * half as much after each failure.
 */
export class Pace {
  #chunk: number;
  readonly #mono: () => number;

  constructor(mono: () => number, first = 256 << 10) {
    this.#mono = mono;
    this.#chunk = first;
  }

  /** Bytes of the next chunk. */
  get chunk(): number {
    return this.#chunk;
  }

  /** Does work that carries so many bytes, and learns from it. */
  async measure<T>(bytes: number, work: () => Promise<T>): Promise<T> {
    const began = this.#mono();
    let result: T;
    try {
      result = await work();
    } catch (error) {
      this.#chunk = Math.max(least, this.#chunk >> 1);
      throw error;
    }
    const took = Math.max(1, this.#mono() - began);
    const fitting = (bytes / took) * aim;
    // A small blob says little about how much more would have gone through.
    const bounded = Math.min(fitting, this.#chunk * 2);
    if (bytes >= this.#chunk / 2 || bounded < this.#chunk)
      this.#chunk = Math.round(Math.min(most, Math.max(least, bounded)));
    return result;
  }
}
