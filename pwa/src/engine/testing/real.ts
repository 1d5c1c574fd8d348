/**
 * The phone without its screens, in Node, against a real server: e2e/phone drives
 * it. One command a line, as JSON, on standard input; one answer a line on
 * standard output. The disk is fake-indexeddb, in memory: a page can be killed,
 * which takes its timers and its network from it in the middle of whatever it
 * does, and the next page finds the disk as it is. The argument says how many
 * times as fast the page's clock runs: waits are short where the line is as well.
 */
import 'fake-indexeddb/auto';
import { randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { effect } from '@preact/signals-core';
import { type App, type Draft, openApp } from '../index.ts';
import type { Ports } from '../ports.ts';

interface Command {
  do:
    | 'enrol'
    | 'seal'
    | 'declare'
    | 'online'
    | 'signal'
    | 'sync'
    | 'rest'
    | 'await'
    | 'kill'
    | 'pin'
    | 'unlock'
    | 'rescue'
    | 'before'
    | 'outbox'
    | 'cases';
  link?: string;
  case?: string;
  /** Records to seal, every other one with a photo of so many bytes. */
  records?: number;
  bytes?: number;
  pin?: string;
  file?: string;
  /** For online: whether there is a network, as far as the phone knows. */
  on?: boolean;
  /** For signal: the record to wait for. */
  hash?: string;
  /** For await and before: ms of patience. */
  within?: number;
}

/** What was sealed, and what must arrive of it. */
interface Made {
  hash: string;
  blobs: string[];
  size: number;
}

const never = new Promise<never>(() => undefined);

const speed = Number(process.argv[2] ?? 1);

let online = true;
let death = new AbortController();
let app = await open();

function open(): Promise<App> {
  const { signal } = death;
  const ports: Partial<Ports> = {
    async fetch(url, init) {
      if (signal.aborted) return never;
      if (!online) throw new TypeError('no network');
      const both = init.signal ? AbortSignal.any([signal, init.signal]) : signal;
      try {
        return await fetch(url, { ...init, signal: both });
      } catch (error) {
        if (signal.aborted) return never;
        throw error;
      }
    },
    mono: () => performance.now() * speed,
    timers: {
      set: (callback, ms) => setTimeout(() => signal.aborted || callback(), ms / speed),
      clear: (handle) => clearTimeout(handle as number),
    },
    lock: (_name, work) => work(),
    online: () => online,
    cheap: () => true,
    storage: {
      persisted: async () => true,
      persist: async () => true,
      estimate: async () => ({ usage: 1 << 20, quota: 1 << 30 }),
    },
    channel: { post: () => undefined, listen: () => () => undefined },
  };
  // Chunks small enough that a photo is cut by what happens to the server.
  return openApp({ app: 'e2e/1', database: 'phone', chunk: 64 << 10, pinRounds: 1000, ports });
}

async function obey(c: Command): Promise<unknown> {
  switch (c.do) {
    case 'enrol':
      return app.enrol(c.link ?? '', 'e2e');
    case 'seal':
      return visit(c.case ?? '', c.records ?? 0, c.bytes ?? 0);
    case 'declare':
      return [await declare(c.case ?? '', c.bytes ?? 0)];
    case 'online':
      online = c.on ?? true;
      if (online) app.sync.wake('online');
      return {};
    case 'signal':
      return received(c.hash ?? '');
    case 'sync': // begins; does not wait
      void app.sync.kick();
      return {};
    case 'rest':
      await app.sync.rest();
      return told();
    case 'await':
      await drained(c.within ?? 60_000);
      return told();
    case 'kill':
      death.abort();
      death = new AbortController();
      app = await open();
      return told();
    case 'pin':
      await app.lock.setPIN(c.pin ?? '');
      return {};
    case 'unlock':
      await app.lock.unlock(c.pin ?? '');
      return told();
    case 'rescue':
      await pipeline(Readable.from(app.rescue()), createWriteStream(c.file ?? ''));
      return {};
    case 'before': // waits until nothing is unsent of an enrolment before
      return handedOver(c.within ?? 60_000);
    case 'outbox':
      return told();
    case 'cases':
      return app.cases.list.value.map((one) => one.id);
  }
}

/** Seals a visit of so many records. */
async function visit(caseID: string, records: number, bytes: number): Promise<Made[]> {
  const id = app.newID();
  const base = { case: caseID, visit: id };
  const made = [await seal({ ...base, kind: 'visit.started', fields: [['place', 'doorstep']] })];
  for (let i = 2; i < records; i++) {
    if (i % 2 === 1) {
      made.push(await seal({ ...base, kind: 'note.written', fields: [['note', `メモ ${i}`]] }));
      continue;
    }
    const blobs = [
      { id: 'o', role: 'exterior', type: 'image/jpeg', bytes: jpeg(bytes) },
      { id: 'p', role: 'preview', type: 'image/jpeg', bytes: jpeg(3000), of: 'o' },
    ];
    made.push(await seal({ ...base, kind: 'photo.captured', fields: [['source', 'camera']], blobs }));
  }
  made.push(await seal({ ...base, kind: 'visit.ended', fields: [['outcome', 'absent']] }));
  return made;
}

/** Seals what has the size of a signed declaration: words, and a hand of so many bytes that no packing makes smaller. */
function declare(caseID: string, bytes: number): Promise<Made> {
  const fields = [['note', `申告の内容。${randomBytes(bytes / 2).toString('hex')}`]] as const;
  return seal({ kind: 'note.written', case: caseID, fields });
}

async function seal(draft: Draft): Promise<Made> {
  const { hash, blobs } = await app.seal(draft);
  const size = (await app.record(hash))?.text.length ?? 0;
  return { hash, blobs: blobs.map((b) => b.sha256), size };
}

/** Bytes that begin as a JPEG does. */
function jpeg(size: number): Uint8Array {
  const bytes = new Uint8Array(randomBytes(size));
  bytes.set([0xff, 0xd8, 0xff, 0xe0, 0x00, 0x10, 0x4a, 0x46, 0x49, 0x46, 0x00]);
  return bytes;
}

/** Waits until nothing is unsent and nothing is wrong, trying as a phone in the hand does. */
async function drained(within: number): Promise<void> {
  const until = performance.now() + within;
  while (performance.now() < until) {
    const { problem, unsent } = app.status.value;
    if (unsent.records + unsent.blobs === 0 && problem === '') break; // the last answer may be that of a page of the feed
    void app.sync.kick();
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What enrolments before have not sent, once that is nothing or patience has run out. */
async function handedOver(within: number): Promise<number> {
  const until = performance.now() + within;
  const left = () => app.members.value.reduce((n, m) => n + (m.current ? 0 : m.unsent), 0);
  while (left() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 50));
  return left();
}

/** The network comes back, and goes in the very moment in which the phone has taken that record's receipt. */
function received(hash: string): Promise<object> {
  return new Promise((resolve) => {
    online = true;
    const stop = effect(() => {
      if (!online || app.outbox.value.items.find((i) => i.hash === hash)?.state !== 'received') return;
      online = false;
      queueMicrotask(() => {
        stop();
        resolve(told());
      });
    });
    app.sync.wake('online');
  });
}

function told(): object {
  const { unsent, attention, items } = app.outbox.value;
  const { problem, blocked, activity } = app.status.value;
  const received = items.filter((i) => i.state === 'received').length;
  return { unsent: unsent.records, blobs: unsent.blobs, received, attention, problem, blocked, activity };
}

for await (const line of createInterface({ input: process.stdin })) {
  let answer: unknown;
  try {
    answer = { ok: await obey(JSON.parse(line) as Command) };
  } catch (error) {
    answer = { error: String(error) };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
process.exit(0);
