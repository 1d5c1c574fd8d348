// The page that runs the store's tests on the browser's own IndexedDB.
import { run } from 'vitest';

globalThis.setImmediate ??= (task) => setTimeout(task, 0);
globalThis.results = run({
  'store.test.ts': () => import('../../src/store/store.test.ts'),
  'versions.test.ts': () => import('../../src/store/versions.test.ts'),
});
