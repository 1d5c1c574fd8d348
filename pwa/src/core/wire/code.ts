import { utf8 } from '../encoding/text.ts';
import { type KeyID, parseKeyID } from '../record/index.ts';
import { WireError } from './wire.ts';

/**
 * A one-time enrolment code: 12 digits of Crockford base32, 60 bits, upper case
 * without separators. It is a secret for ten minutes: not for logs.
 */
export type EnrolCode = string & { readonly brand?: 'EnrolCode' };

const separator = /[ \t\u3000\u00a0\-\u2010-\u2015\u2212ー\uff70]/g;

/**
 * Reads what a person typed: letters of either case, O for 0, I and L for 1,
 * spaces and hyphens anywhere, and all of that in full width, as a Japanese
 * keyboard writes it.
 */
export function parseCode(text: string): EnrolCode {
  if (utf8(text).length > 128) throw new WireError('code', 'too long');
  const digits = text
    .replace(/[！-～]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0)) // mirrors ASCII
    .replace(separator, '')
    .replace(/[a-z]/g, (c) => c.toUpperCase())
    .replaceAll('O', '0')
    .replace(/[IL]/g, '1');
  if (!/^[0-9A-HJKMNP-TV-Z]{12}$/.test(digits)) throw new WireError('code');
  return digits;
}

/** The code in three groups, as it is shown to people. */
export function spaced(code: EnrolCode): string {
  return code.replace(/^(.{4})(.{4})(.{4})$/, '$1-$2-$3');
}

/** The page that an enrolment link opens. */
export const enrolPath = '/field/enrol';

/**
 * What the QR code holds. Code and fingerprint stand behind the #, which no
 * browser sends to a server and no server logs.
 */
export function enrolLink(publicURL: string, code: EnrolCode, root: KeyID): string {
  return `${publicURL.replace(/\/$/, '')}${enrolPath}#${code}.${root}`;
}

/** Reads a link, its fragment, or a code that was typed; the last gives the root "", which pins nothing. */
export function parseEnrolLink(text: string): { code: EnrolCode; root: KeyID } {
  const fragment = text.slice(text.indexOf('#') + 1);
  const dot = fragment.indexOf('.');
  if (dot < 0) return { code: parseCode(fragment), root: '' };
  const code = parseCode(fragment.slice(0, dot));
  const root = parseKeyID(fragment.slice(dot + 1));
  if (root === undefined) throw new WireError('code', 'bad fingerprint');
  return { code, root };
}
