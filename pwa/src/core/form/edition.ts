import { formPrefix } from '../record/index.ts';
import { isValued, itemOf, type Template, type Values } from './form.ts';
import { type Presentation, presentationValue } from './presentation.ts';
import { clientText, text, textHash } from './text.ts';

/**
 * The fields, beside the client-hidden items of a paper, that no client edition
 * discloses: where he was, how he writes, what could be guessed by its hash, and
 * what is between the agency and the worker (docs/protocol.md section 11).
 */
const withheld: readonly string[] =
  'companions copy_code_sha256 copy_sha256 geo note paper_kept strokes text_sha256'.split(' ');

/**
 * What a record holds of a paper, by name of field: how it was presented, the
 * hashes of both texts, every value. The hand and the place are fields of their
 * own. Throws a ValuesError.
 */
export async function paperFields(t: Template, values: Values, p: Presentation): Promise<Values> {
  return {
    presentation: presentationValue(p),
    text_sha256: await textHash(text(t, values, p.lang)),
    client_text_sha256: await textHash(clientText(t, values, p.lang)),
    ...Object.fromEntries(Object.entries(values).map(([key, v]) => [formPrefix + key, v])),
  };
}

/**
 * Whether a client edition discloses the field of that name. t is the paper of
 * the record, absent when the record holds none. A value that t has no item for
 * is withheld: nobody said that it may be seen.
 */
export function clientShows(t: Template | undefined, name: string): boolean {
  if (!name.startsWith(formPrefix)) return !withheld.includes(name);
  const item = t && itemOf(t, name.slice(formPrefix.length));
  return item !== undefined && isValued(item) && !item.clientHidden;
}
