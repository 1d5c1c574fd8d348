/**
 * Keeping writes a draft in the order of its changes. While what it holds is being
 * sealed it takes no more of them: a write that came after the record would bring
 * back a form that is done.
 */
export class Keeping<T> {
  readonly #write: (value: T) => Promise<void>;
  #last: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(write: (value: T) => Promise<void>) {
    this.#write = write;
  }

  /** False: it is closed, nothing was kept. */
  keep(value: T): boolean {
    if (this.#closed) return false;
    this.#last = this.#last.then(() => this.#write(value));
    return true;
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
