import { describe, expect, test } from 'vitest';
import { decodeHex } from '../encoding/hex.ts';
import { utf8 } from '../encoding/text.ts';
import { list, marshal, members, parse } from '../ijson/index.ts';
import { parseJWK } from '../seal/index.ts';
import { vectors } from '../vectors.ts';
import {
  type Agency,
  enrolLink,
  formatCursor,
  formatFeedQuery,
  marshalEnrolRequest,
  marshalPush,
  parseCode,
  parseConsistency,
  parseCursor,
  parseEnrolAnswer,
  parseEnrolLink,
  parseFeedAnswer,
  parseFeedQuery,
  parseInclusion,
  parseProblem,
  parsePushAnswer,
  type Standing,
  spaced,
  uploadChecksum,
  uploadMetadata,
} from './index.ts';

interface Form {
  valid: { name: string; text: string; written: string }[];
  invalid: { name: string; text: string; code: string; pointer: string }[];
}

const v = vectors<{
  push: { valid: { name: string; text: string; device: unknown; records: string[] }[] };
  push_answer: Form;
  enrol: { valid: { name: string; text: string; written: string }[] };
  enrol_answer: Form;
  feed_answer: Form;
  inclusion: Form;
  consistency: Form;
  problem: { name: string; text: string; want: Record<string, unknown> | null }[];
  cursor: { valid: { text: string; index: number; leaf: string }[]; invalid: string[] };
  code: { cases: [string, string | null][] };
  link: { cases: { text: string; code?: string; root?: string | null; error?: boolean }[] };
  feed_query: { cases: { cursor: string; limit: string; want: { index: number; limit: number } | null }[] };
  tus: {
    metadata: { text: string; want: { record: string; sha256: string } | null }[];
    checksum: { text: string; want: ['sha1' | 'sha256', string] | null }[];
  };
}>(
  'wire',
  'push',
  'push_answer',
  'enrol',
  'enrol_answer',
  'feed_answer',
  'inclusion',
  'consistency',
  'problem',
  'cursor',
  'code',
  'link',
  'feed_query',
  'tus',
);

const standing = (s: Standing): [string, unknown][] => [
  ['origin', s.origin],
  ['safe_index', s.safeIndex],
  ['server_time', s.serverTime],
];

const agency = (a: Agency | undefined): [string, unknown][] => {
  if (!a) return [];
  const contact: [string, unknown][] = a.contact ? [['contact', a.contact]] : [];
  return [['agency', members(['name', a.name], ...contact)]];
};

/** Writes an answer again as the server does, to show that reading lost nothing. */
const rewrite: Record<
  'push_answer' | 'enrol_answer' | 'feed_answer' | 'inclusion' | 'consistency',
  (body: Uint8Array) => string
> = {
  push_answer: (body) => {
    const a = parsePushAnswer(body);
    const some = (name: string, value: string | string[]): [string, unknown][] => (value.length ? [[name, value]] : []);
    const results = a.results.map((r) =>
      members(
        ['hash', r.hash],
        ['status', r.status],
        ['receipt', r.receipt],
        ...some('flags', r.flags),
        ...some('problem', r.problem),
      ),
    );
    const heads = [...a.heads]
      .sort()
      .map(([kid, h]): [string, unknown] => [kid, members(['seq', h.seq], ['hash', h.hash])]);
    const missing = a.missingBlobs.map((b) => members(['record', b.record], ['id', b.id], ['sha256', b.sha256]));
    return marshal(
      members(['results', results], ['heads', members(...heads)], ['missing_blobs', missing], ...standing(a)),
    );
  },
  enrol_answer: (body) => {
    const a = parseEnrolAnswer(body);
    return marshal(
      members(
        ['certificate', a.certificate],
        ['keys', a.keys],
        ['member', members(['id', a.memberID], ['name', a.memberName])],
        ['origin', a.origin],
        ['server_time', a.serverTime],
        ...agency(a.agency),
      ),
    );
  },
  feed_answer: (body) => {
    const a = parseFeedAnswer(body);
    const changes = a.changes.map((c) =>
      members(
        ['index', c.index],
        ['n', c.n],
        ['op', c.op],
        ['type', c.type],
        ['id', c.id],
        ['body', c.body && parse(utf8(c.body))],
      ),
    );
    return marshal(
      members(
        ['changes', changes],
        ['cursor', formatCursor(a.cursor)],
        ['more', a.more],
        ...standing(a),
        ...agency(a.agency),
      ),
    );
  },
  inclusion: (body) => {
    const p = parseInclusion(body);
    return marshal(members(['index', p.index], ['size', p.size], ['hashes', p.hashes]));
  },
  consistency: (body) => {
    const p = parseConsistency(body);
    return marshal(members(['from', p.from], ['to', p.to], ['hashes', p.hashes]));
  },
};

describe.each(Object.keys(rewrite) as (keyof typeof rewrite)[])('%s', (form) => {
  test.each(v[form].valid)('valid: $name', (c) => {
    expect(rewrite[form](utf8(c.text))).toBe(c.written);
  });

  test.each(v[form].invalid)('invalid: $name', (c) => {
    let error: unknown;
    try {
      rewrite[form](utf8(c.text));
    } catch (e) {
      error = e;
    }
    expect(list(error)[0]).toMatchObject({ code: c.code, pointer: c.pointer });
  });
});

describe('requests', () => {
  const canonical = v.push.valid.filter((c) => {
    try {
      parse(utf8(c.text), { bytes: 1 << 20 }); // others are what a damaged phone might send
      const o = JSON.parse(c.text);
      return (
        JSON.stringify(o) === c.text && Object.keys(o).every((k) => k === 'records' || (k === 'device' && c.device))
      );
    } catch {
      return false;
    }
  });

  test('some pushes of the vectors are as a phone writes them', () => {
    expect(canonical.length).toBeGreaterThanOrEqual(3);
  });

  test.each(canonical)('push: $name', (c) => {
    const o = JSON.parse(c.text);
    const status = o.device && { ...o.device, pendingBlobs: o.device.pending_blobs };
    expect(marshalPush(status ? { device: status, records: o.records } : { records: o.records })).toBe(
      marshal(parse(utf8(c.text), { bytes: 1 << 20 })),
    );
  });

  test.each(v.enrol.valid)('enrol: $name', (c) => {
    const { jwk, label, code, authorised_by } = JSON.parse(c.text);
    const { x, y } = jwk;
    const key = { kty: 'EC', crv: 'P-256', x, y } as const;
    expect(
      marshalEnrolRequest(
        code ? { jwk: key, label, code: parseCode(code) } : { jwk: key, label, authorisedBy: authorised_by },
      ),
    ).toBe(c.written);
    expect(() => parseJWK(JSON.stringify(jwk))).toThrow(); // these keys are of the form only
  });

  test('upload headers', () => {
    const first = v.tus.metadata[0];
    expect(uploadMetadata(first?.want?.record ?? '', first?.want?.sha256 ?? '')).toBe(first?.text);
    for (const { text, want } of v.tus.checksum) {
      if (want) expect(uploadChecksum(want[0], decodeHex(want[1]) as Uint8Array)).toBe(text);
    }
  });

  test.each(v.feed_query.cases)('feed query: $cursor $limit', (c) => {
    if (!c.want) {
      expect(() => parseFeedQuery(c.cursor, c.limit)).toThrow();
      return;
    }
    const q = parseFeedQuery(c.cursor, c.limit);
    expect([q.cursor.index, q.limit]).toEqual([c.want.index, c.want.limit]);
    expect(formatFeedQuery(q)).toBe(`cursor=${c.cursor}&limit=${c.want.limit}`);
  });
});

describe('small forms', () => {
  test.each(v.problem)('problem: $name', (c) => {
    if (!c.want) {
      expect(() => parseProblem(utf8(c.text))).toThrow();
      return;
    }
    const { title, retryAfter, errors, ...p } = parseProblem(utf8(c.text));
    const pairs = errors.map((e) => [e.pointer, e.code]);
    expect({ ...p, retry_after_ms: retryAfter, errors: pairs }).toEqual(c.want);
    expect(title).not.toBe('');
  });

  test.each(v.cursor.valid)('cursor $text', (c) => {
    expect(parseCursor(c.text)).toEqual({ index: c.index, leaf: c.leaf });
    expect(formatCursor(parseCursor(c.text))).toBe(c.text);
  });

  test.each(v.cursor.invalid)('no cursor: %s', (text) => {
    expect(() => parseCursor(text)).toThrow(expect.objectContaining({ code: 'cursor' }));
  });

  test.each(v.code.cases)('code: %s', (typed, code) => {
    if (code === null) expect(() => parseCode(typed)).toThrow(expect.objectContaining({ code: 'code' }));
    else expect([parseCode(typed), parseCode(spaced(code))]).toEqual([code, code]);
  });

  test.each(v.link.cases)('link: $text', (c) => {
    if (c.error) {
      expect(() => parseEnrolLink(c.text)).toThrow(expect.objectContaining({ code: 'code' }));
      return;
    }
    const link = parseEnrolLink(c.text);
    expect(link).toEqual({ code: c.code, root: c.root ?? '' });
    if (link.root) expect(enrolLink('https://t.example/', link.code, link.root)).toContain(c.text);
  });
});
