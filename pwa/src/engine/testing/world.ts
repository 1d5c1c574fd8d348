import { IDBFactory } from 'fake-indexeddb';
import { Store, StoreError } from '../../store/index.ts';
import { type App, openApp } from '../index.ts';
import { warm } from '../late.ts';
import type { Ports } from '../ports.ts';
import { Chance } from './chance.ts';
import { problem, type Reply, type Request, Server } from './server.ts';

/** How bad the world is; each a probability. */
export interface Weather {
  /** The request does not arrive. */
  lost: number;
  /** It arrives, its answer does not. */
  mute: number;
  /** Nothing comes back, and nobody says so: half of them arrive. */
  hang: number;
  /** It arrives twice, the second time later. */
  double: number;
  /** A captive portal or a proxy answers. */
  portal: number;
  /** The server says that it is busy. */
  busy: number;
  /** A chunk is cut in the middle. */
  cut: number;
  /** The page dies at an await of the store. */
  crash: number;
  /** The storage is full for a moment. */
  quota: number;
}

export const calm: Weather = { lost: 0, mute: 0, hang: 0, double: 0, portal: 0, busy: 0, cut: 0, crash: 0, quota: 0 };

interface Timer {
  at: number;
  callback: () => void;
  phone: Phone;
}

/** What a page that died throws, where it still can. */
export class Crash extends Error {}

/** Never. */
const never = new Promise<never>(() => undefined);

/** The life of one page. */
class Life {
  dead = false;
  readonly death: Promise<undefined>;
  #end: () => void = () => undefined;

  constructor() {
    this.death = new Promise((resolve) => {
      this.#end = () => resolve(undefined);
    });
  }

  end(): void {
    this.dead = true;
    this.#end();
  }
}

/** Which life calls the store now. Phones of a world take turns, so that one is enough. */
let living: { life: Life; phone: Phone } | undefined;

/** Methods of the store that stand aside of the loop: their order with others is not the seed's. */
const aside = ['constructor', 'close', 'putMeta', 'cached', 'outboxes', 'watch'];
const reading = ['house', 'journal', 'text', 'blob', 'blobNames', 'draft', 'drafts', 'meta', 'foreign', 'cell'];

let wrapped = false;

/** Puts the weather between every store and its callers. */
function wrapStore(): void {
  if (wrapped) return;
  wrapped = true;
  const owners = new WeakMap<object, { life: Life; phone: Phone }>();
  const proto = Store.prototype as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>;
  for (const name of Object.getOwnPropertyNames(proto)) {
    const method = proto[name];
    if (aside.includes(name) || !method) continue;
    proto[name] = async function (this: object, ...args: unknown[]) {
      const owner = owners.get(this) ?? living;
      if (!owner) return method.apply(this, args);
      owners.set(this, owner);
      const { life, phone } = owner;
      const { chance, weather } = phone.world;
      if (life.dead) return never;
      if (chance.of(weather.crash / 2)) phone.die(life);
      if (life.dead) throw new Crash();
      if (!reading.includes(name) && chance.of(weather.quota)) throw new StoreError('quota');
      const result = await method.apply(this, args);
      if (chance.of(weather.crash / 2) || phone.dieAfter-- === 0) phone.die(life);
      if (life.dead) throw new Crash();
      return result;
    };
  }
}

/** One phone: its disk, its clock, and the page that runs on it, which may die and be opened again. */
export class Phone {
  readonly world: World;
  readonly name: string;
  disk = new IDBFactory();
  app: App | undefined;
  life = new Life();
  /** The wall clock's fault, ms. */
  wall = 0;
  online = true;
  cheap = true;
  /** Dies after so many more calls of the store; −1: does not. */
  dieAfter = -1;
  beacon: string | undefined;
  options: Partial<Parameters<typeof openApp>[0]> = {};
  /** Its pages, which hear of each other. */
  readonly #ears = new Set<{ life: Life; hear: Parameters<Ports['channel']['listen']>[0] }>();
  /** Called while a request is on its way. */
  meanwhile: (() => Promise<void>) | undefined;

  constructor(world: World, name: string) {
    this.world = world;
    this.name = name;
  }

  /** Opens the page; a page that dies while it opens is opened again. */
  async open(): Promise<App> {
    while (!this.app) {
      this.life = new Life();
      living = { life: this.life, phone: this };
      try {
        const app = await Promise.race([openApp({ ...this.#options(), ...this.options }), this.life.death]);
        if (app) this.app = app;
      } catch (error) {
        if (!this.life.dead && !isWeather(error)) throw error;
      }
    }
    return this.app;
  }

  /** One page says something, which all others that live hear. */
  post(message: string, from?: Life): void {
    for (const { life, hear } of this.#ears) if (life !== from && !life.dead) queueMicrotask(() => hear(message));
  }

  die(life: Life): void {
    life.end();
    if (life !== this.life) return;
    this.world.timers = this.world.timers.filter((t) => t.phone !== this);
    this.app = undefined;
    this.world.crashes++;
  }

  #options() {
    const { world, life } = this;
    const ports: Partial<Ports> = {
      now: () => world.time + this.wall,
      mono: () => world.time - world.began,
      // A page that is dead takes none of the world's chance: how far its last thoughts get is not the seed's.
      random: (into) => (life.dead ? crypto.getRandomValues(into) : world.chance.bytes(into)),
      fetch: (url, init) => this.#fetch(life, url, init),
      indexedDB: this.disk,
      timers: {
        set: (callback, ms) => {
          const timer = { at: world.time + Math.ceil(ms), callback, phone: this };
          if (!life.dead) world.timers.push(timer);
          return timer;
        },
        clear: (timer) => {
          world.timers = world.timers.filter((t) => t !== timer);
        },
      },
      lock: (_name, work) => work(),
      storage: {
        persisted: async () => true,
        persist: async () => true,
        estimate: async () => ({ usage: 1, quota: 2 }),
      },
      online: () => this.online,
      cheap: () => this.cheap,
      zone: () => 'Asia/Tokyo',
      channel: {
        post: (message) => this.post(message, life),
        listen: (hear) => {
          const ear = { life, hear };
          this.#ears.add(ear);
          return () => this.#ears.delete(ear);
        },
      },
      beacon: {
        read: () => this.beacon,
        write: (text) => {
          this.beacon = text;
        },
      },
    };
    return {
      app: 'simulation/1',
      database: this.name,
      ports,
      lanes: 1,
      chunk: 64 << 10,
      keepFor: 0,
      pinRounds: 10,
      autostart: false,
    };
  }

  async #fetch(life: Life, url: string, init: RequestInit): Promise<Response> {
    const { world } = this;
    const { chance, server } = world;
    if (life.dead) return never;
    const request = toRequest(url, init);
    world.requests++;
    world.time += 20 + chance.below(2000);
    await this.meanwhile?.();
    const { weather } = world;
    if (!this.online || chance.of(weather.lost)) throw new TypeError('network');
    if (chance.of(weather.portal)) return portal(chance);
    if (chance.of(weather.busy)) return toResponse(problem(503, 'unavailable', true, chance.below(20_000)), request);
    if (request.method === 'PATCH' && chance.of(weather.cut)) {
      server.cut(request, chance.below(request.body.length + 1));
      throw new TypeError('network');
    }
    const hangs = chance.of(weather.hang);
    if (hangs && chance.of(0.5)) return this.#hang(init);
    const reply = await server.handle(request);
    if (chance.of(weather.double)) world.late.push(request);
    if (world.late.length > 0 && chance.of(0.3)) {
      await server.handle(world.late.splice(chance.below(world.late.length), 1)[0] as Request);
    }
    if (life.dead) return never;
    if (hangs) return this.#hang(init);
    if (chance.of(weather.mute)) throw new TypeError('network');
    return toResponse(reply, request);
  }

  /** Nothing comes, until the caller's own patience ends. */
  async #hang(init: RequestInit): Promise<Response> {
    while (!init.signal?.aborted) {
      const next = this.world.timers.filter((t) => t.phone === this).sort((a, b) => a.at - b.at)[0];
      if (!next) throw new Error('a request without patience');
      this.world.fire(next);
    }
    throw new DOMException('aborted', 'AbortError');
  }
}

/** Phones, one server, one time. Phones take turns: what happens is the seed's alone. */
export class World {
  readonly chance: Chance;
  readonly server: Server;
  readonly began = 1_790_000_000_000;
  time = this.began;
  weather: Weather = calm;
  phones: Phone[] = [];
  timers: Timer[] = [];
  /** Requests that will arrive once more. */
  late: Request[] = [];
  requests = 0;
  crashes = 0;

  private constructor(chance: Chance, server: Server) {
    this.chance = chance;
    this.server = server;
  }

  static async make(seed: number): Promise<World> {
    wrapStore();
    await warm(); // parts that come from the disk would come at a time that is not the seed's
    let world: World | undefined;
    const server = await Server.make(() => world?.time ?? 0);
    world = new World(new Chance(seed), server);
    return world;
  }

  phone(name: string): Phone {
    const phone = new Phone(this, name);
    this.phones.push(phone);
    return phone;
  }

  /** Does one thing with a phone's page; undefined when the page died over it. */
  async with<T>(phone: Phone, work: (app: App) => Promise<T>): Promise<T | undefined> {
    const app = await phone.open();
    const { life } = phone;
    living = { life, phone };
    const done = work(app).catch((error: unknown) => {
      if (life.dead || isWeather(error)) return undefined;
      throw error;
    });
    const result = await Promise.race([done, life.death]);
    await Promise.race([app.sync.rest(), life.death]);
    return result;
  }

  fire(timer: Timer): void {
    this.timers = this.timers.filter((t) => t !== timer);
    this.time = Math.max(this.time, timer.at);
    timer.callback();
  }

  /** Lets time pass, firing what falls due, one phone at a time. */
  async pass(ms: number): Promise<void> {
    const until = this.time + ms;
    for (;;) {
      const next = this.timers.filter((t) => t.at <= until).sort((a, b) => a.at - b.at)[0];
      if (!next) break;
      await this.with(next.phone, async (app) => {
        this.fire(next);
        await app.sync.rest();
      });
    }
    this.time = Math.max(this.time, until);
  }

  /** The phones lie in a drawer, asleep: time passes, and what fell due meanwhile fires once, when they wake. */
  async sleep(ms: number): Promise<void> {
    this.time += ms;
    await this.pass(0);
  }
}

function isWeather(error: unknown): boolean {
  const seen = new Set<unknown>();
  for (let e = error; e instanceof Error && !seen.has(e); e = e.cause) {
    seen.add(e);
    if (e instanceof Crash || (e instanceof StoreError && e.code === 'quota')) return true;
  }
  return false;
}

function toRequest(url: string, init: RequestInit): Request {
  const u = new URL(url);
  const body = init.body ? new Uint8Array(init.body as Uint8Array<ArrayBuffer>) : new Uint8Array();
  return {
    method: init.method ?? 'GET',
    path: u.pathname,
    query: u.searchParams,
    headers: new Headers(init.headers),
    body,
  };
}

function toResponse(reply: Reply, request: Request): Response {
  const bare = request.method === 'HEAD' || reply.status === 204;
  return new Response(bare ? null : reply.body, { status: reply.status, headers: reply.headers });
}

/** What else answers on the way. */
function portal(chance: Chance): Response {
  const html = { 'Content-Type': 'text/html' };
  return chance.pick([
    () => new Response('<html>Please log in</html>', { status: 200, headers: html }),
    () => new Response('', { status: 200 }),
    () => new Response('{"results":[]}', { status: 200, headers: { 'Content-Type': 'application/json' } }),
    () =>
      new Response('{"results":[]}', {
        status: 200,
        headers: { 'Content-Type': 'application/json', 'Device-Nonce': 'n1' },
      }),
    () => new Response('<html>Bad Gateway</html>', { status: 502, headers: html }),
    () => new Response(null, { status: 302, headers: { Location: 'http://login.example/' } }),
    () => new Response('', { status: 201, headers: { 'Blob-Receipt': 'x.y.z', 'Device-Nonce': 'n1' } }),
  ])();
}
