import { blobFields, isOffice, type Opened, type Tree, tree } from '../../core/record/index.ts';
import { formatDate, formatDateTime } from '../../ui/date.ts';
import {
  channelText,
  decisionText,
  flagText,
  itemStateText,
  listed,
  outcomeText,
  resultText,
  stateText,
} from '../label.ts';
import { t, word } from '../words/index.ts';
import { textOf } from './entry.ts';
import { photoText, ruleText } from './label.ts';

/** One thing that a record says. quote: somebody's own words, several lines perhaps. */
export interface Line {
  name: string;
  label: string;
  value: string;
  quote?: true;
}

/** Fields that have a place of their own on the page: the map, the paper, the photos, the hand. */
const elsewhere = new Set([
  'geo',
  'presentation',
  'text_sha256',
  'client_text_sha256',
  'strokes',
  'signature_outline',
  'copy_sha256',
  'copy_code_sha256',
  'original',
  'jwk',
  'body',
  'token',
]);

/** What somebody wrote or said, as opposed to what was ticked. */
const quotes = new Set([
  'note',
  'text',
  'explanation',
  'reason',
  'reservations',
  'agreed_hours',
  'answer',
  'question',
  'next',
  'missing',
]);

const times = new Set(['occurred_at', 'received_at', 'taken_at', 'planned_end', 'expires_at']);

/** Puts the fields of a record into words, in the order of their names' importance: short codes first, long texts last. */
export function tell(r: Opened, nameOf: (member: string) => string): Line[] {
  const lines: Line[] = [];
  const pictured = blobFields(r).filter((b) => b.of === '');
  if (pictured.length > 0) {
    lines.push({ name: 'role', label: t('photo.role'), value: listed(pictured.map((b) => photoText(b.role))) });
  }
  for (const f of r.fields) {
    if (elsewhere.has(f.name) || /^(field|blob)\./.test(f.name)) continue;
    const value = tree(f.value);
    if (Array.isArray(value) && value.length === 0) continue;
    const known = word(`field.${f.name}`, '');
    const factual = known || word(`fact.${f.name}`, '');
    lines.push({
      name: f.name,
      label: factual || t('timeline.unknown_field', { name: f.name }),
      value: valueText(r, f.name, value, nameOf),
      ...(quotes.has(f.name) ? { quote: true as const } : {}),
    });
  }
  return lines.sort((a, b) => rank(a.name) - rank(b.name) || (a.name < b.name ? -1 : 1));
}

const order =
  'outcome decision channel result to role place place_name method item condition how source taken_at occurred_at planned_end place_match geo_missing companions witness rule'.split(
    ' ',
  );

function rank(name: string): number {
  if (quotes.has(name)) return 1000;
  const i = order.indexOf(name);
  return i < 0 ? 500 : i;
}

function valueText(r: Opened, name: string, v: Tree, nameOf: (member: string) => string): string {
  if (typeof v === 'boolean') return v ? t('yes') : t('no');
  if (typeof v === 'number') return times.has(name) || name.startsWith('deactivation_') ? formatDateTime(v) : String(v);
  if (typeof v === 'string') return codeText(r, name, v);
  if (Array.isArray(v)) return arrayText(name, v, nameOf);
  if (name === 'place_match') return matchText(v);
  if (name === 'template') return t('form_of', { id: textOf(v, 'id') ?? '?', version: String(v?.version ?? '?') });
  const person = textOf(v, 'name');
  if (person !== undefined) {
    const more = ['affiliation', 'relation', 'organisation', 'department'].flatMap((m) => textOf(v, m) ?? []);
    return more.length > 0 ? t('with_more', { text: person, more: listed(more) }) : person;
  }
  const lat = v?.lat;
  const lng = v?.lng;
  if (typeof lat === 'number' && typeof lng === 'number') return `${lat / 1e7}, ${lng / 1e7}`;
  return JSON.stringify(v);
}

function codeText(r: Opened, name: string, v: string): string {
  switch (name) {
    case 'outcome':
      return outcomeText(v);
    case 'channel':
      return channelText(v);
    case 'result':
      return resultText(v);
    case 'to':
      return r.kind === 'case.changed' ? stateText(v) : v;
    case 'decision':
      return decisionText(v);
    case 'item_state':
      return itemStateText(v);
    case 'flag':
      return flagText(v);
    case 'rule':
      return ruleText(v);
    case 'record':
      return `${v.slice(0, 12)}…`;
    case 'place':
    case 'method':
    case 'source':
    case 'condition':
    case 'how':
    case 'geo_missing':
      return word(`${name}.${v}`, v);
    default:
      return /^\d{4}-\d{2}-\d{2}$/.test(v) ? formatDate(Date.parse(`${v}T00:00:00+09:00`)) : v;
  }
}

function arrayText(name: string, v: Tree[], nameOf: (member: string) => string): string {
  if (name === 'records' || name === 'documents' || name === 'disclosures') return t('records.count', { n: v.length });
  return listed(
    v.map((e) => {
      if (typeof e === 'string') {
        if (name === 'members') return nameOf(e);
        return name === 'scope' ? word(`scope.${e}`, e) : e;
      }
      const [person, from] = [textOf(e, 'name') ?? '', textOf(e, 'affiliation')];
      return from ? t('with_more', { text: person, more: from }) : person;
    }),
  );
}

/** How the phone compared its fix with the registered address. */
function matchText(v: Tree): string {
  return verdictText(textOf(v, 'verdict') ?? '', textOf(v, 'distance_band') ?? 'unknown');
}

/** The phone's verdict on a place, with the distance where it is known. */
export function verdictText(verdict: string, band: string): string {
  const said = word(`match.${verdict}`, verdict);
  return band === 'unknown' ? said : t('with_more', { text: said, more: word(`band.${band}`, band) });
}

/** Who made a record: a member, or the office's server where a member of it is not known. */
export function actorText(r: Opened, nameOf: (member: string) => string): string {
  const name = nameOf(r.actor);
  return isOffice(r) ? t('with_more', { text: name, more: t('timeline.office') }) : name;
}
