import {
  checkClientPresentation,
  checkPresentation,
  clientText,
  text as fullText,
  type Language,
  lookup,
  type Outline,
  type Presentation,
  parseOutline,
  parsePresentation,
  parse as parseTemplate,
  type Template,
  type Values,
} from '../core/form/index.ts';
import { field, formFields, type Opened, text, tree } from '../core/record/index.ts';
import { type Claim, claim, differs, type Evidence, type Finding, unknown } from './claim.ts';
import type { Letter } from './letter.ts';
import type { Read } from './records.ts';

/** A paper whose text is the one that was shown and signed. */
export interface Paper {
  record: Opened;
  /** Which of the letter's records. */
  at: number;
  template: Template;
  values: Values;
  presentation: Presentation;
  /** The whole text, as only the signer's own copy has it; else the client's. */
  whole: boolean;
  /** The drawing of the signature, where there is one and it is of the form. */
  outline: Outline | undefined;
}

/** render gives the paper's text; in presentation.lang it is, byte for byte, what was hashed. */
export function render(p: Paper, lang: Language): string {
  return (p.whole ? fullText : clientText)(p.template, p.values, lang);
}

/** judgePapers holds each paper against its hash. A paper that fails is not among those to be shown. */
export async function judgePapers(
  letter: Letter,
  records: readonly Read[],
): Promise<{ text: Claim; hand: Claim | undefined; papers: Paper[] }> {
  const findings: Finding[] = [];
  const hands: Finding[] = [];
  const evidence: Evidence[] = [];
  const papers: Paper[] = [];
  let written = 0;
  for (const [at, r] of records.entries()) {
    if (r === undefined || field(r, 'presentation').kind === 'absent') continue;
    const read = await readPaper(letter, r, at);
    if ('fault' in read) {
      findings.push(read);
      continue;
    }
    const { paper, wrong } = read;
    findings.push(...wrong);
    evidence.push({ label: 'text_sha256', value: text(r, paper.whole ? 'text_sha256' : 'client_text_sha256'), at });
    if (paper.presentation.method === 'H' && !isDeclined(r)) {
      written++;
      hands.push(...judgeHand(paper));
    }
    if (wrong.length === 0) papers.push(paper);
  }
  if (papers.length === 0 && findings.length === 0) findings.push(differs('no_paper'));
  return { text: claim('text', findings, evidence), hand: written > 0 ? claim('hand', hands) : undefined, papers };
}

async function readPaper(letter: Letter, r: Opened, at: number): Promise<{ paper: Paper; wrong: Finding[] } | Finding> {
  const { presentation, faults } = parsePresentation(objectOf(r, 'presentation'));
  if (faults.length > 0) return differs('presentation_differs', at);
  let template: Template | undefined;
  try {
    const body = letter.records[at]?.template;
    template = (await lookup(presentation.template, presentation.version)) ?? (body && (await parseTemplate(body)));
  } catch {
    return differs('template_broken', at);
  }
  if (template === undefined) return unknown('template_missing', at);
  const values = Object.fromEntries([...formFields(r)].map(([key, v]) => [key, tree(v)]));
  const whole = field(r, 'text_sha256').kind === 'string';
  const wrong = whole
    ? await checkPresentation(presentation, template, values, text(r, 'text_sha256'))
    : await checkClientPresentation(presentation, template, values, text(r, 'client_text_sha256'));
  const { outline, faults: blots } = parseOutline(objectOf(r, 'signature_outline'));
  const paper = {
    record: r,
    at,
    template,
    values,
    presentation,
    whole,
    outline: blots.length > 0 ? undefined : outline,
  };
  const isText = (pointer: string) => pointer.endsWith('text_sha256');
  const found = wrong.map((f) => differs(isText(f.pointer) ? 'text_differs' : 'presentation_differs', at));
  return { paper, wrong: found.slice(0, 1) };
}

/** isDeclined reports whether a paper was shown and not signed, which is an outcome like any other. */
export function isDeclined(r: Pick<Opened, 'kind'>): boolean {
  return r.kind === 'declaration.declined';
}

/** judgeHand: who signs on the screen leaves a drawing, and it is sealed with the rest. */
function judgeHand(p: Paper): Finding[] {
  if (p.outline !== undefined) return [];
  return [differs(field(p.record, 'signature_outline').kind === 'absent' ? 'outline_missing' : 'outline_broken', p.at)];
}

function objectOf(r: Opened, name: string): Values {
  const value = tree(field(r, name));
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
}
