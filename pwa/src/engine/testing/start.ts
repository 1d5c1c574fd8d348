import { type App, type Draft, EngineError } from '../index.ts';
import { modelID, type Server } from './server.ts';
import { type Phone, World } from './world.ts';

export const caseID = modelID();
export const day = 24 * 60 * 60_000;

/** A phone with one enrolled member, at rest. */
export async function start(): Promise<{ world: World; server: Server; phone: Phone; app: App; member: string }> {
  const world = await World.make(7);
  const phone = world.phone('phone');
  const member = modelID();
  const app = await phone.open();
  await app.enrol(await world.server.link(member, '佐藤 花子'), '端末');
  await app.sync.rest();
  return { world, server: world.server, phone, app, member };
}

export const note = (text = 'メモ'): Draft => ({ kind: 'note.written', case: caseID, fields: [['note', text]] });

/** A photo and its preview; fill makes other bytes. */
export function photo(size = 5000, fill = 1): Draft {
  const bytes = new Uint8Array(size).fill(fill);
  const preview = new Uint8Array(300).fill(fill);
  return {
    kind: 'photo.captured',
    case: caseID,
    fields: [['source', 'camera']],
    blobs: [
      { id: 'o', role: 'exterior', type: 'image/jpeg', bytes },
      { id: 'p', role: 'preview', type: 'image/jpeg', bytes: preview, of: 'o' },
    ],
  };
}

/** What came of a call: done, or the code of its fault. */
export const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (e) => (e instanceof EngineError ? e.code + (e.problem && `:${e.problem}`) : String(e)),
  );
