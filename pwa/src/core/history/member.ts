import { field, type ID, type Role } from '../record/index.ts';
import { idField, short, texts } from './content.ts';
import { type Entry, type Mark, point, type Ref, some } from './ref.ts';

/** A person of the agency, as the office last described him. */
export interface Member {
  id: ID;
  name: string;
  kana?: string | undefined;
  affiliation?: string | undefined;
  phone?: string | undefined;
  roles: string[];
  active: boolean;
  deputy?: ID | undefined;
  changed?: Mark | undefined;
}

/** A member before any record. */
export function newMember(id: ID): Member {
  return { id, name: '', roles: [], active: false };
}

/** Reports whether an active member holds a role. */
export function hasRole(p: Member, role: Role): boolean {
  return p.active && p.roles.includes(role);
}

/**
 * Takes a description as a whole, but only a newer one. What it does not say is
 * gone; a member whose fields are erased has no name and no roles.
 */
export function applyMember(p: Member, r: Entry, ref: Ref): boolean {
  if (p.changed && ref.index < p.changed.index) return false;
  p.name = short(r, 'name');
  p.kana = some(short(r, 'kana'));
  p.affiliation = some(short(r, 'affiliation'));
  p.phone = some(short(r, 'phone'));
  p.roles = texts(r, 'roles', 20);
  p.active = field(r, 'active').bool() ?? false;
  p.deputy = idField(r, 'deputy');
  p.changed = point(ref);
  return true;
}
