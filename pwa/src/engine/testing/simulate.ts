import { blobFields, type Hash } from '../../core/record/index.ts';
import { open } from '../../core/seal/index.ts';
import { Store } from '../../store/index.ts';
import type { Draft } from '../index.ts';
import { longestWait } from '../state.ts';
import type { Chance } from './chance.ts';
import { calm, type Phone, type Weather, World } from './world.ts';

/** What a run came to. */
export interface Told {
  faults: string[];
  sealed: number;
  requests: number;
  crashes: number;
  restored: number;
}

/** What a phone was told is saved: the oracle. */
interface Promise_ {
  hash: Hash;
  phone: Phone;
}

const year = 365 * 24 * 60 * 60_000;

/** Virtual time within which everything must have arrived once the world is calm again. */
const bound = 4 * longestWait;

/**
 * One run: a few phones seal through all that can go wrong; then the world heals,
 * and after a bounded time every promise must have been kept. Returns what was
 * broken.
 */
export async function simulate(seed: number): Promise<Told> {
  const world = await World.make(seed);
  const { chance, server } = world;
  const names = Array.from({ length: 1 + chance.below(3) }, (_, i) => `phone${i}`);
  const promises: Promise_[] = [];
  let restored = 0;
  for (const name of names) {
    const phone = world.phone(name);
    const member = uuid(chance);
    const link = await server.link(member, name);
    await world.with(phone, (app) => app.enrol(link, name));
    server.tell(member, 'case', uuid(chance), { id: uuid(chance), facts: {}, state: 'received' });
  }
  server.backup();
  const isSuspicious = fate(chance, chance.of(0.4) ? 0.05 : 0);
  server.suspicious = isSuspicious;
  const poison = chance.of(0.5) ? 'bad_request' : 'internal';
  const isPoisonous = fate(chance, chance.of(0.2) ? 0.03 : 0);
  server.poison = (hash) => (isPoisonous(hash) ? poison : undefined);
  world.weather = storm(chance);
  const rounds = 10 + chance.below(30);
  for (let i = 0; i < rounds; i++) {
    const phone = chance.pick(world.phones);
    phone.meanwhile = chance.of(0.1) ? () => sealInFlight(world, phone, promises) : undefined;
    await happen(world, phone, promises);
    if (chance.of(0.05)) server.backup();
    if (chance.of(0.03) && server.restore()) restored++;
    if (chance.of(0.1)) await decideAll(world);
  }
  world.weather = calm;
  server.poison = () => undefined;
  await decideAll(world);
  for (const phone of world.phones) {
    phone.online = true;
    phone.meanwhile = undefined;
    await world.with(phone, async (app) => {
      app.sync.resume();
      app.sync.wake('online');
    });
  }
  await world.pass(bound / 2);
  await decideAll(world);
  await world.pass(bound / 2);
  const faults = await judge(world, promises);
  for (const phone of world.phones) await phone.app?.close();
  return { faults, sealed: promises.length, requests: world.requests, crashes: world.crashes, restored };
}

/** What falls to a record when it is first seen, and stays. Hashes are of real keys: nothing may depend on them. */
function fate(chance: Chance, p: number): (hash: Hash) => boolean {
  const fallen = new Map<Hash, boolean>();
  return (hash) => {
    const known = fallen.get(hash) ?? chance.of(p);
    fallen.set(hash, known);
    return known;
  };
}

function storm(chance: Chance): Weather {
  const some = (most: number) => (chance.of(0.5) ? chance.next() * most : 0);
  return {
    lost: some(0.4),
    mute: some(0.3),
    hang: some(0.1),
    double: some(0.2),
    portal: some(0.3),
    busy: some(0.2),
    cut: some(0.2),
    crash: some(0.03),
    quota: some(0.05),
  };
}

async function happen(world: World, phone: Phone, promises: Promise_[]): Promise<void> {
  const { chance } = world;
  const dice = chance.below(100);
  if (dice < 60) await seal(world, phone, promises);
  else if (dice < 70) await world.pass(chance.below(10 * 60_000));
  else if (dice < 78) await world.with(phone, (app) => app.sync.kick());
  else if (dice < 84) phone.online = !phone.online;
  else if (dice < 88) phone.wall = chance.pick([0, year, -year, 60_000, -3 * 60 * 60_000]);
  else if (dice < 92) {
    if (phone.app) phone.die(phone.life); // the page is closed
  } else if (dice < 94) await world.with(phone, async (app) => app.sync.pause());
  else if (dice < 97) await world.with(phone, async (app) => app.sync.resume());
  else await world.sleep(60 * 24 * 60 * 60_000);
}

/** Seals something; what the app says is saved becomes a promise. */
async function seal(world: World, phone: Phone, promises: Promise_[]): Promise<void> {
  const draft = makeDraft(world.chance);
  const sealed = await world.with(phone, (app) => app.seal(draft));
  if (sealed) promises.push({ hash: sealed.hash, phone });
}

async function sealInFlight(world: World, phone: Phone, promises: Promise_[]): Promise<void> {
  const { app, life } = phone;
  if (!app || life.dead || !world.chance.of(0.3)) return;
  try {
    const sealed = await app.seal(makeDraft(world.chance));
    if (!life.dead) promises.push({ hash: sealed.hash, phone });
  } catch {
    // the weather
  }
}

function makeDraft(chance: Chance): Draft {
  const caseID = uuid(chance);
  if (chance.of(0.6)) {
    return { kind: 'note.written', case: caseID, fields: [['note', `メモ ${chance.below(1e9)}`]] };
  }
  const size = chance.of(0.1) ? 100_000 + chance.below(400_000) : 1 + chance.below(60_000);
  const original = new Uint8Array(size);
  chance.bytes(original.subarray(0, 64));
  const preview = chance.bytes(new Uint8Array(1 + chance.below(500)));
  const blobs = [{ id: 'o', role: 'exterior', type: 'image/jpeg', bytes: original }];
  if (chance.of(0.7))
    blobs.push({ id: 'p', role: 'preview', type: 'image/jpeg', bytes: new Uint8Array(preview), of: 'o' } as never);
  return { kind: 'photo.captured', case: caseID, fields: [['source', 'camera']], blobs };
}

async function decideAll(world: World): Promise<void> {
  for (const sha of [...world.server.books.suspects.keys()]) {
    await world.server.decide(world.chance.of(0.7) ? 'released' : 'rejected', sha);
  }
}

/** Holds what is at the server and on the phones against what was promised. */
async function judge(world: World, promises: readonly Promise_[]): Promise<string[]> {
  const faults: string[] = [];
  const { books, devices } = world.server;
  const known = new Set([...books.suspects.values()].map((s) => s.record.hash));
  for (const { hash, phone } of promises) {
    if (!books.records.has(hash) && !known.has(hash)) faults.push(`lost: ${hash} of ${phone.name}`);
  }
  for (const [hash, { record, text }] of books.records) {
    await open(text, (kid) => devices.get(kid)?.key);
    for (const b of blobFields(record)) {
      const bytes = books.blobs.get(`${hash}/${b.sha256}`)?.bytes;
      if (!bytes) faults.push(`blob lost: ${hash} ${b.sha256}`);
      else if (bytes.length !== b.size) faults.push(`blob damaged: ${hash}`);
    }
  }
  const seen = new Set<Hash>();
  for (const { hash } of books.leaves) {
    if (hash !== '' && seen.has(hash)) faults.push(`double: ${hash}`);
    seen.add(hash);
  }
  const places = new Map<string, Hash>();
  for (const { record } of [...books.records.values(), ...books.suspects.values()]) {
    const place = `${record.keyID} ${record.seq}`;
    if (places.has(place) && places.get(place) !== record.hash) faults.push(`fork: ${place}`);
    places.set(place, record.hash);
  }
  for (const phone of world.phones) faults.push(...(await judgePhone(world, phone)));
  return faults;
}

async function judgePhone(world: World, phone: Phone): Promise<string[]> {
  const faults: string[] = [];
  const app = await phone.open();
  const { books } = world.server;
  const { unsent } = app.outbox.value;
  const { activity, problem, blocked } = app.status.value;
  if (unsent.records > 0) faults.push(`${phone.name}: ${unsent.records} unsent (${activity} ${problem} ${blocked})`);
  const store = new Store(phone.name, phone.disk);
  const { spaces, keys } = await store.house();
  for (const space of spaces) {
    const { outbox } = await store.journal(space.id);
    const blobs = await store.blobNames(space.id);
    for (const row of outbox) {
      const there = books.records.get(row.hash);
      if (row.state === 'received' && (!there || there.token !== row.receipt || there.index !== row.index)) {
        faults.push(`${phone.name}: a receipt for nothing, ${row.hash}`);
      }
      if (row.state === 'received' && !row.released && row.blobs.some((b) => b.receipt === '')) {
        faults.push(`${phone.name}: a blob of ${row.hash} did not go`);
      }
      if (!row.released && row.blobs.some((b) => !blobs.has(b.sha256)))
        faults.push(`${phone.name}: bytes of ${row.hash} gone`);
      if (!row.released && !(await store.text(space.id, row.hash)))
        faults.push(`${phone.name}: text of ${row.hash} gone`);
    }
    for (const key of keys) {
      const seqs = outbox
        .filter((r) => r.kid === key.kid)
        .map((r) => r.seq)
        .sort((a, b) => a - b);
      if (seqs.some((seq, i) => seq !== i + 1) || seqs.length !== key.head.seq)
        faults.push(`${phone.name}: a journal with holes`);
    }
  }
  await store.close();
  return faults;
}

function uuid(chance: Chance): string {
  const hex = [...chance.bytes(new Uint8Array(16))].map((b) => b.toString(16).padStart(2, '0')).join('');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20)}`;
}
