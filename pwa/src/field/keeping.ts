/**
 * Keeping writes a draft as it changes, one write at a time: what came meanwhile is
 * left out but for the last, so that a hand that types is never far ahead of the
 * disk. While what it holds is being sealed it takes no more: a write that came
 * after the record would bring back a form that is done.
 */
export class Keeping<T> {
  readonly #write: (value: T) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #next: { value: T } | undefined;
  #writing = false;
  #closed = false;

  constructor(write: (value: T) => Promise<void>) {
    this.#write = write;
  }

  /** False: it is closed, nothing was kept. */
  keep(value: T): boolean {
    if (this.#closed) return false;
    this.#next = { value };
    if (!this.#writing) this.#last = this.#drain();
    return true;
  }

  async #drain(): Promise<void> {
    this.#writing = true;
    try {
      for (let next = this.#next; next; next = this.#next) {
        this.#next = undefined;
        await this.#write(next.value);
      }
    } finally {
      this.#writing = false;
    }
  }

  /** Resolves when all that was kept so far is written. */
  written(): Promise<void> {
    return this.#last;
  }

  /** Seals once all that came before is written. It stays closed unless the work fails. */
  async seal<R>(work: () => Promise<R>): Promise<R> {
    this.#closed = true;
    try {
      await this.#last;
      return await work();
    } catch (fault) {
      this.#closed = false;
      throw fault;
    }
  }
}
