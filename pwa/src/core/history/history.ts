/**
 * Package history is the pure fold from records to states: what the server stores
 * for its screens and what the phone shows (docs/protocol.md §6). The records are
 * the truth; a state can always be thrown away. It is the twin of sync/history,
 * which says what is guaranteed.
 *
 * A state is plain JSON, with the names that the feed carries: what is empty is
 * absent (or undefined, which JSON.stringify leaves out).
 */
import { isHex256 } from '../encoding/hex.ts';
import { isOffice, text } from '../record/index.ts';
import { absorb, applyCase, type Case, newCase } from './case.ts';
import { hashField, idField, short } from './content.ts';
import { applyCopy, type Copy, copyOf } from './copy.ts';
import { applyDevice, type Device, newDevice } from './device.ts';
import { applyDisclosure, type Disclosure, disclosuresOf, newDisclosure } from './disclosure.ts';
import { genuine } from './genuine.ts';
import { applyMember, type Member, newMember } from './member.ts';
import { applyPublished, newTemplate, type Policy, type Template, templateID } from './published.ts';
import { applyQuarantine, type Quarantine } from './quarantine.ts';
import { type Entry, type Meta, refOf } from './ref.ts';
import { applyVisit, newVisit, type Visit } from './visit.ts';

/** The states by their sort. */
export interface States {
  case: Case; // id: the case
  visit: Visit; // id: case/visit, so that no other case's record can disturb it
  disclosure: Disclosure; // id: the disclosure
  member: Member; // id: the member
  device: Device; // id: the key id
  template: Template; // id: template@version
  policy: Policy; // id: version
  quarantine: Quarantine; // id: SHA-256 of the pushed text, hex
  copy: Copy; // id: SHA-256 of the secret in a signer's QR code, hex
}

/** The sort of a state. */
export type Type = keyof States;

/** Names one state. */
export interface Key {
  type: Type;
  id: string;
}

/** One state of any sort. */
export type State = States[Type];

/** The states that apply reads and moves, by keyText. */
export type StateSet = Map<string, State>;

/** A key as text, for a StateSet and for stores. */
export function keyText(k: Key): string {
  return `${k.type} ${k.id}`;
}

/**
 * The states that apply may read or move for r: load those that exist before
 * calling it. No key occurs twice.
 */
export function keys(r: Entry): Key[] {
  const list: Key[] = [];
  const add = (type: Type, id: string | undefined) => {
    if (id) list.push({ type, id });
  };
  add('case', r.case);
  if (r.case && r.visit) add('visit', `${r.case}/${r.visit}`);
  add('copy', copyOf(r));
  if (!genuine(r) || !isOffice(r)) return list;
  switch (r.kind) {
    case 'case.voided': {
      const into = idField(r, 'merged_into');
      if (into !== r.case) add('case', into);
      break;
    }
    case 'disclosure.prepared':
    case 'disclosure.approved':
    case 'disclosure.opened':
    case 'disclosure.downloaded':
    case 'disclosure.acknowledged':
    case 'disclosure.asked':
    case 'disclosure.revoked':
      for (const id of disclosuresOf(r)) add('disclosure', id);
      break;
    case 'member.changed':
      add('member', idField(r, 'member'));
      break;
    case 'device.enrolled':
    case 'device.revoked':
      add('device', hashField(r, 'kid'));
      break;
    case 'template.published':
      add('template', templateID(r));
      break;
    case 'policy.published':
      add('policy', short(r, 'version'));
      break;
    case 'quarantine.released':
    case 'quarantine.rejected':
      if (isHex256(text(r, 'sha256'))) add('quarantine', text(r, 'sha256'));
      break;
    default:
  }
  return list;
}

/** The state of a key before any record. */
export function newState<T extends Type>(type: T, id: string): States[T] {
  const make: { [T in Type]: (id: string) => States[T] } = {
    case: newCase,
    visit: newVisit,
    disclosure: newDisclosure,
    member: newMember,
    device: newDevice,
    template: newTemplate,
    policy: (version) => ({ version }),
    quarantine: (sha256) => ({ sha256, decision: '' }),
    copy: (sha256) => ({ sha256, papers: [] }),
  };
  return make[type](id);
}

/**
 * Moves the states that r touches and returns the keys of those that changed. set
 * must hold every existing state of keys(r); apply changes them in place and adds
 * the new ones. Nothing that a record may hold makes it fail.
 */
export function apply(set: StateSet, r: Entry, m: Meta): Key[] {
  const ref = () => refOf(r, m);
  const changed: Key[] = [];
  let own: Case | undefined;
  let visit: Visit | undefined;
  for (const k of keys(r)) {
    const state = <T extends Type>(type: T): States[T] => {
      const s = (set.get(keyText(k)) as States[T] | undefined) ?? newState(type, k.id);
      set.set(keyText(k), s);
      return s;
    };
    switch (k.type) {
      case 'case':
        if (k.id === r.case)
          own = state('case'); // after its visit and its disclosures
        else if (absorb(state('case'), r.case)) changed.push(k);
        break;
      case 'visit':
        visit = state('visit');
        applyVisit(visit, r, ref());
        changed.push(k); // a visit lists every record
        break;
      case 'disclosure':
        if (applyDisclosure(state('disclosure'), r, ref())) changed.push(k);
        break;
      case 'member':
        if (applyMember(state('member'), r, ref())) changed.push(k);
        break;
      case 'device':
        if (applyDevice(state('device'), r, ref())) changed.push(k);
        break;
      case 'template':
      case 'policy':
        if (applyPublished(state(k.type), r, ref())) changed.push(k);
        break;
      case 'quarantine':
        if (applyQuarantine(state('quarantine'), r, ref())) changed.push(k);
        break;
      case 'copy':
        if (applyCopy(state('copy'), ref())) changed.push(k);
        break;
    }
  }
  const disclosure = (id: string) => set.get(keyText({ type: 'disclosure', id })) as Disclosure | undefined;
  if (own && applyCase(own, r, ref(), visit, disclosure)) changed.push({ type: 'case', id: r.case });
  return changed;
}
