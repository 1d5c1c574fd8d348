import { sha256 } from '../encoding/bytes.ts';
import { encodeHex } from '../encoding/hex.ts';
import { Faults, marshal, type Obj, obj, parse as parseJSON } from '../ijson/index.ts';
import type { Template } from './form.ts';
import { checkConditions, checkKeys, item } from './item.ts';
import { inItems, inTable } from './members.ts';
import { key, oneOf, words } from './words.ts';

/** Not a template. The faults are found with ijson's list. */
export class TemplateError extends Error {
  constructor(cause: unknown) {
    super(`not a template: ${cause instanceof Error ? cause.message : ''}`, { cause });
    this.name = 'TemplateError';
  }
}

/** The longest JSON of a template, in bytes. */
export const maxTemplateBytes = 256 << 10;
/** The most items of a template. */
export const maxItems = 200;

/**
 * Reads a template strictly: unknown members, members that do not belong to the
 * item's type, and texts missing in one language are faults. Throws a
 * TemplateError with every fault.
 */
export async function parse(data: Uint8Array): Promise<Template> {
  try {
    const v = parseJSON(data, { bytes: maxTemplateBytes });
    const f = new Faults();
    const t = read(obj(v, f));
    f.check();
    return { ...t, sha256: encodeHex(await sha256(marshal(v))) };
  } catch (cause) {
    throw new TemplateError(cause);
  }
}

function read(o: Obj): Omit<Template, 'sha256'> {
  o.only('v', 'id', 'version', 'author', 'title', 'items');
  const id = key(o, 'id');
  const version = o.int('version');
  const author = o.string('author') as Template['author'];
  const title = words(o, 'title');
  const v = o.int('v');
  if (o.kind('v') === 'integer' && v !== 1) o.fault('v', 'value', 'want 1');
  if (o.kind('version') === 'integer' && (version < 1 || version > 9999)) o.fault('version', 'value', 'want 1 to 9999');
  oneOf(o, 'author', author, ['worker', 'agency']);
  const t: Omit<Template, 'sha256'> = { id, version, author, title, items: [] };
  const items = o.arr('items');
  if (items.length > maxItems || (items.length === 0 && o.kind('items') === 'array')) {
    o.fault('items', 'value', 'want 1 to 200');
    return t;
  }
  const objs: Obj[] = [];
  for (const i of items.objs()) {
    t.items.push(item(i, inItems, inTable));
    objs.push(i);
  }
  checkKeys(objs, t.items);
  checkConditions(objs, t);
  return t;
}
