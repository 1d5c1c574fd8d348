import { field, type Hash, type Opened, type Tree, tree } from '../../core/record/index.ts';
import { parse } from '../../core/seal/index.ts';
import type { Held } from '../api.ts';

/** A record of the server and what its text says. Read, and not verified: that is integrity.ts. */
export interface Entry {
  held: Held;
  /** Absent: the text is not of the form of a record. */
  opened?: Opened;
}

/** Reads the texts of records, each by itself, so that one that is broken hides no other. */
export function readEntries(held: readonly Held[]): Promise<Entry[]> {
  return Promise.all(
    held.map(async (h) => {
      try {
        return { held: h, opened: await parse(h.record) };
      } catch {
        return { held: h };
      }
    }),
  );
}

/** The entry of a hash. */
export function entryOf(entries: readonly Entry[], hash: Hash | undefined): Entry | undefined {
  return hash === undefined ? undefined : entries.find((e) => e.opened?.hash === hash);
}

/** A field as plain data, undefined when it is not here. */
export function plain(r: Pick<Opened, 'fields'>, name: string): Tree | undefined {
  const v = field(r, name);
  return v.kind === 'absent' ? undefined : tree(v);
}

/** A member of plain data when it is an object. */
export function member(of: Tree | undefined, name: string): Tree | undefined {
  return of !== null && typeof of === 'object' && !Array.isArray(of) ? of[name] : undefined;
}

/** A member that is a number. */
export function numberOf(of: Tree | undefined, name: string): number | undefined {
  const v = member(of, name);
  return typeof v === 'number' ? v : undefined;
}

/** A member that is a text. */
export function textOf(of: Tree | undefined, name: string): string | undefined {
  const v = member(of, name);
  return typeof v === 'string' ? v : undefined;
}
