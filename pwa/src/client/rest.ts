import type { OpenLetter } from './app.tsx';
import { parseLetter } from './letter.ts';
import { verify } from './verify.ts';

export { LetterPage } from './letterpage.tsx';

/** read reads and verifies a letter. Throws for what is no letter at all. */
export async function read(body: Uint8Array): Promise<OpenLetter> {
  const letter = parseLetter(body);
  return { letter, report: await verify(letter) };
}
