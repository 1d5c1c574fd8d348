import { type Template, text, textHash } from '../../core/form/index.ts';
import { checkIncluded, type Inclusion, LedgerError, parseInclusion } from '../../core/ledger/index.ts';
import {
  formFields,
  genesis,
  type Hash,
  isOffice,
  type Opened,
  text as textField,
  tree,
  withheld,
} from '../../core/record/index.ts';
import { findKey, openReceipt, parse, type Receipt, verify } from '../../core/seal/index.ts';
import type { Held } from '../api.ts';
import { type Entry, numberOf, plain, textOf } from './entry.ts';
import { type Check, type Ground, type Verdict, worst } from './ground.ts';

/** What is judged of one record. */
export type Judging = 'form' | 'signature' | 'fields' | 'journal' | 'receipt' | 'ledger' | 'paper';

/** One record, judged. */
export interface Judged {
  entry: Entry;
  checks: Check<Judging>[];
  verdict: Verdict;
}

/** Where a judgement gets what is not at hand. */
export interface Sources {
  inclusion(index: number, size: number): Promise<Uint8Array>;
  /** Another record by its hash; throws when there is none. */
  record(hash: Hash): Promise<Held>;
  /** The form of a paper. */
  template: FindTemplate;
}

/** Finds a form; undefined when there is none of that name and version. */
export type FindTemplate = (id: string, version: number) => Promise<Template | undefined>;

/**
 * Judges each record by itself: is it the text that was signed, by the key of the member that it names, does it stand in its journal, does the
 * server's receipt speak of it, and does the ledger hold that receipt. Nothing is taken from the server's word but what its keys signed.
 */
export async function judgeAll(entries: readonly Entry[], ground: Ground, sources: Sources): Promise<Judged[]> {
  const judged: Judged[] = new Array(entries.length);
  const left = entries.entries();
  const work = async () => {
    for (const [i, e] of left) judged[i] = await judge(e, entries, ground, sources);
  };
  await Promise.all(Array.from({ length: atOnce }, work));
  return judged;
}

/** How many records are judged at one time: each may ask the server for a proof. */
const atOnce = 6;

async function judge(entry: Entry, all: readonly Entry[], g: Ground, sources: Sources): Promise<Judged> {
  const checks: Check<Judging>[] = [];
  const say = (name: Judging, [verdict, why]: Finding) => checks.push({ name, verdict, why });
  const r = entry.opened;
  if (!r) {
    say('form', differs('malformed'));
    return { entry, checks, verdict: 'differs' };
  }
  say('signature', await judgeSignature(r, g));
  say('fields', judgeFields(r));
  if (!isOffice(r)) say('journal', await judgeJournal(r, all, sources));
  const [receipt, finding] = await judgeReceipt(r, entry.held, g);
  say('receipt', finding);
  say('ledger', await judgeLedger(receipt, entry.held.receipt, g, sources));
  if (plain(r, 'presentation') !== undefined) say('paper', (await judgePaper(r, sources.template)).finding);
  return { entry, checks, verdict: worst(checks) };
}

/** A verdict and its reason. */
export type Finding = [Verdict, string];

const holds = (why: string): Finding => ['holds', why];
const differs = (why: string): Finding => ['differs', why];
const unknown = (why: string): Finding => ['unknown', why];

async function judgeSignature(r: Opened, g: Ground): Promise<Finding> {
  if (!g.keys) return unknown('no_keys');
  const certificate = g.certificates.get(r.keyID);
  const key = isOffice(r) ? findKey(g.keys, 'office', r.keyID) : certificate?.key;
  if (!key) return unknown('unknown_key');
  try {
    await verify(r, key);
  } catch {
    return differs('bad_signature');
  }
  if (certificate && certificate.member !== r.actor) return differs('other_member');
  return holds('signed');
}

function judgeFields(r: Opened): Finding {
  if (r.stray.length > 0) return differs('stray');
  return withheld(r) > 0 ? unknown('withheld') : holds('all_here');
}

/** The link to the record before it in the journal, which may be one of another visit. */
async function judgeJournal(r: Opened, all: readonly Entry[], sources: Sources): Promise<Finding> {
  const twin = all.find((e) => e.opened?.keyID === r.keyID && e.opened.seq === r.seq && e.opened.hash !== r.hash);
  if (twin) return differs('fork');
  if (r.seq === 1) return r.prev === genesis(r.keyID).hash ? holds('first') : differs('chain');
  const sibling = all.find((e) => e.opened?.keyID === r.keyID && e.opened.seq === r.seq - 1)?.opened;
  if (sibling) return sibling.hash === r.prev ? holds('linked') : differs('chain');
  let before: Opened;
  try {
    before = await parse((await sources.record(r.prev)).record);
  } catch {
    return unknown('prev_missing');
  }
  const linked = before.hash === r.prev && before.keyID === r.keyID && before.seq === r.seq - 1;
  return linked ? holds('linked') : differs('chain');
}

async function judgeReceipt(r: Opened, held: Held, g: Ground): Promise<[Receipt | undefined, Finding]> {
  if (!g.keys) return [undefined, unknown('no_keys')];
  if (!held.receipt) return [undefined, unknown('not_here')];
  let receipt: Receipt | undefined;
  for (const k of g.keys.keys.filter((k) => k.use === 'receipt')) {
    try {
      receipt = await openReceipt(held.receipt, k.public);
      break;
    } catch {
      // not by this one
    }
  }
  if (!receipt) return [undefined, differs('bad_receipt')];
  const same = receipt.hash === r.hash && receipt.keyID === r.keyID && receipt.seq === r.seq;
  if (!same) return [undefined, differs('other_record')];
  if (!g.keys.origins.includes(receipt.origin)) return [undefined, differs('other_origin')];
  return [receipt, holds('received')];
}

async function judgeLedger(receipt: Receipt | undefined, token: string, g: Ground, sources: Sources): Promise<Finding> {
  if (!receipt) return unknown('no_receipt');
  if (!g.checkpoint) return unknown('no_checkpoint');
  if (receipt.index >= g.checkpoint.size) return unknown('not_yet');
  let proof: Inclusion;
  try {
    proof = parseInclusion(await sources.inclusion(receipt.index, g.checkpoint.size));
  } catch (fault) {
    return fault instanceof LedgerError ? differs('bad_proof') : unknown('no_proof');
  }
  if (proof.index !== receipt.index) return differs('bad_proof');
  try {
    await checkIncluded(proof, g.checkpoint, token.slice(0, token.lastIndexOf('.')));
  } catch {
    return differs('not_included');
  }
  return holds('included');
}

/** A paper as it was shown, made again out of its values. */
export interface Paper {
  finding: Finding;
  /** The exact text; absent when it cannot be made. */
  text?: string;
  title?: { ja: string; en: string };
}

/** Makes the paper's text out of the sealed values and compares its hash with the sealed one. */
export async function judgePaper(r: Opened, find: FindTemplate): Promise<Paper> {
  const shown = plain(r, 'presentation');
  const want = textField(r, 'text_sha256');
  const template = await find(textOf(shown, 'template') ?? '', numberOf(shown, 'version') ?? 0);
  if (!template) return { finding: unknown('no_template') };
  const title = template.title;
  if (withheld(r) > 0 && want === '') return { finding: unknown('withheld'), title };
  const values = Object.fromEntries([...formFields(r)].map(([name, v]) => [name, tree(v)]));
  try {
    const made = text(template, values, textOf(shown, 'lang') === 'en' ? 'en' : 'ja');
    if ((await textHash(made)) === want) return { finding: holds('text_same'), text: made, title };
    return { finding: withheld(r) > 0 ? unknown('withheld') : differs('text_differs'), text: made, title };
  } catch {
    return { finding: withheld(r) > 0 ? unknown('withheld') : differs('no_text'), title };
  }
}

/** Whether a visit is whole: its end names every record that its journal held of it, and all of those are here. */
export function judgeWhole(entries: readonly Entry[]): Finding {
  const ends = entries.flatMap((e) => (e.opened?.kind === 'visit.ended' ? e.opened : []));
  const end = ends.sort((a, b) => b.at - a.at)[0];
  if (!end) return unknown('not_ended');
  const list = plain(end, 'records');
  if (!Array.isArray(list)) return unknown('no_list');
  const here = new Map(entries.flatMap((e) => (e.opened ? [[e.opened.hash, e.opened] as const] : [])));
  if (list.some((hash) => typeof hash !== 'string' || !here.has(hash))) return unknown('missing');
  const unlisted = [...here.values()].some(
    (r) => r.keyID === end.keyID && r.seq > 0 && r.seq < end.seq && !list.includes(r.hash),
  );
  return unlisted ? differs('unlisted') : holds('whole');
}
