import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { modelID } from './testing/server.ts';
import { codeOf, note, photo, start } from './testing/start.ts';
import { World } from './testing/world.ts';

describe('enrolment', () => {
  test('a link pins the root; another server is refused', async () => {
    const { world, app, phone } = await start();
    expect(app.enrolment.value).toMatchObject({ state: 'enrolled', member: { name: '佐藤 花子' } });
    expect(app.device.value).toMatchObject({ root: await world.server.root(), pinned: true });
    const other = await (await World.make(1)).server.link(modelID(), 'x');
    const wrong = `${world.server.url}/field/enrol#${world.server.code(modelID(), 'x')}.${other.split('.').at(-1)}`;
    const second = world.phone('second');
    expect(await codeOf((await second.open()).enrol(wrong, ''))).toBe('root');
    expect(await codeOf((await second.open()).enrol('みつからない', ''))).toBe('code');
    expect(await codeOf((await second.open()).enrol(`${world.server.url}/field/enrol#0123456789AB`, ''))).toBe(
      'refused:enrolment_code_invalid',
    );
    expect(phone.app).toBe(app);
  });

  test('whether a browser keeps keys is found out before a code is used', async () => {
    const { app } = await start();
    expect(await app.unfitness()).toBe('');
    await app.close();
    expect(await app.unfitness()).toBe('keys'); // a store that takes none
  });

  test('an answer that was lost: the same code again brings the same key', async () => {
    const world = await World.make(3);
    const phone = world.phone('phone');
    const link = await world.server.link(modelID(), '佐藤');
    world.weather = { ...world.weather, mute: 1 };
    expect(await codeOf((await phone.open()).enrol(link, ''))).toBe('offline');
    world.weather = { ...world.weather, mute: 0 };
    world.server.codes.forEach((c) => {
      expect(c.kid).toBe('');
    }); // only the nonce went through: now the answer itself
    let n = 0;
    phone.meanwhile = async () => {
      world.weather = { ...world.weather, mute: ++n === 2 ? 1 : 0 };
    };
    expect(await codeOf((await phone.open()).enrol(link, ''))).toBe('offline');
    const kid = [...world.server.codes.values()][0]?.kid;
    expect(kid).not.toBe('');
    phone.meanwhile = undefined;
    world.weather = { ...world.weather, mute: 0 };
    if (phone.app) phone.die(phone.life);
    const app = await phone.open();
    await app.enrol(link, '');
    expect(app.device.value?.kid).toBe(kid);
  });

  test('a server that does not know the key: kept, told, and the same key comes back with a new code', async () => {
    const { world, server, app, member } = await start();
    const kid = app.device.value?.kid;
    server.devices.clear();
    await app.seal(note());
    await app.sync.kick();
    expect(app.status.value).toMatchObject({ blocked: 'device_unknown', unsent: { records: 1 } });
    await app.enrol(await server.link(member, '佐藤 花子'), '端末');
    await app.sync.kick();
    expect([app.device.value?.kid, app.outbox.value.unsent.records, server.books.records.size]).toEqual([kid, 0, 1]);
    expect(world.phones.length).toBe(1);
  });

  test('a revoked key still sends; no cases arrive', async () => {
    const { server, app } = await start();
    for (const d of server.devices.values()) d.revoked = true;
    await app.seal(photo());
    await app.sync.kick();
    expect(app.status.value).toMatchObject({
      blocked: 'device_revoked',
      unsent: { records: 0, blobs: 0 },
      activity: 'idle',
    });
  });
});
