import { computed, signal } from '@preact/signals';
import type { ID, KeyID, Role } from '../core/record/index.ts';
import { isOver } from './activity.ts';
import { type Inbox, inbox, type Member, members, type Session, session } from './api.ts';
import { onSessionLost, refusalOf } from './http.ts';
import { t } from './words/index.ts';

/** What all screens share: who is signed in, the names of members, what waits. */

/** asking: not known yet. */
export type Signed = { is: 'asking' } | { is: 'out'; expired: boolean } | { is: 'in'; session: Session };

export const signed = signal<Signed>({ is: 'asking' });

/** The members, as far as they have been asked for. */
export const people = signal<readonly Member[]>([]);

const names = computed(() => new Map(people.value.map((p) => [p.id, p.name])));

/** What waits in the inbox, as last heard. */
export const waiting = signal<Inbox | undefined>(undefined);

/** The name of a member, or words for somebody whom the office does not know. */
export function nameOf(id: ID): string {
  return names.value.get(id) || t('nobody');
}

/** The member who is signed in. */
export function self(): Session['member'] | undefined {
  return signed.value.is === 'in' ? signed.value.session.member : undefined;
}

/** Reports whether the member who is signed in holds one of some roles. */
export function may(...roles: Role[]): boolean {
  return self()?.roles.some((r) => roles.includes(r)) ?? false;
}

/** Reports whether cases are for him at all. */
export function seesCases(): boolean {
  return may('reviewer', 'approver', 'auditor');
}

/** Takes a session that the server has opened, and asks for what every screen needs. */
export async function enter(s: Session): Promise<void> {
  signed.value = { is: 'in', session: s };
  await Promise.allSettled([refreshPeople(), refreshWaiting()]);
}

/** Finds out whether there is a session. */
export async function resume(): Promise<void> {
  try {
    await enter(await session.read());
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal.code !== 'session_required') throw refusal;
  }
}

export async function refreshPeople(): Promise<void> {
  people.value = await members.list();
}

export async function refreshWaiting(): Promise<Inbox | undefined> {
  if (!seesCases()) return undefined;
  waiting.value = await inbox.read();
  return waiting.value;
}

/** Ends here a session that is over on the server: no case stays on the screen of an empty room. */
export function endIfOver(): void {
  if (signed.value.is === 'in' && isOver(signed.value.session.expires_at)) forget(true);
}

/** Ends the session, here even when the server does not hear of it. */
export async function leave(): Promise<void> {
  try {
    await session.close();
  } finally {
    forget(false);
  }
}

function forget(expired: boolean): void {
  signed.value = { is: 'out', expired };
  people.value = [];
  waiting.value = undefined;
}

onSessionLost(() => forget(signed.value.is === 'in'));

/** What has just been done, in words, until the screen changes. */
export const said = signal('');

let carried = false;

/** Says what was done on the screen that one is on. */
export function say(words: string): void {
  said.value = words;
  carried = false;
}

/** Says what was done on the screen that comes next. */
export function sayNext(words: string): void {
  said.value = words;
  carried = true;
}

/** The screen has changed: what was said of the one before is no longer news. */
export function screenChanged(): void {
  if (!carried) said.value = '';
  carried = false;
}

const rootKey = 'tachiai.root';
const checkpointKey = 'tachiai.checkpoint';

/** The root's fingerprint that this browser learned with a one-time link. */
export function pinnedRoot(): KeyID | undefined {
  return remembered(rootKey);
}

export function pinRoot(root: KeyID): void {
  remember(rootKey, root);
}

/** The last checkpoint that was found good in this browser. */
export function lastCheckpoint(): string | undefined {
  return remembered(checkpointKey);
}

export function keepCheckpoint(note: string): void {
  remember(checkpointKey, note);
}

function remembered(key: string): string | undefined {
  try {
    return localStorage.getItem(key) ?? undefined;
  } catch {
    return undefined;
  }
}

/** A browser that keeps nothing says of the server's key that it cannot judge it; nothing else depends on this. */
function remember(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    // see above
  }
}
