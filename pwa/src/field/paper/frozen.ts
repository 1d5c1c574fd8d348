import { type Language, text, textHash } from '../../core/form/index.ts';
import type { HeldRecord } from '../../engine/index.ts';
import type { Filled } from './prefill.ts';
import { templateOf } from './templates.ts';

/** The text of a signed paper as its record gives it, and whether it is the one whose hash was sealed. Undefined for a record that is no paper. */
export async function frozenText(r: HeldRecord): Promise<{ text: string; same: boolean; lang: Language } | undefined> {
  const p = r.fields.presentation as { template?: string; version?: number; lang?: Language } | null | undefined;
  const hash = r.fields.text_sha256;
  if (!p?.template || !p.version || !p.lang || typeof hash !== 'string') return undefined;
  const t = await templateOf(p.template, p.version);
  if (!t) return undefined;
  const values: Filled = {};
  for (const [name, v] of Object.entries(r.fields)) if (name.startsWith('field.')) values[name.slice(6)] = v;
  try {
    const shown = text(t, values, p.lang);
    return { text: shown, same: (await textHash(shown)) === hash, lang: p.lang };
  } catch {
    return { text: '', same: false, lang: p.lang };
  }
}
