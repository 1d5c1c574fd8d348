import type { Language } from '../../core/form/index.ts';
import type { HeldRecord } from '../../engine/index.ts';
import { newDraft, type PaperDraft } from './draft.ts';
import type { Filled } from './prefill.ts';

/** The one paper that two people sign: a record holds the hand of one person (docs/form.md section 7). */
const receipt = 'return_receipt';

interface Shown {
  template?: string;
  version?: number;
  lang?: Language;
  method?: string;
}

/** The receipt on which the one who returned the item is said to have signed, and has neither signed nor declined yet. */
export function owedHand(records: readonly HeldRecord[]): HeldRecord | undefined {
  const at = records.findLastIndex((r) => r.kind === 'item.received' && r.kept);
  const r = records[at];
  if (r?.fields['field.returner_signature_state'] !== 'signed') return undefined;
  if ((r.fields.presentation as Shown | null | undefined)?.method !== 'H') return undefined; // on paper both hands are in the photo
  const settled = records.slice(at + 1).some((later) => {
    const p = later.fields.presentation as Shown | null | undefined;
    const declined = later.fields.template as { id?: string } | null | undefined;
    return (
      (later.kind === 'declaration.signed' && p?.template === receipt) ||
      (later.kind === 'declaration.declined' && declined?.id === receipt)
    );
  });
  return settled ? undefined : r;
}

/** The same text once more, for the second hand: what is filled in stands. */
export function secondDraft(r: HeldRecord, at: number): PaperDraft | undefined {
  const p = r.fields.presentation as Shown | null | undefined;
  if (!p?.version || !p.lang) return undefined;
  const values: Filled = {};
  for (const [name, v] of Object.entries(r.fields)) if (name.startsWith('field.')) values[name.slice(6)] = v;
  return { ...newDraft(receipt, p.version, p.lang, values, at), stage: 'read', second: true };
}
