/** What the page judges about a letter, each for itself (verify.ts). */
export type ClaimID =
  | 'keys' // the server's keys are those of one root
  | 'device' // the phones that sealed belong to members of the agency
  | 'signature' // what the phones sealed is unchanged
  | 'fields' // what is shown was sealed, and nothing beside it
  | 'text' // the paper is the one that was shown and signed
  | 'hand' // the drawing of the signature was sealed with it
  | 'receipt' // when the server took each record
  | 'ledger' // each record has its place in the public ledger
  | 'office' // two people of the agency handed over exactly this
  | 'photos' // the photos are those of their records
  | 'document'; // the PDF is the one that was approved

/**
 * holds: checked, and true. differs: checked, and false. unknown: what is needed to judge is not there. pending: nobody has asked for it yet.
 * Only when every claim holds or is pending is the whole called good.
 */
export type Status = 'holds' | 'differs' | 'unknown' | 'pending';

/** What was found wrong; each has words of its own, which say what it means. */
export type Fault =
  | 'keys_broken'
  | 'keys_root'
  | 'keys_signature'
  | 'needs_keys'
  | 'nothing_sealed'
  | 'certificate_missing'
  | 'certificate_broken'
  | 'certificate_signature'
  | 'certificate_key'
  | 'actor_differs'
  | 'record_broken'
  | 'record_signature'
  | 'record_twice'
  | 'stray_field'
  | 'no_paper'
  | 'template_missing'
  | 'template_broken'
  | 'text_differs'
  | 'presentation_differs'
  | 'outline_missing'
  | 'outline_broken'
  | 'receipt_broken'
  | 'receipt_key'
  | 'receipt_signature'
  | 'receipt_other'
  | 'receipt_origin'
  | 'checkpoint_broken'
  | 'checkpoint_key'
  | 'checkpoint_forged'
  | 'proof_missing'
  | 'proof_differs'
  | 'prepared_missing'
  | 'approved_missing'
  | 'office_signature'
  | 'office_key'
  | 'disclosure_other'
  | 'not_approved'
  | 'same_person'
  | 'documents_differ'
  | 'photos_differ'
  | 'case_differs'
  | 'expired'
  | 'photo_unnamed'
  | 'photo_differs'
  | 'photo_missing'
  | 'document_unnamed'
  | 'document_differs';

/** One thing that is wrong, or that keeps from judging. */
export interface Finding {
  status: 'differs' | 'unknown';
  fault: Fault;
  /** Which of the letter's records, from 0, where it is about one. */
  at?: number | undefined;
}

/** A piece of what was checked, for whoever wants to see the bytes. */
export interface Evidence {
  label:
    | 'root'
    | 'key'
    | 'record'
    | 'sealed_fields'
    | 'withheld_fields'
    | 'text_sha256'
    | 'received_at'
    | 'index'
    | 'checkpoint'
    | 'certificate'
    | 'compact'
    | 'receipt'
    | 'proof'
    | 'sha256'
    | 'key_set';
  value: string;
  at?: number | undefined;
}

export interface Claim {
  id: ClaimID;
  status: Status;
  findings: Finding[];
  evidence: Evidence[];
}

/** claim sums up its findings: what is false weighs more than what cannot be judged. */
export function claim(id: ClaimID, findings: readonly Finding[], evidence: readonly Evidence[] = []): Claim {
  const status = findings.some((f) => f.status === 'differs') ? 'differs' : findings.length > 0 ? 'unknown' : 'holds';
  return { id, status, findings: [...findings], evidence: [...evidence] };
}

/** pending is claim for what is judged later; what is wrong already is said at once. */
export function pending(id: ClaimID, findings: readonly Finding[], evidence: readonly Evidence[] = []): Claim {
  const now = claim(id, findings, evidence);
  return now.status === 'holds' ? { ...now, status: 'pending' } : now;
}

export const differs = (fault: Fault, at?: number): Finding => ({ status: 'differs', fault, at });
export const unknown = (fault: Fault, at?: number): Finding => ({ status: 'unknown', fault, at });

/** overall is what the one line says, and how many claims hold. No claim at all is no good news. */
export function overall(claims: readonly Claim[]): { status: Exclude<Status, 'pending'>; holds: number } {
  const holds = claims.filter((c) => c.status === 'holds').length;
  if (claims.some((c) => c.status === 'differs')) return { status: 'differs', holds };
  if (holds === 0 || claims.some((c) => c.status === 'unknown')) return { status: 'unknown', holds };
  return { status: 'holds', holds };
}
