import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { newState } from '../core/history/index.ts';
import type { App } from './index.ts';
import { modelID, type Reply, type Request, type Server } from './testing/server.ts';
import { note, photo } from './testing/start.ts';
import { World } from './testing/world.ts';

type Body = Record<string, unknown>;

/** How another version of the server speaks; the same server behind it. */
interface Dialect {
  hears?(r: Request): Request;
  says(path: string, body: Body): Body;
}

/** The first server that was ever deployed: nothing that came to the wire since then, and only the members of a push that it knew. */
const first: Dialect = {
  hears(r) {
    expect(r.path.startsWith('/api/field/v1/') || r.path === '/keys').toBe(true);
    return r;
  },
  says(_path, { agency: _, ...body }) {
    return body;
  },
};

/** A server that is newer than this app: more members, more kinds of rows, more flags, a case in a state that nobody here has heard of. */
const next: Dialect = {
  says(path, body) {
    const more: Body = { ...body, notice: { ja: '新しい', en: 'new' }, limits: [1, 2, 3] };
    if (Array.isArray(more.results))
      more.results = more.results.map((r: Body) => ({ ...r, flags: ['a_flag_to_come'], weight: 1 }));
    if (path.endsWith('/feed') && Array.isArray(more.changes)) {
      const changes = more.changes.map((c: Body) =>
        c.op === 'put' ? { ...c, body: { ...(c.body as Body), to_come: { deep: [1] } }, hint: 'x' } : c,
      );
      const { index = 0 } = (changes.at(-1) ?? {}) as { index?: number };
      more.changes = [...changes, { index, n: 99, op: 'put', type: 'timetable', id: 'x', body: { rows: [] } }];
    }
    return more;
  },
};

/** Puts a dialect between a server and its phones. */
function speak(server: Server, d: Dialect): void {
  const handle = server.handle.bind(server);
  server.handle = async (r: Request): Promise<Reply> => {
    const reply = await handle(d.hears?.(r) ?? r);
    if (!/json/.test(reply.headers['Content-Type'] ?? '')) return reply;
    return { ...reply, body: JSON.stringify(d.says(r.path, JSON.parse(reply.body) as Body)) };
  };
}

async function enrolled(d: Dialect): Promise<{ world: World; app: App; member: string }> {
  const world = await World.make(7);
  speak(world.server, d);
  const member = modelID();
  const app = await world.phone('phone').open();
  await app.enrol(await world.server.link(member, '佐藤 花子'), '端末');
  return { world, app, member };
}

describe.each([
  ['an older server', first],
  ['a newer server', next],
])('L18: this app and %s', (_name, dialect) => {
  test('records, photos and cases pass', async () => {
    const { world, app, member } = await enrolled(dialect);
    const id = modelID();
    const held: object = newState('case', id);
    world.server.tell(member, 'case', id, { ...held, facts: { worker_name: '髙橋' }, state: 'a_state_to_come' });
    for (let n = 1; n <= 5; n++) await app.seal(note(`${n}`));
    await app.seal(photo());
    await app.sync.kick();
    expect(app.outbox.value).toMatchObject({ unsent: { records: 0, blobs: 0 }, attention: 0 });
    expect([world.server.books.records.size, app.cases.list.value.map((c) => c.facts.worker_name)]).toEqual([
      6,
      ['髙橋'],
    ]);
    expect(app.status.value).toMatchObject({ problem: '', blocked: '' });
  });
});

test('L18: a server that changes its version in the middle loses nothing and doubles nothing', async () => {
  const { world, app } = await enrolled(first);
  await app.seal(note('before'));
  await app.sync.kick();
  speak(world.server, next);
  await app.seal(note('after'));
  await app.sync.kick();
  await app.sync.kick();
  expect([world.server.books.records.size, world.server.books.leaves.filter((l) => l.hash !== '').length]).toEqual([
    2, 2,
  ]);
  expect(app.outbox.value.unsent.records).toBe(0);
});
