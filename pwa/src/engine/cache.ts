import { type ReadonlySignal, signal } from '@preact/signals-core';
import { type Case, isClosed, type Member, type Policy, type Template } from '../core/history/index.ts';
import type { ID } from '../core/record/index.ts';
import type { CacheRow } from '../store/index.ts';
import type { Page } from './feed.ts';
import { places, type Session } from './session.ts';
import { parseBody } from './views.ts';

/** The states that the feed has brought, opened and at hand: what screens list without waiting. */
export class Cache {
  readonly #bodies = new Map<string, Map<string, unknown>>();
  readonly #cases = signal<Case[]>([]);
  readonly #templates = signal<Template[]>([]);
  readonly #policies = signal<Policy[]>([]);
  readonly #members = signal<Map<ID, Member>>(new Map());

  get cases(): ReadonlySignal<Case[]> {
    return this.#cases;
  }

  get templates(): ReadonlySignal<Template[]> {
    return this.#templates;
  }

  get policies(): ReadonlySignal<Policy[]> {
    return this.#policies;
  }

  get members(): ReadonlySignal<Map<ID, Member>> {
    return this.#members;
  }

  case(id: ID): Case | undefined {
    return this.#bodies.get('case')?.get(id) as Case | undefined;
  }

  /** Opens all of it anew; rows are those of the session's space and generation, when they have been read already. */
  async load(s: Session, read?: CacheRow[]): Promise<void> {
    const rows = read ?? (await s.store.cached(s.space.id, s.space.generation));
    const open = ({ type, id, body }: (typeof rows)[number]) => s.vault.open(places.cache(type, id), body);
    const bodies = await Promise.all(rows.map(open)); // beside the page, all at once
    this.#bodies.clear();
    for (const [n, { type, id }] of rows.entries()) this.#put(type, id, parseBody(bodies[n] ?? new Uint8Array()));
    this.#tell();
  }

  clear(): void {
    this.#bodies.clear();
    this.#tell();
  }

  /** Takes over what a page has brought. */
  async take(s: Session, page: Page): Promise<void> {
    if (!page.changes) return this.load(s);
    for (const { type, id, body } of page.changes) {
      this.#put(type, id, body === null ? undefined : JSON.parse(body));
    }
    if (page.changes.length > 0) this.#tell();
  }

  #put(type: string, id: string, body: unknown): void {
    let states = this.#bodies.get(type);
    if (!states) {
      states = new Map();
      this.#bodies.set(type, states);
    }
    if (body === undefined) states.delete(id);
    else states.set(id, body);
  }

  #tell(): void {
    const list = <T>(type: string) => [...(this.#bodies.get(type)?.values() ?? [])] as T[];
    this.#cases.value = list<Case>('case').filter((c) => !isClosed(c) || c.voided === undefined);
    this.#templates.value = list<Template>('template');
    this.#policies.value = list<Policy>('policy');
    this.#members.value = new Map(list<Member>('member').map((m) => [m.id, m]));
  }
}
