// A visit that is killed at any moment goes on where it was, and says since when.
import {
  answer,
  consent,
  finishAnswer,
  kill,
  phone,
  pin,
  prepareDeclaration,
  scrollTo,
  stroke,
  unlock,
  wake,
} from '../story/phone.mjs';
import { holds, look, named, press, say, want } from '../story/stage.mjs';
import { go, inVisit } from './phone.mjs';
import { w } from './words.mjs';

/** The system kills the app; it is opened by its icon, and unlocked. */
async function die() {
  await phone.page.waitForTimeout(100); // what was typed a moment ago is kept a moment later
  await kill();
  await wake();
  await unlock();
}

/** From 今日 back into the visit, by the card that says since when. */
async function back() {
  const { page } = phone;
  const card = page.locator('.fd-resume');
  await card.waitFor();
  holds('the card', await card.textContent(), w.resume);
  holds('the card', await card.textContent(), `${new Date().getFullYear()}年`);
  await card.click();
  await page.getByText(w.resumeHere).waitFor();
}

/** What was typed at a place in the visit is there again, and leads on. */
async function typed(name, where, words) {
  await go(where);
  await phone.page.locator('textarea').first().fill(words);
  await die();
  await back();
  await go(where);
  const { page } = phone;
  await page.locator('textarea').first().waitFor();
  await page
    .waitForFunction((text) => document.querySelector('textarea').value === text, words)
    .catch(() => say(`${name}: ${words} is gone`));
}

/** The paper is open, with nothing of the rep's around it, and says since when. */
async function onPaper(what) {
  const { page } = phone;
  await page.getByText(w.resumed).waitFor();
  want(`ways out of the paper, ${what}`, await page.getByRole('link').count(), 0);
}

export async function killed() {
  const visit = await inVisit();
  await typed('note', `/visit/${visit}/note`, '書きかけのメモ');
  await typed('hearing', `/visit/${visit}/hearing`, '書きかけの聴取書');
  await typed('end', `/visit/${visit}/end`, '書きかけのひとこと');
  await go(`/visit/${visit}`);

  await prepareDeclaration(); // the phone is handed over
  await die();
  await answer();
  await die();
  await onPaper('answering');
  await finishAnswer();
  await die();
  await onPaper('reading');
  const { page } = phone;
  await scrollTo(page, async () => (await page.locator('.fd-question').count()) > 0);
  await consent();
  await stroke(0);
  await stroke(1);
  await die();
  await onPaper('signing');
  await phone.page.locator('.fd-pad').waitFor();
  want('strokes after a kill', await phone.page.locator('.fd-pad [role=status]').textContent(), w.strokes(2));
  await look(phone, 'killed while signing');
  await press(phone.page, w.backToRep);
  await phone.page.getByLabel(w.repPin).fill(pin);
  await press(phone.page, w.takeBack);
  await named(phone.page, 'button', w.handOver).waitFor();
}
