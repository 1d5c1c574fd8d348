// A visit that is killed at any moment goes on where it was, and says since when.
import {
  answer,
  consent,
  finishAnswer,
  kill,
  phone,
  prepareDeclaration,
  scrollTo,
  stroke,
  takeBack,
  unlock,
  wake,
} from '../story/phone.mjs';
import { holds, look, named, want } from '../story/stage.mjs';
import { go, inVisit, until } from './phone.mjs';
import { w } from './words.mjs';

/** The system kills the app; it is opened by its icon, and unlocked. */
async function die() {
  await phone.page.waitForTimeout(1000); // what was typed a moment ago is kept a moment later
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

const field = () => phone.page.locator('textarea').first();

/** What is typed at places in the visit is there again after a kill. */
async function typed(visit, words) {
  for (const [where, text] of Object.entries(words)) {
    await go(`/visit/${visit}/${where}`);
    await field().fill(text);
  }
  await die();
  await back();
  for (const [where, text] of Object.entries(words)) {
    await go(`/visit/${visit}/${where}`);
    await until(`${where}: ${text}`, async () => (await field().inputValue()) === text);
  }
}

/** The paper is open, with nothing of the rep's around it, and says since when. */
async function onPaper(what) {
  const { page } = phone;
  await page.getByText(w.resumed).waitFor();
  want(`ways out of the paper, ${what}`, await page.getByRole('link').count(), 0);
}

export async function killed() {
  const visit = await inVisit();
  await typed(visit, { note: '書きかけのメモ', hearing: '書きかけの聴取書', end: '書きかけのひとこと' });
  await go(`/visit/${visit}`);

  await prepareDeclaration(); // the phone is handed over
  await answer();
  await die();
  await onPaper('answering');
  await finishAnswer();
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
  await takeBack();
  await named(phone.page, 'button', w.handOver).waitFor();
}
