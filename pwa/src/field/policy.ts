import { utf8 } from '../core/encoding/text.ts';
import type { Policy as Published } from '../core/history/index.ts';
import { jp1, type Policy, parse } from '../core/policy/index.ts';

const read = new Map<string, Policy | undefined>();

/** The conduct policy in force: the one published last that this version can read, else the one that came with it. */
export function inForce(published: readonly Published[]): Policy {
  const newest = [...published].sort((a, b) => (b.published?.index ?? -1) - (a.published?.index ?? -1));
  for (const p of newest) {
    const policy = of(p);
    if (policy) return policy;
  }
  return jp1;
}

/** A published version never changes, so it is read once. */
function of(p: Published): Policy | undefined {
  if (!read.has(p.version)) {
    try {
      read.set(p.version, p.body === undefined ? undefined : parse(utf8(JSON.stringify(p.body))));
    } catch {
      read.set(p.version, undefined); // of a newer program, or with a mistake: the one before stays in force
    }
  }
  return read.get(p.version);
}
