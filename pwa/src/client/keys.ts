import { type Key as LedgerKey, newKey } from '../core/ledger/index.ts';
import { hashBytes } from '../core/record/index.ts';
import {
  code,
  type DeviceCert,
  type KeySet,
  openDeviceCert,
  openPinnedKeySet,
  type PublicKey,
  rootOf,
  type Use,
} from '../core/seal/index.ts';
import { type Claim, claim, differs, type Finding, unknown } from './claim.ts';
import type { Letter } from './letter.ts';

/** judgeKeys opens the key set by the root that it names itself. Whether that root is the agency's, only a fingerprint from elsewhere can tell. */
export async function judgeKeys(letter: Letter): Promise<{ claim: Claim; set: KeySet | undefined; root: string }> {
  const evidence = [{ label: 'key_set', value: letter.keys } as const];
  let root = '';
  try {
    root = rootOf(letter.keys);
    const set = await openPinnedKeySet(letter.keys, root);
    return { claim: claim('keys', [], [{ label: 'root', value: root }, ...evidence]), set, root };
  } catch (fault) {
    const why = code(fault);
    const found =
      why === 'signature' ? 'keys_signature' : why === 'unknown_key' ? 'keys_root' : ('keys_broken' as const);
    return { claim: claim('keys', [differs(found)], evidence), set: undefined, root };
  }
}

/** Thrown by openBy when no key of the use made the token. */
export class NoKey extends Error {}

/** openBy opens a token with that key of a use which made it. Throws NoKey, or what open throws. */
export async function openBy<T>(set: KeySet, use: Use, open: (key: PublicKey) => Promise<T>): Promise<T> {
  for (const key of set.keys) {
    if (key.use !== use) continue;
    try {
      return await open(key.public);
    } catch (fault) {
      if (code(fault) !== 'unknown_key') throw fault;
    }
  }
  throw new NoKey();
}

/** A phone's key, and whose it is. */
export interface Device {
  cert: DeviceCert;
  keyID: string;
}

/** openCertificates reads the certificates by the office's keys. */
export async function openCertificates(
  letter: Letter,
  set: KeySet | undefined,
  keyIDOf: (key: PublicKey) => Promise<string>,
): Promise<{ devices: Device[]; findings: Finding[] }> {
  const devices: Device[] = [];
  const findings: Finding[] = [];
  if (set === undefined) return { devices, findings: [unknown('needs_keys')] };
  for (const token of letter.certificates) {
    try {
      const cert = await openBy(set, 'office', (key) => openDeviceCert(token, key));
      devices.push({ cert, keyID: await keyIDOf(cert.key) });
    } catch (fault) {
      if (fault instanceof NoKey) findings.push(unknown('certificate_key'));
      else findings.push(differs(code(fault) === 'signature' ? 'certificate_signature' : 'certificate_broken'));
    }
  }
  return { devices, findings };
}

/** ledgerKeys are the keys that may have signed a checkpoint, under each name that the ledger has had. */
export async function ledgerKeys(set: KeySet): Promise<LedgerKey[]> {
  const all: LedgerKey[] = [];
  for (const { use, public: key } of set.keys) {
    if (use !== 'ledger' || key.kty !== 'OKP') continue;
    for (const origin of set.origins) all.push(await newKey(origin, hashBytes(key.x)));
  }
  return all;
}
