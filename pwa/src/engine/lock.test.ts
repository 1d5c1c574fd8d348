import 'fake-indexeddb/auto';
import { IDBFactory } from 'fake-indexeddb';
import { describe, expect, test, vi } from 'vitest';
import { newState } from '../core/history/index.ts';
import { Store, StoreError } from '../store/index.ts';
import { modelID } from './testing/server.ts';
import { caseID, codeOf, day, note, photo, start } from './testing/start.ts';

/** Everything that lies on a disk, as text. */
async function dump(disk: IDBFactory, name: string): Promise<string> {
  const db = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = (disk as unknown as globalThis.IDBFactory).open(name);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  const parts: string[] = [];
  for (const store of ['records', 'texts', 'drafts', 'cache', 'blobs']) {
    const rows = await new Promise<Record<string, unknown>[]>((resolve) => {
      const request = db.transaction([store]).objectStore(store).getAll();
      request.onsuccess = () => resolve(request.result);
    });
    for (const row of rows) {
      for (const value of Object.values(row)) {
        const data = (value as { data?: unknown }).data;
        if (data !== undefined) expect(data).toBeInstanceOf(ArrayBuffer); // L06
        parts.push(data ? Buffer.from(data as ArrayBuffer).toString('latin1') : String(value));
      }
    }
  }
  db.close();
  return parts.join('\n');
}

describe('the phone is shared, lost, emptied', () => {
  test('L16: members keep their outboxes apart; a switch loses nothing', async () => {
    const { app, phone, server } = await start();
    phone.online = false;
    const hers = await app.seal(photo());
    await app.drafts.put('form', 'hers');
    phone.online = true;
    server.poison = () => 'bad_request';
    await app.enrol(await server.link(modelID(), '田中'), '端末');
    server.poison = () => undefined;
    expect(app.member.value?.name).toBe('田中');
    expect([app.outbox.value.items.length, await app.drafts.get('form')]).toEqual([0, undefined]);
    await app.seal(note('his'));
    await app.sync.kick();
    expect(server.books.records.has(hers.hash)).toBe(false);
    const find = (name: string) => app.members.value.find((m) => m.name.startsWith(name));
    const [sato, tanaka] = [find('佐藤'), find('田中')];
    expect([sato?.unsent, tanaka?.current]).toEqual([3, true]);
    await app.switchTo(sato?.space ?? '');
    await app.sync.kick();
    expect([server.books.records.has(hers.hash), await app.drafts.get('form')]).toEqual([true, 'hers']);
    const actors = new Set([...server.books.records.values()].map((h) => h.record.actor));
    expect(actors.size).toBe(2);
  });

  test('a PIN encrypts all that lies here; locked, nothing is read and nothing is sent', async () => {
    const { app, phone, server, member } = await start();
    server.tell(member, 'case', caseID, { ...newState('case', caseID), facts: { worker_name: '髙橋 一郎' } });
    await app.sync.kick();
    phone.online = false;
    await app.seal(note('門前のメモ'));
    await app.drafts.put('form', { text: '書きかけの申告' });
    const secret = /門前のメモ|書きかけの申告|髙橋/;
    const open = Buffer.from(await dump(phone.disk, 'phone'), 'latin1').toString('utf8');
    expect(open).toMatch(/書きかけの申告/);
    await app.lock.setPIN('4711');
    await app.seal(note('二つ目のメモ'));
    const closed = Buffer.from(await dump(phone.disk, 'phone'), 'latin1').toString('utf8');
    expect(closed).not.toMatch(secret);
    expect(closed).not.toMatch(/二つ目/);
    phone.die(phone.life);
    phone.online = true;
    const again = await phone.open();
    expect([again.enrolment.value.state, again.lock.locked.value, again.cases.list.value]).toEqual([
      'locked',
      true,
      [],
    ]);
    expect(await codeOf(again.seal(note()))).toBe('locked');
    await again.sync.kick();
    expect(server.books.records.size).toBe(0);
    expect(await codeOf(again.lock.unlock('0000'))).toBe('pin_wrong');
    await again.lock.unlock('4711');
    expect(again.cases.list.value.length).toBe(1);
    expect(await again.drafts.get('form')).toEqual({ text: '書きかけの申告' });
    await again.sync.kick();
    expect(server.books.records.size).toBe(2);
    await again.lock.setPIN('1147', '4711');
    expect([await again.lock.check('1147'), await again.lock.check('4711')]).toEqual([true, false]);
    again.lock.lock();
    expect(again.lock.locked.value).toBe(true);
    await again.lock.unlock('1147');
    expect((await again.recordsOf(caseID)).map((r) => r.fields.note)).toEqual(['門前のメモ', '二つ目のメモ']);
  });

  test('what another tab takes from the office while a PIN is tried is there behind the lock', async () => {
    const { app, phone, server, member } = await start();
    const tell = (id: string) => server.tell(member, 'case', id, newState('case', id));
    tell(modelID());
    await app.sync.kick();
    await app.lock.setPIN('4711');
    phone.app = undefined;
    const other = await phone.open();
    await other.lock.unlock('4711');
    app.lock.lock();
    const slow = crypto.subtle.deriveBits.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'deriveBits').mockImplementationOnce(async (...all) => {
      tell(modelID());
      await other.sync.kick();
      expect(other.cases.list.value.length).toBe(2);
      return slow(...all);
    });
    await app.lock.unlock('4711');
    expect(app.cases.list.value.length).toBe(2);
    vi.restoreAllMocks();
  });

  test('locked while a request hangs, and opened again: its end takes no cases away', async () => {
    const { app, phone, server, member } = await start();
    server.tell(member, 'case', caseID, newState('case', caseID));
    await app.sync.kick();
    await app.lock.setPIN('4711');
    const pause = () => new Promise((done) => setTimeout(done, 50));
    let end = () => undefined as unknown;
    phone.meanwhile = () =>
      new Promise((done) => {
        end = () => done();
      });
    void app.sync.kick();
    await pause();
    app.lock.lock();
    await app.lock.unlock('4711');
    phone.meanwhile = undefined;
    end();
    await pause();
    expect(app.cases.list.value.length).toBe(1);
  });

  test('no room while a first PIN is set: work goes on, and the PIN opens it again', async () => {
    const { app, phone } = await start();
    phone.online = false;
    await app.seal(photo());
    vi.spyOn(Store.prototype, 'replaceCell').mockRejectedValue(new StoreError('quota'));
    expect(await codeOf(app.lock.setPIN('4711'))).toBe('done');
    await app.seal(note('danach'));
    phone.die(phone.life);
    const again = await phone.open();
    await again.lock.unlock('4711');
    expect(again.outbox.value.items.length).toBe(2);
    vi.restoreAllMocks();
  });

  test('what an enrolment before has sent, and a restored server has forgotten, is sent again', async () => {
    const { world, app, phone, server, member } = await start();
    server.backup();
    const old = await app.seal(note('vor dem vergessenen PIN'));
    await app.sync.kick();
    await app.lock.setPIN('4711');
    phone.die(phone.life);
    phone.options = { autostart: true };
    const again = await phone.open();
    await again.enrol(await server.link(member, '佐藤 花子'), '端末');
    await again.sync.kick();
    server.restore();
    for (let n = 0; n < 4; n++) {
      await again.sync.kick();
      await world.pass(61_000);
      await new Promise((done) => setTimeout(done, 50));
    }
    expect(again.device.value?.origin).toBe(server.books.origin);
    // Its own receipt is void, so it is owed; the model server takes no rescue files.
    expect(again.members.value.find((m) => m.space === old.kid)?.unsent).toBe(1);
  });

  test('a PIN that was set halfway (a kill) is finished by the next unlock', async () => {
    const { app, phone } = await start();
    phone.online = false;
    for (let i = 0; i < 5; i++) await app.seal(note(`平文 ${i}`));
    phone.dieAfter = 6;
    await Promise.race([app.lock.setPIN('4711').catch(() => undefined), phone.life.death]);
    expect(phone.life.dead).toBe(true);
    const again = await phone.open();
    expect(again.enrolment.value.state).toBe('locked');
    await again.lock.unlock('4711');
    expect((await again.recordsOf(caseID)).map((r) => r.fields.note)).toEqual([0, 1, 2, 3, 4].map((i) => `平文 ${i}`));
    const store = new Store('phone', phone.disk as never);
    const { spaces } = await store.house();
    for (const name of ['records', 'texts', 'drafts', 'cache', 'blobs'] as const) {
      expect(await store.foreign(spaces[0]?.id ?? '', 1, name, 10)).toEqual([]);
    }
    await store.close();
  });

  test('L32: wrong PINs on a clock that is a year ahead lock nobody out until then', async () => {
    const { app, phone } = await start();
    await app.lock.setPIN('4711');
    phone.wall = 365 * day;
    for (let i = 0; i < 6; i++) await codeOf(app.lock.check('0000'));
    phone.die(phone.life);
    phone.wall = 0;
    const again = await phone.open();
    expect(await codeOf(again.lock.unlock('4711'))).toBe('pin_wait');
    phone.wall = 61 * 60_000;
    await again.lock.unlock('4711');
    expect(again.lock.locked.value).toBe(false);
  });

  test('wrong PINs slow down, and a clock that is set on does not help', async () => {
    const { app, phone } = await start();
    await app.lock.setPIN('4711');
    app.lock.lock();
    for (let i = 0; i < 5; i++) expect(await codeOf(app.lock.unlock('0000'))).toBe('pin_wrong');
    expect(await codeOf(app.lock.unlock('4711'))).toBe('pin_wait');
    expect(app.lock.waitUntil.value).toBeGreaterThan(app.now());
    phone.wall = -10 * 365 * day;
    expect(await codeOf(app.lock.unlock('4711'))).toBe('pin_wait');
    expect(app.lock.waitUntil.value - app.now()).toBeLessThanOrEqual(60 * 60_000);
    phone.wall = 60 * 60_000;
    await app.lock.unlock('4711');
    expect(app.enrolment.value.state).toBe('enrolled');
  });

  test('a forgotten PIN: a new enrolment beside it; the old work is there for its PIN or for rescue', async () => {
    const { app, phone, server, member } = await start();
    phone.online = false;
    await app.seal(note());
    await app.lock.setPIN('4711');
    phone.die(phone.life);
    phone.online = true;
    const again = await phone.open();
    await again.enrol(await server.link(member, '佐藤 花子'), '端末');
    expect(again.enrolment.value.state).toBe('enrolled');
    expect(again.outbox.value.items).toEqual([]);
    expect(again.members.value.map((m) => [m.locked, m.unsent]).sort()).toEqual([
      [false, 0],
      [true, 1],
    ]);
  });

  test('L03: a store that was emptied is noticed, and the next enrolment tells the office', async () => {
    const { app, phone, server, member } = await start();
    expect(app.storage.value.canary).toBe('ok');
    expect((await app.persist()).asked).toBe('granted');
    phone.online = false;
    await app.seal(note());
    const kid = app.device.value?.kid ?? '';
    phone.die(phone.life);
    phone.disk = new IDBFactory();
    phone.online = true;
    const enrol = vi.spyOn(server, 'handle');
    const again = await phone.open();
    expect([again.storage.value.canary, again.status.value.blocked]).toEqual(['gone', 'store_gone']);
    await again.enrol(await server.link(member, '佐藤 花子'), 'Pixel');
    const body = Buffer.from(
      enrol.mock.calls.filter(([r]) => r.path.endsWith('/enrol')).at(-1)?.[0].body ?? [],
    ).toString();
    expect(JSON.parse(body).label).toBe(`Pixel (保存領域が消失: ${kid.slice(0, 8)} 記録1・未送信1)`);
    expect(again.status.value.blocked).toBe('');
  });

  test('a newer app that takes over the store is told of at once, when something is to be kept, and at the door', async () => {
    const { app, phone } = await start();
    await app.seal(note());
    await new Promise((done, fail) => {
      const opening = phone.disk.open(phone.name, 99);
      opening.onsuccess = done;
      opening.onerror = opening.onblocked = fail;
    });
    expect(app.status.value.blocked).toBe('store_outdated');
    expect(await codeOf(app.seal(note()))).toBe('outdated');
    expect(await codeOf(app.drafts.put('note', {}))).toBe('outdated');
    phone.die(phone.life);
    expect(await codeOf(phone.open())).toBe('outdated');
  });

  test('what the screens remember is there again, behind the lock too', async () => {
    const { app, phone } = await start();
    await app.remember('handed', { visit: 'v', template: 't' });
    await app.lock.setPIN('280147');
    await app.remember('setup', ['k']);
    phone.die(phone.life);
    const again = await phone.open();
    expect([again.lock.locked.value, again.mark('handed'), again.mark('setup')]).toEqual([
      true,
      { visit: 'v', template: 't' },
      ['k'],
    ]);
  });

  test('L02: a store that does not answer is a fault, and nothing is called saved', async () => {
    const { app, phone } = await start();
    const put = IDBObjectStore.prototype.add;
    IDBObjectStore.prototype.add = () => {
      throw new DOMException('lost', 'UnknownError');
    };
    try {
      expect(await codeOf(app.seal(note()))).toBe('store');
    } finally {
      IDBObjectStore.prototype.add = put;
    }
    expect(app.outbox.value.items).toEqual([]);
    expect((await app.seal(note())).seq).toBe(1);
    expect(phone.app).toBe(app);
  });
});
