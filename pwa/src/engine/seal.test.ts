import 'fake-indexeddb/auto';
import { describe, expect, test, vi } from 'vitest';
import { jp1 } from '../core/policy/index.ts';
import { parse } from '../core/seal/index.ts';
import { Store } from '../store/index.ts';
import type { App, Draft } from './index.ts';
import { caseID, codeOf, note, photo, start } from './testing/start.ts';

/** What waits for the thread takes its time, as on an old phone. */
vi.mock('./turn.ts', () => ({ turn: () => new Promise((go) => setTimeout(go, 20)) }));

describe('sealing', () => {
  test('a record names the policy that comes with the program', async () => {
    const { app } = await start();
    const { hash } = await app.seal(note());
    expect((await parse((await app.record(hash))?.text ?? '')).policy).toBe(jp1.version);
  });

  test('saved is saved: offline, in order, with blobs that read back', async () => {
    const { app, phone, world } = await start();
    phone.online = false;
    const visit = app.newID();
    const first = await app.seal({ kind: 'visit.started', case: caseID, visit, fields: [['place', 'doorstep']] });
    const second = await app.seal({ ...photo(), visit });
    await app.drafts.put('form', { text: '書きかけ', photo: new Uint8Array([1, 2]) });
    const ended = await app.seal({
      kind: 'visit.ended',
      case: caseID,
      visit,
      fields: [['outcome', 'absent']],
      consumes: ['form'],
    });
    expect(await app.drafts.get('form')).toBeUndefined();
    phone.die(phone.life); // killed
    const again = await phone.open();
    const records = await again.visit(visit);
    expect(records.map((r) => [r.seq, r.kind, r.state])).toEqual([
      [1, 'visit.started', 'waiting'],
      [2, 'photo.captured', 'waiting'],
      [3, 'visit.ended', 'waiting'],
    ]);
    expect(records[2]?.fields.records).toEqual([first.hash, second.hash]); // the visit, complete
    expect((await parse(records[2]?.text ?? '')).prev).toBe(second.hash);
    expect((await again.blob(second.blobs[0]?.sha256 ?? '')).length).toBe(5000);
    expect(again.visits.value).toMatchObject([{ visit, records: 3, unsent: 3, endedAt: ended.at }]);
    expect(again.outbox.value.unsent).toMatchObject({ records: 3, blobs: 2, photos: 1 });
    phone.online = true;
    await world.with(phone, (a) => a.sync.kick());
    expect(again.outbox.value.unsent).toEqual({ records: 0, blobs: 0, photos: 0, bytes: 0 });
    expect((await again.visit(visit)).every((r) => r.state === 'received' && r.receivedAt > 0)).toBe(true);
  });

  test('L01: an empty blob cannot be sealed; nor what is too large or no text', async () => {
    const { app } = await start();
    const empty: Draft = {
      ...photo(),
      blobs: [{ id: 'o', role: 'exterior', type: 'image/png', bytes: new Uint8Array() }],
    };
    expect(await codeOf(app.seal(empty))).toBe('empty_blob');
    expect(await codeOf(app.seal(note('あ'.repeat(30_000))))).toBe('too_large');
    expect(await codeOf(app.seal(note('\ud800')))).toBe('content');
    expect(await codeOf(app.seal({ ...note(), fields: [['note', 1.5]] }))).toBe('content');
    expect(app.outbox.value.items).toEqual([]);
  });

  test('L05: two photos of one name and size are two blobs; the same bytes in two records are sent for both', async () => {
    const { app, server } = await start();
    const a = await app.seal(photo(4000, 1));
    const b = await app.seal(photo(4000, 2));
    const c = await app.seal(photo(4000, 1));
    await app.sync.kick();
    expect(new Set([a, b, c].map((s) => s.blobs[0]?.sha256)).size).toBe(2);
    expect(server.books.blobs.size).toBe(6);
    expect(app.outbox.value.unsent.blobs).toBe(0);
  });

  test('L06: bytes that are not what was sealed are said to be damaged, shown, and block nobody', async () => {
    const { app, phone, server } = await start();
    phone.online = false;
    const sealed = await app.seal(photo());
    const store = new Store('phone', phone.disk as never);
    const { spaces } = await store.house();
    const sha256 = sealed.blobs[0]?.sha256 ?? '';
    await store.stage([{ space: spaces[0]?.id ?? '', sha256, size: 1, bytes: { v: 0, data: new ArrayBuffer(3) } }]);
    await store.close();
    expect(await codeOf(app.blob(sha256))).toBe('damaged');
    expect(await codeOf(app.blob('f'.repeat(64)))).toBe('gone');
    phone.online = true;
    await app.sync.kick();
    expect(app.outbox.value).toMatchObject({ attention: 1, unsent: { records: 0, blobs: 1 } });
    expect(app.outbox.value.items[0]?.blobs.map((b) => [b.id, b.state, b.problem])).toEqual([
      ['o', 'attention', 'damaged'],
      ['p', 'received', ''],
    ]);
    expect(server.books.blobs.size).toBe(1);
  });

  test('L10: two pages that seal at once never fork', async () => {
    const { app, phone, server } = await start();
    phone.online = false;
    const one = phone.app as App;
    phone.app = undefined; // another tab beside it
    const two = await phone.open();
    await Promise.all([...Array(6).keys()].flatMap((i) => [one.seal(note(`a${i}`)), two.seal(note(`b${i}`))]));
    phone.online = true;
    await two.sync.kick();
    const seqs = [...server.books.records.values()].map((h) => h.record.seq).sort((a, b) => a - b);
    expect(seqs).toEqual([...Array(12).keys()].map((i) => i + 1));
    expect(app).toBe(one);
  });

  test('what is sealed while everything is read anew, in slices, is not forgotten', async () => {
    const { app, phone } = await start();
    phone.online = false;
    for (let n = 0; n < 120; n++) await app.seal(note(`${n}`));
    for (let n = 0; n < 6; n++) {
      phone.post('cache'); // as another tab does
      await new Promise((done) => setTimeout(done, 3 * n));
      const { hash } = await app.seal(note('meanwhile'));
      await new Promise((done) => setTimeout(done, 60));
      expect(await app.record(hash)).toBeDefined();
    }
    expect(app.outbox.value.items.length).toBe(126);
  });

  test('an end that is asked for while a photo is being sealed names it', async () => {
    const { app, phone } = await start();
    phone.online = false;
    const visit = app.newID();
    await app.seal({ kind: 'visit.started', case: caseID, visit, fields: [['place', 'doorstep']] });
    const taking = app.seal({ ...photo(), visit });
    const ended = await app.seal({ kind: 'visit.ended', case: caseID, visit, fields: [['outcome', 'asked_to_leave']] });
    expect((await app.record(ended.hash))?.fields.records).toContain((await taking).hash);
  });

  test('a tab that opens takes no photo away that another seals meanwhile', async () => {
    const { phone } = await start();
    phone.online = false;
    const one = phone.app as App;
    const { journal } = Store.prototype;
    let taken = '';
    vi.spyOn(Store.prototype, 'journal').mockImplementationOnce(async function (this: Store, space: string) {
      const rows = await journal.call(this, space);
      taken = (await one.seal(photo())).blobs[0]?.sha256 ?? '';
      return rows;
    });
    phone.app = undefined;
    await phone.open();
    await new Promise((done) => setTimeout(done, 50));
    expect((await one.blob(taken)).length).toBe(5000);
  });

  test('of a draft what was put last comes last, however long encryption takes', async () => {
    const { app } = await start();
    await app.lock.setPIN('4711');
    const encrypt = crypto.subtle.encrypt.bind(crypto.subtle);
    vi.spyOn(crypto.subtle, 'encrypt').mockImplementationOnce(async (...all) => {
      await new Promise((done) => setTimeout(done, 30));
      return encrypt(...all);
    });
    await Promise.all([app.drafts.put('note', 'あ'), app.drafts.put('note', 'あい')]);
    expect(await app.drafts.get('note')).toBe('あい');
  });

  test('a head that the phone does not hold: another key goes on, on the word of the old one', async () => {
    const { world, app, phone, server } = await start();
    await app.seal(note('vor dem Abbild'));
    await app.sync.kick();
    // The phone's disk as it was, on another phone: a restored image.
    const store = new Store('phone', phone.disk as never);
    const image = await store.house();
    await store.close();
    const twin = world.phone('twin');
    const disk = new Store('twin', twin.disk as never);
    const head = { seq: 0, hash: image.keys[0]?.kid ?? '' };
    await disk.moveIn(image.spaces[0] as never, { ...image.keys[0], head, acked: head } as never);
    await disk.close();
    const restored = await twin.open();
    twin.online = false;
    await restored.seal(note('eins'));
    twin.online = true;
    await restored.sync.kick();
    const sealed = await restored.seal(note('zwei'));
    await restored.sync.kick();
    expect(sealed.kid).not.toBe(image.keys[0]?.kid);
    expect(restored.device.value).toMatchObject({ kid: sealed.kid, former: [image.keys[0]?.kid] });
    expect(server.devices.has(sealed.kid)).toBe(true);
    expect(server.books.records.get(sealed.hash)?.record.seq).toBe(1);
    expect(restored.outbox.value.unsent.records).toBe(0);
  });
});
