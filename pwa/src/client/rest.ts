import type { OpenLetter } from './app.tsx';
import { parseLetter } from './letter.ts';
import { verify } from './verify.ts';

export { LetterPage } from './letterpage.tsx';

/** read reads and verifies a letter. Throws for what is no letter at all. How long it took stands in the browser's own list, as "verification". */
export async function read(body: Uint8Array): Promise<OpenLetter> {
  const start = performance.now();
  const letter = parseLetter(body);
  const report = await verify(letter);
  performance.measure('verification', { start });
  return { letter, report };
}
