import { blobFields, field, int, isOffice, type Opened, text } from '../core/record/index.ts';
import type { KeySet } from '../core/seal/index.ts';
import { type Claim, claim, differs, type Evidence, type Finding } from './claim.ts';
import type { Handed, Letter } from './letter.ts';
import { judgeOfficeSignature, type Read } from './records.ts';

/** What the office sealed about handing this over; only what verified. */
export interface Handing {
  prepared: Opened | undefined;
  approved: Opened | undefined;
}

/** judgeOffice: one person prepared this disclosure, another approved it, and the letter holds what they named: no more, no less. */
export async function judgeOffice(
  letter: Letter,
  handed: Handed,
  records: readonly Read[],
  set: KeySet | undefined,
): Promise<{ claim: Claim; handing: Handing }> {
  const findings: Finding[] = [];
  const evidence: Evidence[] = [];
  const handing: Handing = { prepared: undefined, approved: undefined };
  const absent = { prepared: true, approved: true };
  for (const [at, r] of records.entries()) {
    if (r === undefined || !isOffice(r)) continue;
    evidence.push(
      { label: 'record', value: r.hash, at },
      { label: 'compact', value: letter.records[at]?.record ?? '', at },
    );
    const wrong = await judgeOfficeSignature(r, set, at);
    findings.push(...wrong);
    const role =
      r.kind === 'disclosure.prepared' ? 'prepared' : r.kind === 'disclosure.approved' ? 'approved' : undefined;
    if (role === undefined) continue;
    absent[role] = false;
    if (wrong.length === 0) handing[role] = r;
  }
  if (absent.prepared) findings.push(differs('prepared_missing'));
  if (absent.approved) findings.push(differs('approved_missing'));
  const { prepared, approved } = handing;
  if (prepared !== undefined) findings.push(...judgePrepared(prepared, letter, handed, records));
  if (approved !== undefined) findings.push(...judgeApproved(approved, handed));
  if (prepared !== undefined && prepared.actor === approved?.actor) findings.push(differs('same_person'));
  if (new Set(records.flatMap((r) => (r === undefined ? [] : [r.case]))).size > 1)
    findings.push(differs('case_differs'));
  return { claim: claim('office', findings, evidence), handing };
}

function judgePrepared(r: Opened, letter: Letter, handed: Handed, records: readonly Read[]): Finding[] {
  const findings: Finding[] = [];
  if (text(r, 'disclosure') !== handed.id) findings.push(differs('disclosure_other'));
  const documents = field(r, 'documents')
    .elements()
    .map((v) => v.text() ?? '');
  const here = records.flatMap((one) => (one === undefined ? [] : [one]));
  const papers = here.filter((one) => field(one, 'presentation').kind !== 'absent').map((one) => one.hash);
  const isWhole = documents.length > 0 && documents.every((hash) => here.some((one) => one.hash === hash));
  if (!isWhole || papers.some((hash) => !documents.includes(hash))) findings.push(differs('documents_differ'));
  const photos = field(r, 'photos')
    .elements()
    .map((v) => `${v.get('record').text()} ${v.get('id').text()}`);
  const sent = letter.photos.map((p) => `${p.record} ${p.id}`);
  if (photos.length !== sent.length || photos.some((p) => !sent.includes(p))) findings.push(differs('photos_differ'));
  const until = int(r, 'expires_at');
  if (until !== undefined && until < letter.serverTime) findings.push(differs('expired'));
  return findings;
}

function judgeApproved(r: Opened, handed: Handed): Finding[] {
  const named = field(r, 'disclosures')
    .elements()
    .some((v) => v.text() === handed.id);
  return named && text(r, 'decision') === 'approved' ? [] : [differs('not_approved')];
}

/** documentDigest is the PDF's SHA-256 as the office sealed it. */
export function documentDigest(handing: Handing): string | undefined {
  return handing.prepared && blobFields(handing.prepared).find((b) => b.role === 'document')?.sha256;
}
