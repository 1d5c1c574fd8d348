import { encodeBase64url } from '../core/encoding/base64.ts';
import { take } from '../core/encoding/bytes.ts';
import type { Clock } from '../core/record/index.ts';
import type { Session } from './session.ts';

/** What a page load gives to each of its records. */
export interface Page {
  /** 16 random bytes, base64url. */
  boot: string;
  app: string;
  policy(): string | Promise<string>;
  clock(): Clock | null;
}

/** The version of the policy that comes with the program. The policy itself is long, and no part of the first screen. */
export const builtIn = 'jp-1';

/** The random name of a page load. */
export function newBoot(session: Pick<Session, 'ports'>): string {
  return encodeBase64url(take(session.ports.random, 16));
}
