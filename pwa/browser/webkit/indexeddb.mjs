// The browser's own IndexedDB where the tests ask for one made in memory: each factory has names of its own.
let made = 0;

export class IDBFactory {
  #prefix = `factory ${++made} ${Date.now()} `;

  open(name, version) {
    return indexedDB.open(this.#prefix + name, version);
  }

  deleteDatabase(name) {
    return indexedDB.deleteDatabase(this.#prefix + name);
  }

  async databases() {
    const all = await indexedDB.databases();
    return (
      all
        // WebKit lists a database whose making was called off, as version 0.
        .filter(({ name, version }) => name.startsWith(this.#prefix) && version > 0)
        .map(({ name, version }) => ({ name: name.slice(this.#prefix.length), version }))
    );
  }

  cmp(a, b) {
    return indexedDB.cmp(a, b);
  }
}

/** Closes a connection as the browser does when it needs the memory: the page is told by an event. */
export function forceCloseDatabase(connection) {
  connection.close();
  connection.dispatchEvent(new Event('close'));
}
