import { maxInt } from '../ijson/index.ts';
import { roles, states } from './code.ts';
import { channels, contactResults } from './contact.ts';
import { outcomes } from './outcome.ts';
import { array, chars, codes, codesOf, may, must, number, object, orNull, type Shape, type Slot } from './shape.ts';

/** What one kind asks of its records (docs/records.md). */
export interface Schema {
  /** Who may seal it. */
  phone?: true;
  office?: true;
  /** The structure must name one. (A phone's record always names a case.) */
  case?: true;
  visit?: true;
  amends?: true;
  fields: readonly Slot[];
  /** Of the optional fields, at least so many. */
  any?: number;
  /** field.<key> may be there; package form judges them. */
  form?: true;
  /** Of blobs; none: no blobs. A last _n stands for a number from 1 to 99. */
  roles?: readonly string[];
  /** At least so many. */
  blobs?: number;
  rules?: readonly Rule[];
}

/**
 * Asks for more fields when one is there, or when one, or a member of one, is a
 * certain text. if is the name of a field, or "blobs": any blob of the
 * structure. Without is, anything will do, as long as it is there.
 */
export interface Rule {
  if: string;
  member?: string;
  is?: string;
  wants: readonly string[];
}

// Lengths of texts, in characters: a name, a number or a label; a note; a long text.
const line = chars(200);
const para = chars(4000);
const long = chars(20000);

// Shapes that several kinds share. Coordinates are 1e-7 degree.
const lat = must('lat', number(-900000000, 900000000));
const lng = must('lng', number(-1800000000, 1800000000));
const geo = object(lat, lng, must('accuracy_m', number(0, 1000000)), must('age_ms', number(0, maxInt)));
const placeMatch = object(
  must('verdict', codes('match', 'no_match', 'undetermined')),
  must('distance_band', codes('le_50', 'le_100', 'le_500', 'le_2000', 'gt_2000', 'unknown')), // metres
  must('accuracy_m', orNull(number(0, 1000000))),
);
const hash: Shape = { type: 'hash' };
const key: Shape = { type: 'key' };
const sha256: Shape = { type: 'sha256' };
const id: Shape = { type: 'id' };
const date: Shape = { type: 'date' };
const moment: Shape = { type: 'time' };
const yesNo: Shape = { type: 'bool' };
const open: Shape = { type: 'object' };
const place = codes('doorstep', 'common_area', 'restaurant', 'office', 'other');
const companions = array(0, 20, object(must('name', line), may('affiliation', line)));
const template = object(must('id', line), must('version', number(1, 9999)), may('sha256', sha256));
const hashes = array(0, 2000, hash);
const condition = codes('good', 'damaged', 'pieces');

/** What an act that happens at a place may say of it: one fix, or why there is none. */
const where = [
  may('geo', geo),
  may('geo_missing', codes('denied', 'timeout', 'unavailable', 'stale', 'off')),
  may('place_match', placeMatch),
];

/** How a paper was presented (package form judges that), how it was signed, and who was there. */
const shown = [
  may('presentation', open),
  may('text_sha256', sha256), // of the text; apart from the presentation, so that it can be withheld
  may('client_text_sha256', sha256), // of what a client edition shows of it: nothing withheld passes for not filled in
  may('strokes', open),
  may('signature_outline', open),
  may('paper_kept', line),
  may('copy_sha256', sha256), // of the random secret in the signer's QR code
  may('copy_code_sha256', sha256), // of the code that he chose
  may('witness', object(must('name', line), may('affiliation', line))),
  may('companions', companions),
  may('note', para),
];

/** What was presented was a certain text. */
const hashed: Rule = { if: 'presentation', wants: ['text_sha256', 'client_text_sha256'] };

/** On the screen the hand is data; on paper it is known where the paper is. */
const signing: Rule[] = [
  { if: 'presentation', member: 'method', is: 'H', wants: ['strokes', 'signature_outline'] },
  { if: 'presentation', member: 'method', is: 'P', wants: ['paper_kept'] },
];

/** What the office knows of a case; case.changed changes any of it. */
const lent = [
  may('number', line),
  may('title', line),
  may('worker_name', line),
  may('worker_kana', line),
  may('worker_phone', line),
  may('worker_mail', line),
  may('worker_staff_no', line),
  may('worker_language', chars(35)), // BCP 47
  may('client', line),
  may('client_contact', line),
  may('assignment', line),
  may('contract_end', date),
  may('item', line),
  may('item_kind', line),
  may('item_number', line),
  may('item_printed_no', line),
  may('item_count', number(1, 999)),
  may('item_lent_on', date),
  may('item_accessories', line),
  may('item_state', codes('on_loan', 'returned', 'lost_claimed', 'discarded_claimed', 'unknown')),
  may('deactivation_asked_at', moment),
  may('deactivation_confirmed_at', moment),
  may('due_on', date),
  may('address', chars(500)),
  may('address_point', object(lat, lng)), // typed by the office; nothing geocodes
  may('practice', yesNo),
  may('note', para),
];

/** Returns slots with the named ones made required. */
function needs(slots: Slot[], ...names: string[]): Slot[] {
  return slots.map((s) => (names.includes(s.name) ? must(s.name, s.shape) : s));
}

/** The whitelist of what may be photographed. */
const photoRoles =
  'badge_front badge_back badge_pieces paper_page_n absence_note exterior police_slip other preview'.split(' ');

/** A kind with one field of a fixed list that wants a reason for some of its codes. */
const reasonFor = (field: string, ...is: string[]): Rule[] => is.map((is) => ({ if: field, is, wants: ['reason'] }));

const byPhone: Record<string, Omit<Schema, 'phone'>> = {
  'contact.logged': {
    fields: [
      must('channel', codesOf(channels)),
      must('result', codesOf(contactResults)),
      may('to', line),
      may('tracking_no', line),
      may('occurred_at', moment),
      may('note', para),
    ],
    roles: ['screenshot', 'postal_slip', 'letter', 'preview'],
  },
  'visit.started': {
    visit: true,
    fields: [
      ...where,
      must('place', place),
      may('place_name', line),
      may('agreed_hours', para),
      may('planned_end', moment),
      may('companions', companions),
      may('note', para),
    ],
  },
  'place.changed': {
    visit: true,
    fields: [...where, must('place', place), may('place_name', line), may('planned_end', moment), may('note', para)],
  },
  'identity.checked': {
    visit: true,
    fields: [
      must('method', codes('known_by_sight', 'staff_card_shown', 'licence_shown', 'other')),
      may('companions', companions),
      may('note', para),
    ],
    rules: [{ if: 'method', is: 'other', wants: ['note'] }],
  },
  'photo.captured': {
    fields: [must('source', codes('camera', 'live', 'library')), may('taken_at', moment), may('note', para)],
    roles: photoRoles,
    blobs: 1,
    rules: [{ if: 'blobs', member: 'role', is: 'other', wants: ['note'] }], // a photo of something else says of what
  },
  'photo.redacted': {
    office: true,
    case: true,
    fields: [must('record', hash), must('original', chars(64)), may('reason', para)],
    roles: ['redacted'],
    blobs: 1,
  },
  'note.written': { fields: [must('note', long)] },
  'hearing.read_back': {
    visit: true,
    fields: [
      must('text', long),
      must('confirmed', yesNo),
      may('reservations', para),
      may('language', chars(35)),
      may('companions', companions),
      may('note', para),
    ],
  },
  'policy.explained': { fields: [must('rule', line), must('explanation', para)] },
  'declaration.signed': {
    visit: true,
    form: true,
    fields: needs([...where, ...shown], 'presentation', 'text_sha256', 'client_text_sha256'),
    roles: ['paper_page_n', 'preview'],
    rules: signing,
  },
  'declaration.declined': {
    visit: true,
    form: true,
    fields: [...where, ...shown, must('reason', para), may('template', template)],
    rules: [hashed],
  },
  'item.received': {
    form: true,
    fields: [
      ...where,
      ...shown,
      must('item', line),
      must('condition', condition),
      may('item_number', line),
      may('how', codes('hand', 'post', 'letterbox')),
      may('tracking_no', line),
      may('returned_by', line),
      may('proxy', object(must('name', line), must('relation', line), may('checked', line))),
      may('missing', para),
      may('bag_no', line),
      may('kept_where', line),
      may('kept_by', line),
    ],
    roles: ['badge_front', 'badge_back', 'badge_pieces', 'paper_page_n', 'other', 'preview'],
    rules: [hashed, ...signing],
  },
  'file.attached': {
    office: true,
    case: true,
    fields: [
      must('title', line),
      may('source', codes('mail', 'post', 'police', 'worker', 'client', 'other')),
      may('received_at', moment),
      may('note', para),
    ],
    roles: ['letter', 'mail', 'original_n', 'police_slip', 'document', 'other', 'preview'],
    blobs: 1,
  },
  'visit.ended': {
    visit: true,
    fields: [
      ...where,
      must('outcome', codesOf(outcomes)),
      must('records', hashes),
      may('next', para),
      may('note', para),
    ],
  },
  'record.amended': {
    amends: true,
    form: true,
    any: 1,
    fields: [
      may('note', long),
      may('reason', para),
      may('text', long),
      may('channel', codesOf(channels)),
      may('result', codesOf(contactResults)),
      may('occurred_at', moment),
      may('tracking_no', line),
      may('place', place),
      may('place_name', line),
      may('outcome', codesOf(outcomes)),
      may('item', line),
      may('condition', condition),
      may('companions', companions),
    ],
  },
};

const disclosure = must('disclosure', id);
const session = chars(64);

/** Of one case, by the office. */
const ofCase: Record<string, Omit<Schema, 'office' | 'case'>> = {
  'case.opened': { fields: needs(lent, 'number', 'worker_name', 'client', 'item') },
  'case.assigned': { fields: [must('members', array(0, 20, id)), may('reason', para)] }, // in place of all before
  'case.changed': { any: 1, fields: [...lent, may('to', codesOf(states)), may('reason', para)] },
  'case.voided': { fields: [must('reason', para), may('merged_into', id)] },
  'review.decided': {
    fields: [must('decision', codes('approved', 'returned', 'held')), may('reason', para), may('records', hashes)],
    rules: reasonFor('decision', 'returned', 'held'),
  },
  'flag.answered': { fields: [must('record', hash), must('flag', chars(64)), must('answer', para)] },
  'report.issued': {
    form: true,
    fields: [
      must('report', codes('first_notice', 'interim_report', 'final_report')),
      must('number', line),
      must('records', hashes),
      may('template', template),
      may('note', para),
    ],
    roles: ['document', 'preview'],
  },
  'disclosure.prepared': {
    fields: [
      disclosure,
      must('documents', array(1, 100, hash)),
      must(
        'recipient',
        object(must('name', line), must('organisation', line), may('department', line), may('mail', line)),
      ),
      may('photos', array(0, 64, object(must('record', hash), must('id', session)))), // derivatives
      may('purpose', para),
      may('expires_at', moment),
      may('sessions', number(1, 1000)),
      may('note', para),
    ],
    roles: ['document'],
  },
  'disclosure.approved': {
    fields: [
      must('disclosures', array(1, 20, id)),
      must('decision', codes('approved', 'refused')),
      may('reason', para),
    ],
    rules: reasonFor('decision', 'refused'),
  },
  'disclosure.opened': { fields: [disclosure, must('session', session)] },
  'disclosure.downloaded': { fields: [disclosure, must('session', session), must('sha256', sha256)] },
  'disclosure.acknowledged': {
    fields: [disclosure, may('session', session), may('name', line), may('department', line), may('note', para)],
  },
  'disclosure.asked': { fields: [disclosure, may('session', session), must('question', para)] },
  'disclosure.revoked': { fields: [disclosure, must('reason', para)] },
  'consent.withdrawn': {
    fields: [
      must('scope', array(1, 10, codes('disclosure', 'geo', 'photos', 'all'))),
      may('reason', para),
      may('channel', codesOf(channels)),
    ],
  },
  'objection.made': { fields: [must('text', long), may('channel', codesOf(channels))] },
};

/** Of the agency as a whole, by the office. */
const ofAgency: Record<string, Omit<Schema, 'office'>> = {
  'device.enrolled': {
    fields: [must('kid', key), must('member', id), must('jwk', open), must('label', line), may('authorised_by', key)],
  },
  'device.revoked': { fields: [must('kid', key), must('reason', para)] },
  'member.changed': {
    fields: [
      must('member', id),
      must('name', line),
      must('roles', array(0, 5, codesOf(roles))),
      must('active', yesNo),
      may('kana', line),
      may('affiliation', line),
      may('phone', line),
      may('deputy', id),
    ],
  },
  'template.published': {
    fields: [must('template', line), must('version', number(1, 9999)), must('body', open)],
  },
  'policy.published': { fields: [must('version', chars(64)), must('body', open)] },
  'erasure.requested': {
    fields: [
      must('erasure', id),
      must('records', array(1, 2000, hash)),
      must('reason', para),
      may('fields', array(1, 256, chars(128))),
    ],
  },
  'erasure.done': {
    fields: [must('erasure', id), may('digests', hashes), may('blob_digests', array(0, 2000, sha256))],
  },
  'clock.anchored': {
    fields: [must('size', number(0, maxInt)), must('root', hash), must('authority', line), must('token', long)],
  },
  'quarantine.released': { fields: [must('sha256', sha256), must('hash', hash), may('reason', para)] },
  'quarantine.rejected': { fields: [must('sha256', sha256), must('reason', para)] },
  'origin.opened': {
    fields: [
      must('old', chars(255)),
      must('new', chars(255)),
      must('size', number(0, maxInt)),
      must('root', hash),
      may('reason', para),
    ],
  },
};

/** The table: every kind there is. */
export const schemas: ReadonlyMap<string, Schema> = new Map<string, Schema>([
  ...Object.entries(byPhone).map(([kind, s]): [string, Schema] => [kind, { phone: true, ...s }]),
  ...Object.entries(ofCase).map(([kind, s]): [string, Schema] => [kind, { office: true, case: true, ...s }]),
  ...Object.entries(ofAgency).map(([kind, s]): [string, Schema] => [kind, { office: true, ...s }]),
]);
