import { expect, test } from 'vitest';
import { utf8 } from '../../core/encoding/text.ts';
import { marshal, parse } from '../../core/ijson/index.ts';
import { emptyStructure, type Opened } from '../../core/record/index.ts';
import { disclosable } from '../disclosures/choice.ts';
import { album } from './album.ts';
import type { Entry } from './entry.ts';

const sha = (n: number) => String(n).padStart(64, '0');

interface Blob {
  id: string;
  role: string;
  n: number;
  of?: string;
  stored?: boolean;
}

function entry(kind: string, hash: string, blobs: Blob[], more: Record<string, unknown> = {}, seq = 1): Entry {
  const fields: Record<string, unknown> = { ...more };
  for (const b of blobs) fields[`blob.${b.id}`] = { sha256: sha(b.n), size: 9, type: 'image/jpeg', of: b.of ?? null };
  const opened: Opened = {
    ...emptyStructure(),
    kind,
    seq,
    hash,
    keyID: 'k',
    core: '',
    signature: new Uint8Array(64),
    blobs: blobs.map(({ id, role }) => ({ id, role })),
    fields: Object.entries(fields).map(([name, v]) => ({ salt: '', name, value: parse(utf8(marshal(v))), raw: '' })),
    stray: [],
    flags: [],
  };
  const held = blobs.map((b) => ({
    id: b.id,
    role: b.role,
    sha256: sha(b.n),
    size: 9,
    type: 'image/jpeg',
    of: null,
    stored: b.stored ?? true,
  }));
  return { held: { record: '', receipt: '', index: 0, received_at: 0, flags: [], blobs: held }, opened };
}

const photo = (hash: string, role = 'badge_front') =>
  entry('photo.captured', hash, [
    { id: 'p1', role, n: 1 },
    { id: 'p1-preview', role: 'preview', n: 2, of: 'p1' },
  ]);
const redaction = (hash: string, of: string, n: number, seq = 1, stored = true) =>
  entry('photo.redacted', hash, [{ id: 'redacted', role: 'redacted', n, stored }], { record: of, original: 'p1' }, seq);

test('a picture with parts hidden belongs to its photo, and the last one counts', () => {
  const list = album([
    photo('a'),
    redaction('r1', 'a', 3),
    photo('b'),
    redaction('r2', 'a', 4),
    redaction('r3', 'z', 5),
  ]);
  expect(list.map((p) => [p.record.hash, p.hidden?.picture.sha256])).toEqual([
    ['a', sha(4)],
    ['b', undefined],
    ['r3', undefined], // of a photo that is not here
  ]);
});

test('where in the ledger it was hidden, for who asks whether a reviewer has seen it', () => {
  const later = redaction('r', 'a', 3);
  const list = album([photo('a'), { ...later, held: { ...later.held, index: 41 } }]);
  expect(list.map((p) => p.hidden?.index)).toEqual([41]);
});

test('what the office made by itself hides nothing, and is no photo of its own', () => {
  const list = album([photo('a'), redaction('r1', 'a', 3), redaction('r2', 'a', 4, 0)]);
  expect(list.map((p) => p.hidden?.picture.sha256)).toEqual([sha(3)]);
});

test('a photographed paper may be chosen when parts of it are hidden, and only then', () => {
  const entries = [photo('a', 'paper_page_1'), photo('b', 'paper_page_2'), redaction('r', 'b', 3, 1, false)];
  expect(disclosable(entries).map((p) => [p.record.hash, p.hidden?.picture.stored])).toEqual([['b', false]]);
});
