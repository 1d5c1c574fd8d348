import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { type Case, newState } from '../core/history/index.ts';
import { modelID } from './testing/server.ts';
import { start } from './testing/start.ts';

describe('feed', () => {
  const lent = (id: string, number: string): Case => ({ ...newState('case', id), facts: { number } });

  test('cases are there offline at once; what is removed goes', async () => {
    const { app, phone, server, member } = await start();
    const ids = [modelID(), modelID()];
    for (const [i, id] of ids.entries()) server.tell(member, 'case', id, lent(id, `A-${i}`));
    server.tell(member, 'member', member, { id: member, name: '佐藤 花子', roles: ['rep'], active: true });
    await app.sync.kick();
    phone.die(phone.life);
    phone.online = false;
    const again = await phone.open();
    expect(again.cases.list.value.map((c) => c.facts.number).sort()).toEqual(['A-0', 'A-1']);
    expect(again.cases.get(ids[1] ?? '')?.facts.number).toBe('A-1');
    expect(again.profile.value?.roles).toEqual(['rep']);
    phone.online = true;
    server.tell(member, 'case', ids[0] ?? '', null);
    await again.sync.kick();
    expect(again.cases.list.value.length).toBe(1);
  });

  test('what the agency is called stands in papers that are begun without a network', async () => {
    const { app, phone, server } = await start();
    expect(app.agency.value).toBeUndefined();
    server.agency = { name: '株式会社みなと人材', contact: '個人情報相談窓口' };
    await app.sync.kick();
    phone.die(phone.life);
    phone.online = false;
    expect((await phone.open()).agency.value).toEqual(server.agency);
  });

  test('L15: a cursor that is gone: the list stays until the new one is whole, unsent work is untouched', async () => {
    const { app, phone, server, member } = await start();
    for (let i = 0; i < 250; i++) server.tell(member, 'case', modelID(), lent(modelID(), `${i}`));
    await app.sync.kick();
    expect(app.cases.list.value.length).toBe(250);
    server.books.leaves = server.books.leaves.map((l) => ({ ...l, token: `${l.token}'` })); // another ledger
    server.books.feed.splice(0, 100);
    const seen = new Set<number>();
    app.cases.list.subscribe((list) => seen.add(list.length));
    phone.meanwhile = async () => {
      seen.add(app.cases.list.value.length);
    };
    await app.sync.kick();
    expect([...seen]).toEqual([250, 150]);
    phone.die(phone.life);
    expect((await phone.open()).cases.list.value.length).toBe(150);
  });
});
