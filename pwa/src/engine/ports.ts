import type { Random } from '../core/encoding/bytes.ts';

/**
 * What the engine takes from its platform. Nothing of a DOM: pages, workers and
 * Node fill it in. The simulation replaces each of them.
 */
export interface Ports {
  /** Wall clock, ms since 1970. It may jump. */
  now(): number;
  /** ms since the page was loaded. It may stand still in sleep. */
  mono(): number;
  random: Random;
  fetch(input: string, init: RequestInit): Promise<Response>;
  indexedDB: IDBFactory;
  timers: Timers;
  /** Runs work while no other tab holds the name; undefined when another one does. */
  lock<T>(name: string, work: () => Promise<T>): Promise<T | undefined>;
  storage: StoragePort;
  /** False only when the platform is sure. */
  online(): boolean;
  /** False when the platform knows that data costs money here. */
  cheap(): boolean;
  /** IANA zone. */
  zone(): string;
  /** Tells other tabs, and is told by them, that the store has changed. */
  channel: Channel;
  /** One short text that outlives IndexedDB, so that an emptied store is noticed. */
  beacon: { read(): string | undefined; write(text: string): void };
}

export interface Timers {
  set(callback: () => void, ms: number): unknown;
  clear(handle: unknown): void;
}

export interface StoragePort {
  persisted(): Promise<boolean>;
  /** undefined: the platform has no such question. */
  persist(): Promise<boolean> | undefined;
  estimate(): Promise<{ usage: number; quota: number }>;
}

export interface Channel {
  post(message: string): void;
  listen(callback: (message: string) => void): () => void;
}
