import { version } from './claims.ts';
import { blobPrefix, formPrefix } from './field.ts';
import { type Content, field, formFields, isOffice, withheld } from './record.ts';
import { type Rule, type Schema, schemas } from './schemas.ts';
import { blobShape, checkShape, type FaultCode } from './shape.ts';

/**
 * One way in which a record fails its kind's schema. pointer names the place:
 * "/field/<name>", "/blobs/<id>", "/case", "/visit", "/amends", "/kind",
 * "/fields" or "/blobs".
 */
export interface SchemaFault {
  pointer: string;
  code: FaultCode;
}

/** The schema of a kind, if it is known. */
export function schemaOf(kind: string): Schema | undefined {
  return schemas.get(kind);
}

/**
 * Judges a record by its kind's schema, for the flag "schema". A field that is
 * not here counts as missing only when nothing is withheld, so that a record
 * with withheld or erased fields is not blamed for them. An unknown kind or
 * version has no schema and no faults.
 */
export function checkSchema(r: Content): SchemaFault[] {
  const s = schemas.get(r.kind);
  if (!s || r.v !== version) return [];
  if (!(isOffice(r) ? s.office : s.phone)) return [{ pointer: '/kind', code: 'value' }];
  const faults: SchemaFault[] = [];
  const add = (pointer: string, code: FaultCode) => faults.push({ pointer, code });
  if (s.case && !r.case) add('/case', 'missing');
  if (s.visit && !r.visit) add('/visit', 'missing');
  if (s.amends && !r.amends) add('/amends', 'missing');
  for (const f of r.fields) {
    const code = checkField(s, r, f);
    if (code) add(`/field/${f.name}`, code);
  }
  if (withheld(r) === 0) checkPresence(s, r, add);
  for (const b of r.blobs) if (!takesRole(s, b.role)) add(`/blobs/${b.id}`, 'value');
  if (r.blobs.length < (s.blobs ?? 0)) add('/blobs', 'missing');
  return faults;
}

function checkField(s: Schema, r: Content, f: Content['fields'][number]): FaultCode | undefined {
  const slot = s.fields.find((slot) => slot.name === f.name);
  if (slot) return checkShape(f.value, slot.shape);
  if (f.name.startsWith(formPrefix) && s.form) return undefined;
  const id = f.name.slice(blobPrefix.length);
  const hasSlot = (id: string) => r.blobs.some((b) => b.id === id);
  if (!f.name.startsWith(blobPrefix) || !hasSlot(id)) return 'unknown';
  const code = checkShape(f.value, blobShape);
  if (code) return code;
  const of = f.value.get('of').text();
  return of !== undefined && (of === id || !hasSlot(of)) ? 'value' : undefined;
}

/** Judges what must be there; all fields are known. */
function checkPresence(s: Schema, r: Content, add: (pointer: string, code: FaultCode) => void): void {
  const there = (name: string) => field(r, name).kind !== 'absent';
  let optional = s.form ? formFields(r).size : 0;
  for (const slot of s.fields) {
    if (slot.required && !there(slot.name)) add(`/field/${slot.name}`, 'missing');
    if (!slot.required && there(slot.name)) optional++;
  }
  if (optional < (s.any ?? 0)) add('/fields', 'missing');
  for (const rule of s.rules ?? []) {
    if (!applies(rule, r)) continue;
    for (const name of rule.wants) if (!there(name)) add(`/field/${name}`, 'required');
  }
  for (const b of r.blobs) if (!there(blobPrefix + b.id)) add(`/field/${blobPrefix}${b.id}`, 'missing');
}

function applies(rule: Rule, r: Content): boolean {
  if (rule.if === 'blobs') return r.blobs.some((b) => b.role === rule.is);
  const v = field(r, rule.if);
  const is = rule.member ? v.get(rule.member) : v;
  return rule.is === undefined ? is.kind !== 'absent' : is.text() === rule.is;
}

function takesRole(s: Schema, role: string): boolean {
  return (s.roles ?? []).some((known) => {
    if (!known.endsWith('_n')) return role === known;
    const stem = known.slice(0, -1);
    return role.startsWith(stem) && /^[1-9][0-9]?$/.test(role.slice(stem.length));
  });
}
