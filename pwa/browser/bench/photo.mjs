import { randomBytes } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { follow, part, phone, unlock } from './stage.mjs';

/** A photo of 12 MP is chosen again and again, each time another one; the processor is not slowed down. */
export async function photo() {
  const { context, page } = await phone();
  await unlock(page);
  await follow(page, `/field/case/${part.case}/photo`);
  await page.locator('.fd-tile').first().click();
  const picture = readFileSync(part.photo);
  const taken = path.join(path.dirname(part.photo), 'taken.jpg');
  const kept = [];
  for (let n = 0; n < part.samples; n++) {
    writeFileSync(taken, Buffer.concat([picture, randomBytes(16)])); // behind the end of the picture, where nobody looks
    const done = page.evaluate(sealed);
    await page.locator('input[type=file]').first().setInputFiles(taken);
    kept.push(await done);
  }
  await context.close();
  return { kept, bytes: picture.length };
}

/** Runs in the page: from the moment in which the camera gives the file until its preview is shown, which comes after the seal. */
function sealed() {
  return new Promise((done) => {
    document.addEventListener(
      'change',
      () => {
        const begun = performance.now();
        const before = document.querySelector('.fd-photo--large')?.src;
        new MutationObserver((_, watch) => {
          const shown = document.querySelector('.fd-photo--large');
          if (!shown || shown.src === before) return;
          watch.disconnect();
          done(performance.now() - begun);
        }).observe(document.body, { subtree: true, childList: true, attributes: true });
      },
      { capture: true, once: true },
    );
  });
}
