import { type Hash, parseKeyID } from '../core/record/index.ts';
import { deviceSigner, type KeySet, openPinnedKeySet, rootOf } from '../core/seal/index.ts';
import { type EnrolCode, enrolPath, maxLabel, parseEnrolLink } from '../core/wire/index.ts';
import { Caller, enrol, NetError } from '../net/index.ts';
import { type KeyRow, newMacKey, type SpaceRow, type Store } from '../store/index.ts';
import type { Unfit } from './app.ts';
import { EngineError } from './fault.ts';
import type { Ports } from './ports.ts';
import { newKey } from './session.ts';
import { checkCertificate } from './succession.ts';

/** A key that was made for a code. It is kept before the server is asked: an answer may be lost, and a code is used once. */
interface Pending {
  code: EnrolCode;
  key: KeyRow;
}

/** What enrolling needs to know of the installation. */
export interface Asking {
  ports: Ports;
  store: Store;
  publicURL: string;
  label: string;
  /** The same key again: the server does not know it any more. */
  again?: KeyRow | undefined;
}

/** Makes a key, keeps it, reads it back and signs with it: told at the door, not after a code was used up. */
export async function unfitness(store: Store): Promise<Unfit> {
  if (crypto.subtle === undefined) return 'insecure';
  try {
    await store.putMeta('probe', await newKey('', ''));
    await deviceSigner((await store.meta('probe')) as KeyRow).sign('probe');
    await store.putMeta('probe', null);
    return '';
  } catch {
    return 'keys';
  }
}

/** Enrols with a link or code; the space is written when it returns. Throws EngineError. */
export async function enrolDevice(a: Asking, linkOrCode: string): Promise<SpaceRow> {
  const { code, root, publicURL } = readLink(linkOrCode, a.publicURL);
  const key = a.again ?? (await pendingKey(a.store, code));
  const signer = deviceSigner(key);
  const label = [...a.label.trim()].slice(0, maxLabel).join('') || '端末';
  try {
    const answer = await enrol(new Caller(publicURL, signer, a.ports), signer, label, { code });
    const pinned = root || rootOf(answer.keys);
    const set = await openSet(answer.keys, pinned);
    await checkCertificate(set, answer, signer);
    const house = await a.store.house();
    const before = house.spaces.find((s) => s.id === a.again?.space);
    if (before && before.member !== answer.memberID) throw new EngineError('refused', { problem: 'conflict' });
    const { memberID: member, memberName: name, certificate, keys, origin } = answer;
    // The same person with a store that is open goes on in it; a locked one stays as it is, for its PIN or for rescue.
    const own = house.spaces.find(
      (s) => s.member === member && s.root === pinned && (!s.vault || a.again?.space === s.id),
    );
    const space: SpaceRow = own
      ? { ...own, name, publicURL, keys, label, current: key.kid, pinned: own.pinned || root !== '' }
      : await newSpace({
          id: key.kid,
          member,
          name,
          publicURL,
          root: pinned,
          pinned: root !== '',
          origin,
          keys,
          label,
        });
    const held = house.keys.find((k) => k.kid === key.kid);
    await a.store.moveIn(space, { ...(held ?? key), space: space.id, certificate });
    return space;
  } catch (error) {
    throw told(error);
  }
}

/** Reads a link or a typed code. */
function readLink(text: string, fallback: string): { code: EnrolCode; root: Hash; publicURL: string } {
  try {
    const { code, root } = parseEnrolLink(text.trim());
    const at = text.trim().indexOf(enrolPath);
    const publicURL = at > 0 ? text.trim().slice(0, at) : fallback;
    if (parseKeyID(root) === undefined && root !== '') throw new EngineError('code');
    return { code, root, publicURL };
  } catch (cause) {
    throw cause instanceof EngineError ? cause : new EngineError('code', { cause });
  }
}

async function pendingKey(store: Store, code: EnrolCode): Promise<KeyRow> {
  const pending = (await store.meta('pending')) as Pending | undefined;
  if (pending?.code === code) return pending.key;
  const key = await newKey('', '');
  await store.putMeta('pending', { code, key } satisfies Pending);
  return key;
}

async function openSet(token: string, root: Hash): Promise<KeySet> {
  try {
    return await openPinnedKeySet(token, root);
  } catch (cause) {
    throw new EngineError('root', { cause });
  }
}

async function newSpace(
  s: Pick<SpaceRow, 'id' | 'member' | 'name' | 'publicURL' | 'root' | 'pinned' | 'origin' | 'keys' | 'label'>,
): Promise<SpaceRow> {
  return {
    ...s,
    current: s.id,
    mac: await newMacKey(),
    vault: null,
    wrong: 0,
    waitUntil: 0,
    generation: 1,
    cursor: '',
    rebuild: null,
    originalsOnWifi: false,
    lastReceivedAt: 0,
  };
}

function told(error: unknown): EngineError {
  if (error instanceof EngineError) return error;
  if (error instanceof NetError) {
    const { problem } = error;
    if (!problem) return new EngineError('offline', { cause: error, detail: error.code });
    return new EngineError('refused', { problem: problem.code, retryAfterMS: problem.retryAfter, cause: error });
  }
  return new EngineError('store', { cause: error });
}
