import absenceNote from '../../../../sync/form/templates/absence_note.1.json';
import disposalDeclaration from '../../../../sync/form/templates/disposal_declaration.1.json';
import lossReport from '../../../../sync/form/templates/loss_report.1.json';
import returnReceipt from '../../../../sync/form/templates/return_receipt.1.json';
import { utf8 } from '../encoding/text.ts';
import type { Template } from './form.ts';
import { parse } from './template.ts';

let parsed: Promise<Template[]> | undefined;

/**
 * The templates that come with the product, every version, out of the same files
 * as the server's: 不在票, 廃棄申告書, 紛失届, 返却受領書. They are read once; the caller
 * must not change them.
 */
export function builtin(): Promise<Template[]> {
  const sources: unknown[] = [absenceNote, disposalDeclaration, lossReport, returnReceipt];
  parsed ??= Promise.all(sources.map((source) => parse(utf8(JSON.stringify(source)))));
  return parsed;
}

/**
 * Finds one built-in template. A template that an office published later is read
 * from its template.published record with parse.
 */
export async function lookup(id: string, version: number): Promise<Template | undefined> {
  return (await builtin()).find((t) => t.id === id && t.version === version);
}
