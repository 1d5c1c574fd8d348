import { type Checkpoint, checkExtends, type Key, newKey, open, parseConsistency } from '../../core/ledger/index.ts';
import { hashBytes, type KeyID } from '../../core/record/index.ts';
import {
  type DeviceCert,
  type KeySet,
  openDeviceCert,
  openPinnedKeySet,
  rootOf,
  thumbprint,
} from '../../core/seal/index.ts';
import type { Device } from '../api.ts';

/** What a judgement comes to. unknown: it cannot be judged with what is at hand, which is neither good nor bad. */
export type Verdict = 'holds' | 'differs' | 'unknown';

/** What was judged, and why it came to that; both have words. */
export interface Check<N extends string = string> {
  name: N;
  verdict: Verdict;
  why: string;
}

/** Of several verdicts the worst: differs, then unknown. */
export function worst(list: readonly Pick<Check, 'verdict'>[]): Verdict {
  if (list.some((c) => c.verdict === 'differs')) return 'differs';
  return list.some((c) => c.verdict === 'unknown') ? 'unknown' : 'holds';
}

/** What the server says of itself, as it came. */
export interface Claims {
  keys: string | undefined;
  /** The root's fingerprint that this browser learned with its one-time link; undefined: it never did. */
  pinned: KeyID | undefined;
  devices: readonly Pick<Device, 'kid' | 'certificate'>[];
  checkpoint: Uint8Array | undefined;
  /** The last checkpoint that this browser took for good, as it came. */
  remembered: Uint8Array | undefined;
  consistency: (from: number, to: number) => Promise<Uint8Array>;
}

/** On what records are judged: keys, certificates, checkpoint, each only when it holds. */
export interface Ground {
  keys: KeySet | undefined;
  root: KeyID | undefined;
  certificates: ReadonlyMap<KeyID, DeviceCert>;
  checkpoint: Checkpoint | undefined;
  checks: Check<'root' | 'certificates' | 'checkpoint' | 'growth'>[];
}

/** Judges what the server says of itself. Nothing that it may say makes this throw. */
export async function groundOf(claims: Claims): Promise<Ground> {
  const g: Ground = { keys: undefined, root: undefined, certificates: new Map(), checkpoint: undefined, checks: [] };
  await judgeKeys(g, claims);
  await judgeCertificates(g, claims);
  await judgeCheckpoint(g, claims);
  return g;
}

async function judgeKeys(g: Ground, { keys, pinned }: Claims): Promise<void> {
  const say = (verdict: Verdict, why: string) => g.checks.push({ name: 'root', verdict, why });
  if (keys === undefined) return void say('unknown', 'not_here');
  try {
    g.root = rootOf(keys);
    g.keys = await openPinnedKeySet(keys, pinned ?? g.root);
  } catch {
    return void say('differs', pinned && g.root && g.root !== pinned ? 'other_root' : 'bad_keys');
  }
  if (pinned) say('holds', 'pinned');
  else say('unknown', 'not_pinned');
}

async function judgeCertificates(g: Ground, { devices }: Claims): Promise<void> {
  const found = new Map<KeyID, DeviceCert>();
  let bad = 0;
  for (const d of devices) {
    const cert = await certificate(g.keys, d);
    if (cert) found.set(d.kid, cert);
    else bad++;
  }
  g.certificates = found;
  const name = 'certificates';
  if (!g.keys) g.checks.push({ name, verdict: 'unknown', why: 'no_keys' });
  else if (bad > 0) g.checks.push({ name, verdict: 'differs', why: 'bad_certificate' });
  else g.checks.push({ name, verdict: 'holds', why: 'signed' });
}

/** The certificate of a device when one of the office's keys signed it, and it is for that key. */
async function certificate(
  keys: KeySet | undefined,
  d: Pick<Device, 'kid' | 'certificate'>,
): Promise<DeviceCert | undefined> {
  for (const k of keys?.keys.filter((k) => k.use === 'office') ?? []) {
    try {
      const cert = await openDeviceCert(d.certificate, k.public);
      return (await thumbprint(cert.key)) === d.kid ? cert : undefined;
    } catch {
      // not by this one
    }
  }
  return undefined;
}

async function judgeCheckpoint(g: Ground, claims: Claims): Promise<void> {
  const say = (verdict: Verdict, why: string) => g.checks.push({ name: 'checkpoint', verdict, why });
  if (!g.keys) return void say('unknown', 'no_keys');
  if (!claims.checkpoint) return void say('unknown', 'not_here');
  const known = await ledgerKeys(g.keys);
  try {
    g.checkpoint = await open(claims.checkpoint, ...known);
  } catch {
    return void say('differs', 'bad_checkpoint');
  }
  say('holds', 'signed');
  await judgeGrowth(g, claims, known);
}

/** Whether the ledger only grew since this browser last looked. */
async function judgeGrowth(g: Ground, claims: Claims, known: Key[]): Promise<void> {
  const now = g.checkpoint;
  if (!now || !claims.remembered) return;
  const say = (verdict: Verdict, why: string) => g.checks.push({ name: 'growth', verdict, why });
  let before: Checkpoint;
  try {
    before = await open(claims.remembered, ...known);
  } catch {
    return; // of another ledger, or of former keys
  }
  if (before.origin !== now.origin) return void say('unknown', 'other_origin');
  if (before.size > now.size) return void say('differs', 'shrunk');
  if (before.size === now.size) {
    return void (before.root === now.root ? say('holds', 'same') : say('differs', 'rewritten'));
  }
  let proof: Uint8Array;
  try {
    proof = await claims.consistency(before.size, now.size);
  } catch {
    return void say('unknown', 'no_proof');
  }
  try {
    await checkExtends(parseConsistency(proof), before, now);
    say('holds', 'grown');
  } catch {
    say('differs', 'rewritten');
  }
}

/** The ledger keys of a key set, for each of its origins. */
async function ledgerKeys(set: KeySet): Promise<Key[]> {
  const keys: Key[] = [];
  for (const k of set.keys) {
    if (k.use !== 'ledger' || k.public.kty !== 'OKP') continue;
    for (const origin of set.origins) keys.push(await newKey(origin, hashBytes(k.public.x)));
  }
  return keys;
}
