// The store's tests, on WebKit's own IndexedDB.
import { createServer } from 'node:http';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { rolldown } from 'rolldown';

const here = path.dirname(fileURLToPath(import.meta.url));

async function bundle() {
  const made = await rolldown({
    input: path.join(here, 'suite.mjs'),
    platform: 'browser',
    resolve: {
      alias: {
        vitest: path.join(here, 'vitest.mjs'),
        'fake-indexeddb/auto': path.join(here, 'indexeddb.mjs'),
        'fake-indexeddb': path.join(here, 'indexeddb.mjs'),
      },
    },
    logLevel: 'silent',
  });
  const { output } = await made.generate({ format: 'esm', codeSplitting: false });
  await made.close();
  return output[0].code;
}

/** Runs them in a browser: each test's name, state and faults. */
export async function storeSuite(browser) {
  const code = await bundle();
  const site = createServer((request, answer) => {
    const isCode = request.url === '/suite.js';
    answer.setHeader('Content-Type', isCode ? 'text/javascript' : 'text/html; charset=utf-8');
    answer.end(isCode ? code : '<!doctype html><title>store</title><script type="module" src="/suite.js"></script>');
  });
  await new Promise((done) => site.listen(0, '127.0.0.1', done));
  try {
    await browser.goto(`http://localhost:${site.address().port}/`);
    return await browser.evaluate(async () => globalThis.results);
  } finally {
    site.closeAllConnections();
    site.close();
  }
}
