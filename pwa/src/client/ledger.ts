import { utf8 } from '../core/encoding/text.ts';
import {
  type Checkpoint,
  checkIncluded,
  LedgerError,
  open as openCheckpoint,
  parseHash,
} from '../core/ledger/index.ts';
import { code, type KeySet, openReceipt, type Receipt } from '../core/seal/index.ts';
import { type Claim, claim, differs, type Evidence, type Finding, unknown } from './claim.ts';
import { ledgerKeys, NoKey, openBy } from './keys.ts';
import type { Letter, Sent } from './letter.ts';
import type { Read } from './records.ts';

/** judgeReceipts: for each record the server's word when it took it. Receipts that hold are given by the record's place in the letter. */
export async function judgeReceipts(
  letter: Letter,
  records: readonly Read[],
  set: KeySet | undefined,
): Promise<{ claim: Claim; receipts: (Receipt | undefined)[] }> {
  if (set === undefined) return { claim: claim('receipt', [unknown('needs_keys')]), receipts: [] };
  const findings: Finding[] = [];
  const evidence: Evidence[] = [];
  const receipts: (Receipt | undefined)[] = [];
  for (const [at, sent] of letter.records.entries()) {
    const r = records[at];
    let receipt: Receipt | undefined;
    try {
      receipt = await openBy(set, 'receipt', (key) => openReceipt(sent.receipt, key));
    } catch (fault) {
      if (fault instanceof NoKey) findings.push(unknown('receipt_key', at));
      else findings.push(differs(code(fault) === 'signature' ? 'receipt_signature' : 'receipt_broken', at));
    }
    if (receipt !== undefined && !set.origins.includes(receipt.origin)) {
      findings.push(differs('receipt_origin', at));
    } else if (receipt !== undefined && r !== undefined) {
      if (receipt.hash === r.hash && receipt.keyID === r.keyID && receipt.seq === r.seq) receipts[at] = receipt;
      else findings.push(differs('receipt_other', at));
    }
    if (receipts[at] !== undefined) evidence.push({ label: 'received_at', value: String(receipts[at].receivedAt), at });
    evidence.push({ label: 'receipt', value: sent.receipt, at });
  }
  if (letter.records.length === 0) findings.push(differs('nothing_sealed'));
  return { claim: claim('receipt', findings, evidence), receipts };
}

/** judgeLedger: the checkpoint is the ledger's own, and every receipt is a leaf below it, at the place that it names itself. */
export async function judgeLedger(
  letter: Letter,
  set: KeySet | undefined,
  receipts: readonly (Receipt | undefined)[],
): Promise<Claim> {
  const evidence: Evidence[] = [{ label: 'checkpoint', value: letter.checkpoint }];
  if (set === undefined) return claim('ledger', [unknown('needs_keys')], evidence);
  let checkpoint: Checkpoint;
  try {
    checkpoint = await openCheckpoint(utf8(letter.checkpoint), ...(await ledgerKeys(set)));
  } catch (fault) {
    return claim('ledger', [checkpointFault(fault)], evidence);
  }
  const findings: Finding[] = [];
  for (const [at, sent] of letter.records.entries()) {
    const found = await judgeProof(sent, checkpoint, receipts[at], at);
    if (found !== undefined) findings.push(found);
    if (sent.inclusion !== undefined) {
      evidence.push({ label: 'index', value: `${sent.inclusion.index} / ${sent.inclusion.size}`, at });
      evidence.push({ label: 'proof', value: sent.inclusion.hashes.join('\n'), at });
    }
  }
  if (letter.records.length === 0) findings.push(differs('nothing_sealed'));
  return claim('ledger', findings, evidence);
}

function checkpointFault(fault: unknown): Finding {
  if (!(fault instanceof LedgerError)) return differs('checkpoint_broken');
  if (fault.code === 'forged') return differs('checkpoint_forged');
  return fault.code === 'unknown' ? unknown('checkpoint_key') : differs('checkpoint_broken');
}

async function judgeProof(
  sent: Sent,
  checkpoint: Checkpoint,
  receipt: Receipt | undefined,
  at: number,
): Promise<Finding | undefined> {
  if (sent.inclusion === undefined) return unknown('proof_missing', at);
  if (receipt !== undefined && receipt.index !== sent.inclusion.index) return differs('proof_differs', at);
  if (sent.inclusion.hashes.some((h) => parseHash(h) === undefined)) return differs('proof_differs', at);
  const core = sent.receipt.slice(0, sent.receipt.lastIndexOf('.'));
  try {
    await checkIncluded(sent.inclusion, checkpoint, core);
    return undefined;
  } catch {
    return differs('proof_differs', at);
  }
}
