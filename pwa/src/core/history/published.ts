import { int, type Tree } from '../record/index.ts';
import { bodyOf, short } from './content.ts';
import { type Entry, type Mark, point, type Ref } from './ref.ts';

/** One published version of a form. It never changes again. */
export interface Template {
  id: string;
  version: number;
  /** For package form. */
  body?: Tree | undefined;
  published?: Mark | undefined;
}

/** One published version of the conduct policy. It never changes again; the one published last is in force. */
export interface Policy {
  version: string;
  /** For package policy. */
  body?: Tree | undefined;
  published?: Mark | undefined;
}

/** A template before any record; id is template@version. */
export function newTemplate(id: string): Template {
  const at = id.lastIndexOf('@');
  return at < 0 ? { id, version: 0 } : { id: id.slice(0, at), version: Number(id.slice(at + 1)) };
}

/** The key of the template that a template.published speaks of. */
export function templateID(r: Entry): string | undefined {
  const id = short(r, 'template');
  const version = int(r, 'version');
  return id === '' || version === undefined ? undefined : `${id}@${version}`;
}

/** Takes the first publication and no other. */
export function applyPublished(p: Template | Policy, r: Entry, ref: Ref): boolean {
  if (p.published && p.published.record !== ref.record) return false;
  p.published = point(ref);
  p.body = bodyOf(r);
  return true;
}
