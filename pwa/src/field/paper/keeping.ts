/**
 * Keeping writes a draft in the order of its changes. While the paper is being
 * sealed it takes no more of them: a write that came after the record would bring
 * back a paper that is done.
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
