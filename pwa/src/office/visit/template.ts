import { lookup, parse, type Template } from '../../core/form/index.ts';
import { templates } from '../api.ts';
import { Refusal } from '../http.ts';

const asked = new Map<string, Promise<Template | undefined>>();

/**
 * Finds a form: one that is built in, else what the agency has published. It never changes, so it is asked for once; what could not be asked for is
 * asked again. Nothing rests on the server's word: a paper made by another form has another hash than the signed one.
 */
export async function findTemplate(id: string, version: number): Promise<Template | undefined> {
  const own = await lookup(id, version);
  if (own || id === '' || version < 1) return own;
  const name = `${id}@${version}`;
  let found = asked.get(name);
  if (!found) {
    found = published(id, version);
    asked.set(name, found);
  }
  try {
    return await found;
  } catch {
    asked.delete(name);
    return undefined;
  }
}

async function published(id: string, version: number): Promise<Template | undefined> {
  let body: Uint8Array;
  try {
    body = await templates.body(id, version);
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === 'not_found') return undefined;
    throw fault;
  }
  const template = await parse(body);
  return template.id === id && template.version === version ? template : undefined;
}
