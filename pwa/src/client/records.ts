import { isOffice, type Opened, withheld } from '../core/record/index.ts';
import { code, type KeySet, parse, verify as verifyRecord } from '../core/seal/index.ts';
import { type Claim, claim, differs, type Evidence, type Finding, unknown } from './claim.ts';
import type { Device } from './keys.ts';
import type { Letter } from './letter.ts';

/** One record of the letter, read. Absent: it is no record. */
export type Read = Opened | undefined;

/** readRecords reads what can be read; nothing is verified yet. */
export function readRecords(letter: Letter): Promise<Read[]> {
  return Promise.all(letter.records.map(({ record }) => parse(record).catch(() => undefined)));
}

/** judgeDevices: each phone that sealed a record has a certificate of the agency, for the member that the record names. */
export function judgeDevices(
  records: readonly Read[],
  devices: readonly Device[],
  found: readonly Finding[],
  letter: Letter,
): Claim {
  const findings = [...found];
  records.forEach((r, at) => {
    if (r === undefined || isOffice(r)) return;
    const device = devices.find((d) => d.keyID === r.keyID);
    if (device === undefined) {
      if (found.length === 0) findings.push(unknown('certificate_missing', at));
    } else if (device.cert.member !== r.actor) findings.push(differs('actor_differs', at));
  });
  if (!records.some((r) => r !== undefined && !isOffice(r))) findings.push(differs('nothing_sealed'));
  const evidence: Evidence[] = devices.map((d) => ({ label: 'key', value: d.keyID }));
  return claim('device', findings, [
    ...evidence,
    ...letter.certificates.map((value) => ({ label: 'certificate', value }) as const),
  ]);
}

/** judgeSignatures: what the phones sealed verifies with their keys. */
export async function judgeSignatures(
  records: readonly Read[],
  devices: readonly Device[],
  letter: Letter,
): Promise<Claim> {
  const findings: Finding[] = [];
  const evidence: Evidence[] = [];
  for (const [at, r] of records.entries()) {
    if (r === undefined) {
      findings.push(differs('record_broken', at));
      continue;
    }
    if (records.some((other, before) => before < at && other?.hash === r.hash))
      findings.push(differs('record_twice', at));
    if (isOffice(r)) continue;
    evidence.push(
      { label: 'record', value: r.hash, at },
      { label: 'compact', value: letter.records[at]?.record ?? '', at },
    );
    const device = devices.find((d) => d.keyID === r.keyID);
    if (device === undefined) findings.push(unknown('certificate_missing', at));
    else if (!(await isSigned(r, device.cert.key))) findings.push(differs('record_signature', at));
  }
  if (evidence.length === 0) findings.push(differs('nothing_sealed'));
  return claim('signature', findings, evidence);
}

async function isSigned(r: Opened, key: Parameters<typeof verifyRecord>[1]): Promise<boolean> {
  try {
    await verifyRecord(r, key);
    return true;
  } catch {
    return false;
  }
}

/** judgeFields: every field that came along has its digest in what was signed. */
export function judgeFields(records: readonly Read[]): Claim {
  const findings: Finding[] = [];
  const evidence: Evidence[] = [];
  for (const [at, r] of records.entries()) {
    if (r === undefined) continue;
    if (r.stray.length > 0) findings.push(differs('stray_field', at));
    evidence.push({ label: 'sealed_fields', value: r.fields.map((f) => f.name).join(', '), at });
    if (withheld(r) > 0) evidence.push({ label: 'withheld_fields', value: String(withheld(r)), at });
  }
  if (evidence.length === 0) findings.push(differs('nothing_sealed'));
  return claim('fields', findings, evidence);
}

/** judgeOfficeSignature gives the findings about the signature of one of the office's records. */
export async function judgeOfficeSignature(r: Opened, set: KeySet | undefined, at: number): Promise<Finding[]> {
  if (set === undefined) return [unknown('needs_keys', at)];
  const key = set.keys.find((k) => k.use === 'office' && k.keyID === r.keyID);
  if (key === undefined) return [unknown('office_key', at)];
  try {
    await verifyRecord(r, key.public);
    return [];
  } catch (fault) {
    return [differs(code(fault) === 'unknown_key' ? 'office_key' : 'office_signature', at)];
  }
}
