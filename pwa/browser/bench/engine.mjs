// The phone's engine beside the app, as a second tab would run it: it seals what would take a rep a week of tapping. It lives in a page of the site that
// has no screen, and has no network.
import { randomBytes } from 'node:crypto';
import { rolldown } from 'rolldown';
import { part, pinOf } from './stage.mjs';

/** Opens the engine in a page of its own and gives what it can be asked for. */
export async function engine(context) {
  const page = await context.newPage();
  await page.route('**/empty', (request) => request.fulfill({ contentType: 'text/html', body: '' }));
  await page.goto(`${part.site}/empty`);
  const devtools = await context.newCDPSession(page); // a page's own scripts may not run text; DevTools may
  const bundle = await rolldown({ input: 'src/engine/index.ts', logLevel: 'silent' });
  const { output } = await bundle.generate({ format: 'iife', name: 'engine', codeSplitting: false });
  const { exceptionDetails } = await devtools.send('Runtime.evaluate', { expression: output[0].code });
  if (exceptionDetails) throw new Error(exceptionDetails.exception.description);
  await page.evaluate(open, pinOf());
  return {
    /** Seals visits and gives the bytes of their blobs, and of their records as one push packs them. */
    visits: (count, records, photos) => page.evaluate(seal, { count, records, photos, grain: grain() }),
    paper: (fields) => page.evaluate(sign, fields),
    close: () => page.close(),
  };
}

/** Bytes that no packing makes smaller. */
const grain = () => randomBytes(256 << 10).toString('base64');

/** Runs in the page. */
async function open(pin) {
  const ports = {
    fetch: async () => {
      throw new TypeError('no network');
    },
  };
  const app = await globalThis.engine.openApp({ app: 'bench', autostart: false, ports });
  await app.lock.unlock(pin);
  app.sync.pause();
  globalThis.app = app;
  globalThis.packed = async (texts) => {
    const stream = new Blob(texts).stream().pipeThrough(new CompressionStream('gzip'));
    return (await new Response(stream).arrayBuffer()).byteLength;
  };
}

/** Runs in the page: so many visits of so many records, some of them with a photo and its preview. */
async function seal({ count, records, photos, grain }) {
  const { app } = globalThis;
  const cases = app.cases.list.value;
  const noise = Uint8Array.from(atob(grain), (c) => c.charCodeAt(0));
  const jpeg = (size) => {
    const bytes = noise.slice(0, size);
    crypto.getRandomValues(bytes.subarray(4, 36));
    bytes.set([0xff, 0xd8, 0xff, 0xe0]);
    return bytes;
  };
  const texts = [];
  let blobs = 0;
  const keep = async (draft) => {
    const sealed = await app.seal(draft);
    for (const { size } of sealed.blobs) blobs += size;
    texts.push((await app.record(sealed.hash)).text);
  };
  for (let n = 0; n < count; n++) {
    const base = { case: cases[n % cases.length].id, visit: app.newID() };
    await keep({ ...base, kind: 'visit.started', fields: [['place', 'doorstep']] });
    for (let k = 0; k < photos.count; k++) {
      const both = [
        { id: 'p1', role: 'exterior', type: 'image/jpeg', bytes: jpeg(photos.size) },
        { id: 'p1-preview', role: 'preview', type: 'image/jpeg', bytes: jpeg(photos.preview), of: 'p1' },
      ];
      await keep({ ...base, kind: 'photo.captured', fields: [['source', 'camera']], blobs: both });
    }
    for (let k = photos.count + 2; k < records; k++) {
      const note = `呼び鈴を${k}回鳴らしたが応答なし。室内灯は点いている。`;
      await keep({ ...base, kind: 'note.written', fields: [['note', note]] });
    }
    await keep({ ...base, kind: 'visit.ended', fields: [['outcome', 'absent']] });
  }
  return { blobs, records: await globalThis.packed(texts) };
}

/** Runs in the page: a declaration that was signed. */
async function sign(fields) {
  const { app } = globalThis;
  const base = { case: app.cases.list.value[0].id, visit: app.newID() };
  const { hash } = await app.seal({ ...base, kind: 'declaration.signed', fields });
  return { records: await globalThis.packed([(await app.record(hash)).text]) };
}
