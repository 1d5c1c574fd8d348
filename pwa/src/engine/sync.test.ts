import 'fake-indexeddb/auto';
import { describe, expect, test, vi } from 'vitest';
import { newState } from '../core/history/index.ts';
import { parse } from '../core/seal/index.ts';
import type { Sealed } from './index.ts';
import { caseID, codeOf, day, note, photo, start } from './testing/start.ts';

describe('sync', () => {
  test('L13: item 7 of 50 malformed: 49 accepted, 1 quarantined, none sent again; the office decides', async () => {
    const { app, phone, server, world } = await start();
    phone.online = false;
    const all: Sealed[] = [];
    for (let i = 1; i <= 50; i++) all.push(await app.seal(i === 7 ? photo() : note(`${i}`)));
    const bad = all[6];
    server.suspicious = (hash) => hash === bad?.hash;
    phone.online = true;
    await app.sync.kick();
    expect([server.books.records.size, server.books.suspects.size]).toEqual([49, 1]);
    expect(app.outbox.value.items.find((i) => i.hash === bad?.hash)).toMatchObject({
      state: 'attention',
      problem: 'quarantined',
    });
    expect(app.outbox.value.unsent).toMatchObject({ records: 0, blobs: 0 }); // its photos lie in quarantine too
    const take = vi.spyOn(server, 'handle');
    await app.sync.kick();
    const pushes = take.mock.calls.filter(([r]) => r.path.endsWith('/records')).map(([r]) => r.body.length);
    expect(Math.max(...pushes)).toBeLessThan(400); // a check-in without records
    const [sha = ''] = server.books.suspects.keys();
    await server.decide('released', sha);
    await app.sync.kick();
    expect(app.outbox.value.items.find((i) => i.hash === bad?.hash)).toMatchObject({ state: 'received', problem: '' });
    expect(server.books.records.size).toBe(50);
    await world.pass(day / 100);
    expect(server.books.leaves.filter((l) => l.hash === bad?.hash).length).toBe(1);
  });

  test('L13: an upload that was begun in quarantine is begun anew when the record is released', async () => {
    const { app, phone, server, world } = await start();
    server.suspicious = () => true;
    world.weather = { ...world.weather, cut: 0.7 };
    const sealed = await app.seal(photo(900_000));
    for (let i = 0; i < 3; i++) await world.with(phone, (a) => a.sync.kick());
    expect(server.books.uploads.size).toBeGreaterThan(0);
    expect(app.outbox.value.unsent.photos).toBe(1);
    phone.die(phone.life);
    world.weather = { ...world.weather, cut: 0 };
    server.suspicious = () => false;
    await server.decide('released', [...server.books.suspects.keys()][0] ?? '');
    const again = await phone.open(); // and hears of it before it goes on with the photo
    await again.sync.kick();
    await world.pass(day / 100);
    expect(again.outbox.value.unsent).toMatchObject({ records: 0, blobs: 0 });
    for (const { sha256 } of sealed.blobs) expect(server.books.blobs.has(`${sealed.hash}/${sha256}`)).toBe(true);
  });

  test('L13: a rejected text stays on the phone, said so', async () => {
    const { app, server } = await start();
    server.suspicious = () => true;
    const sealed = await app.seal(note());
    await app.sync.kick();
    await server.decide('rejected', [...server.books.suspects.keys()][0] ?? '');
    await app.sync.kick();
    expect(app.outbox.value.items[0]).toMatchObject({ state: 'attention', problem: 'quarantine_rejected' });
    expect((await app.record(sealed.hash))?.kept).toBe(true);
  });

  test('L15: a restored server that forgot a rejected text gets it again, and the decision counts', async () => {
    const { app, server } = await start();
    server.suspicious = () => true;
    server.backup();
    await app.seal(note());
    await app.sync.kick();
    const [sha = ''] = server.books.suspects.keys();
    await server.decide('rejected', sha);
    await app.sync.kick();
    server.restore();
    expect(server.books.suspects.size).toBe(0);
    await app.sync.kick();
    await app.sync.kick();
    expect([...server.books.suspects.keys()]).toEqual([sha]);
    await server.decide('rejected', sha);
    await app.sync.kick();
    expect(app.outbox.value.items[0]).toMatchObject({ state: 'attention', problem: 'quarantine_rejected' });
  });

  test.each(['bad_request', 'internal'] as const)(
    'L13: a record that the server chokes on (%s) waits alone',
    async (how) => {
      const { app, phone, server, world } = await start();
      phone.online = false;
      const all: Sealed[] = [];
      for (let i = 1; i <= 20; i++) all.push(await app.seal(note(`${i}`)));
      server.poison = (hash) => (hash === all[6]?.hash ? how : undefined);
      phone.online = true;
      await app.sync.kick();
      await world.pass(20 * 60_000);
      expect(server.books.records.size).toBe(19);
      expect(app.outbox.value.items.find((i) => i.hash === all[6]?.hash)).toMatchObject({
        state: 'attention',
        problem: how,
      });
      server.poison = () => undefined;
      await world.pass(10 * 60_000);
      expect([server.books.records.size, app.outbox.value.attention]).toEqual([20, 0]);
    },
  );

  test('L19: an outbox of 60 days still sends; L32: with the clock a year wrong as well', async () => {
    const { app, phone, server, world } = await start();
    phone.online = false;
    await app.seal(photo());
    phone.wall = 365 * day;
    await app.seal(note());
    await world.pass(2 * 60 * 60_000); // tried all the while
    await world.sleep(60 * day);
    phone.wall = -365 * day;
    const last = await app.seal(note());
    phone.online = true;
    await world.pass(10 * 60_000);
    expect([server.books.records.size, server.books.blobs.size, app.outbox.value.unsent.records]).toEqual([3, 2, 0]);
    expect(app.clock.value.wrong).toBe(true);
    await app.seal(note());
    const records = await app.recordsOf(caseID);
    const clock = (await parse(records.at(-1)?.text ?? '')).clock;
    expect(Math.abs((clock?.offsetMS ?? 0) - 365 * day)).toBeLessThan(60_000);
    expect(last.seq).toBe(3);
  });

  test('L34: nothing that somebody else answers is an acknowledgement', async () => {
    const { app, server, world } = await start();
    await app.seal(photo());
    await app.sync.kick();
    const before = server.books.records.size;
    world.weather = { ...world.weather, portal: 1 };
    await app.seal(photo(4000, 9));
    for (let i = 0; i < 30; i++) await app.sync.kick();
    expect(app.status.value).toMatchObject({
      activity: 'waiting',
      problem: 'portal',
      unsent: { records: 1, blobs: 2 },
    });
    expect(server.books.records.size).toBe(before);
    world.weather = { ...world.weather, portal: 0, hang: 1 };
    await app.sync.kick();
    expect(app.status.value.problem).toBe('timeout');
    world.weather = { ...world.weather, hang: 0 };
    await world.pass(10 * 60_000);
    expect(app.status.value).toMatchObject({ activity: 'idle', problem: '', unsent: { records: 0, blobs: 0 } });
  });

  test('a receipt for something else moves nothing', async () => {
    const { app, server } = await start();
    await app.seal(note('eins'));
    await app.sync.kick();
    const [held] = server.books.records.values();
    const sealed = await app.seal(note('zwei'));
    const handle = server.handle.bind(server);
    server.handle = async (r) => {
      const reply = await handle(r);
      if (r.path.endsWith('/records')) {
        const body = JSON.parse(reply.body);
        for (const result of body.results ?? []) result.receipt = held?.token;
        reply.body = JSON.stringify(body);
      }
      return reply;
    };
    await app.sync.kick();
    expect(app.outbox.value.items.find((i) => i.hash === sealed.hash)).toMatchObject({
      state: 'attention',
      problem: 'receipt',
    });
    expect(app.outbox.value.unsent.records).toBe(1);
  });

  test('L11: a large photo goes on where it was cut, after a kill too', async () => {
    const { app, phone, server, world } = await start();
    world.weather = { ...world.weather, cut: 0.7 };
    await app.seal(photo(900_000));
    for (let i = 0; i < 6; i++) await world.with(phone, (a) => a.sync.kick());
    phone.die(phone.life);
    world.weather = { ...world.weather, cut: 0 };
    const patched = vi.spyOn(server, 'handle');
    const again = await phone.open();
    await again.sync.kick();
    const heads = patched.mock.calls.filter(([r]) => r.method === 'HEAD').length;
    const sent = patched.mock.calls.filter(([r]) => r.method === 'PATCH').reduce((n, [r]) => n + r.body.length, 0);
    expect(heads).toBe(1);
    expect(sent).toBeLessThan(900_000);
    expect(again.outbox.value.unsent.blobs).toBe(0);
  });

  test('an answer that was lost: the receipt is asked for, the photo is not sent again', async () => {
    const { app, server, world, phone } = await start();
    const sealed = await app.seal(photo());
    const handle = server.handle.bind(server);
    server.handle = async (r) => {
      const reply = await handle(r);
      if (r.method !== 'PUT' || reply.status !== 201) return reply;
      throw new TypeError('network');
    };
    await app.sync.kick();
    server.handle = handle;
    const puts = vi.spyOn(server, 'handle');
    expect(server.books.blobs.size).toBe(1);
    await world.with(phone, (a) => a.sync.kick());
    const first = sealed.blobs[1]?.sha256 ?? '-';
    expect(puts.mock.calls.some(([r]) => r.method === 'PUT' && r.path.includes(first))).toBe(false);
    expect(app.outbox.value.unsent.blobs).toBe(0);
  });

  test('originals wait for Wi-Fi when asked to; records, previews and what was hidden do not', async () => {
    const { app, phone, server } = await start();
    phone.cheap = false;
    await app.sync.setOriginalsOnWifi(true);
    const { hash } = await app.seal(photo());
    const hidden = { id: 'redacted', role: 'redacted', type: 'image/jpeg', bytes: new Uint8Array(200).fill(9) };
    await app.seal({
      kind: 'photo.redacted',
      case: caseID,
      fields: [
        ['record', hash],
        ['original', 'o'],
      ],
      blobs: [hidden],
    });
    await app.sync.kick();
    expect([server.books.records.size, server.books.blobs.size]).toEqual([2, 2]);
    expect(app.outbox.value.items[0]?.blobs.map((b) => [b.id, b.state])).toEqual([['redacted', 'received']]);
    expect(app.outbox.value.items[1]?.blobs.map((b) => [b.id, b.state, b.held])).toEqual([
      ['o', 'waiting', true],
      ['p', 'received', false],
    ]);
    phone.cheap = true;
    await app.sync.kick();
    expect(app.outbox.value.unsent.blobs).toBe(0);
  });

  test('L12: one who keeps asking starves nobody: photos go, and what the office sends comes in between', async () => {
    const { app, phone, server, member, world } = await start();
    await app.seal(photo(900_000));
    phone.meanwhile = async () => {
      void app.sync.kick();
      app.sync.wake('visible');
    };
    let arrived = 0;
    const handle = server.handle.bind(server);
    server.handle = async (r) => {
      if (r.method === 'PATCH' && arrived++ === 1) {
        server.tell(member, 'case', caseID, { ...newState('case', caseID), facts: {} });
      }
      if (app.cases.list.value.length === 0) expect(arrived).toBeLessThan(6);
      return handle(r);
    };
    await Promise.race([app.sync.rest(), world.pass(1)]);
    for (let i = 0; i < 100 && app.outbox.value.unsent.blobs > 0; i++)
      await new Promise((done) => setTimeout(done, 20));
    expect([app.outbox.value.unsent.blobs, app.cases.list.value.length]).toEqual([0, 1]);
    phone.meanwhile = undefined;
    await app.sync.rest();
  });

  test('pause stops it, also over wake-ups; resume goes on', async () => {
    const { app, server } = await start();
    app.sync.pause();
    await app.seal(note());
    app.sync.wake('online');
    await app.sync.kick();
    expect([app.status.value.activity, server.books.records.size]).toEqual(['paused', 0]);
    app.sync.resume();
    await app.sync.rest();
    expect(server.books.records.size).toBe(1);
  });

  test('content goes only when record, blobs and backup say so', async () => {
    const { app, server, phone, world } = await start();
    const sealed = await app.seal(photo());
    await app.sync.kick();
    expect((await app.record(sealed.hash))?.kept).toBe(true); // no backup yet
    server.backup();
    await app.sync.kick();
    expect((await app.record(sealed.hash))?.kept).toBe(true); // its photos came after the last leaf of the backup
    await app.seal(note());
    await app.sync.kick();
    server.backup();
    await world.with(phone, (a) => a.sync.kick());
    const stub = await app.record(sealed.hash);
    expect(stub).toMatchObject({ kept: false, text: '', kind: 'photo.captured', state: 'received' });
    expect(await codeOf(app.blob(sealed.blobs[0]?.sha256 ?? ''))).toBe('gone');
  });

  test.each([false, true])(
    'a restored, older database (silent: %s): the phones push again what it forgot',
    async (silent) => {
      const { app, server } = await start();
      await app.seal(note('davor'));
      await app.sync.kick();
      server.backup();
      server.safeIndex = -1;
      const late = [await app.seal(photo()), await app.seal(note('danach'))];
      await app.sync.kick();
      server.restore(silent);
      expect(server.books.records.size).toBe(1);
      await app.sync.kick();
      expect(late.every((s) => server.books.records.has(s.hash))).toBe(true);
      expect([server.books.blobs.size, app.outbox.value.unsent.blobs]).toEqual([2, 0]);
      expect(app.device.value?.origin).toBe(server.books.origin);
    },
  );
});
