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
import { holds, look, named, press, want } from '../story/stage.mjs';
import { go, inVisit, rep, until } from './phone.mjs';
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
  await go(`/visit/${visit}/hearing`);
  await named(phone.page, 'radio', w.heardYes).check();
  await die();
  await back();
  for (const [where, text] of Object.entries(words)) {
    await go(`/visit/${visit}/${where}`);
    await until(`${where}: ${text}`, async () => (await field().inputValue()) === text);
    if (where === 'hearing') want('confirmed', await named(phone.page, 'radio', w.heardYes).isChecked(), true);
  }
}

/** The paper is open, with nothing of the rep's around it, and says since when. */
async function onPaper(what) {
  const { page } = phone;
  await page.getByText(w.resumed).waitFor();
  want(`ways out of the paper, ${what}`, await page.getByRole('link').count(), 0);
}

/** So is what is half filled on the small pages, and of a call; the visit names what waits on its pages. */
async function halfFilled(visit) {
  const line = () => phone.page.locator('main input[type=text]').first();
  const contact = `/case/${rep().case}/contact`;
  await go(`/visit/${visit}/identity`);
  await phone.page.getByRole('radio').last().check();
  await line().fill('社員寮の管理人の紹介');
  await go(`/visit/${visit}/place`);
  await line().fill('駅前の喫茶店');
  await go(contact);
  await press(phone.page, w.byPhone);
  await field().fill('折り返すと言われた');
  await die();
  await back();
  for (const what of [w.identity, w.place]) await phone.page.getByRole('link', { name: w.half(what) }).waitFor();
  await go(`/visit/${visit}/identity`);
  await until('identity', async () => (await line().inputValue()) === '社員寮の管理人の紹介');
  want('how', await phone.page.getByRole('radio').last().isChecked(), true);
  await go(`/visit/${visit}/place`);
  await until('place', async () => (await line().inputValue()) === '駅前の喫茶店');
  await go(contact);
  await until('the words of a call', async () => (await field().inputValue()) === '折り返すと言われた');
  await field().fill('');
}

/** The worker answers until he is asked for words of his own. */
async function untilOwnWords() {
  const question = phone.page.locator('.fd-question');
  while ((await question.locator('textarea').count()) === 0) {
    const label = await question.locator('h2').textContent();
    await question.getByRole('button').first().click();
    await phone.page.waitForFunction((one) => document.querySelector('.fd-question h2')?.textContent !== one, label);
  }
}

export async function killed() {
  const visit = await inVisit();
  await typed(visit, { note: '書きかけのメモ', hearing: '書きかけの聴取書', end: '書きかけのひとこと' });
  await halfFilled(visit);
  await go(`/visit/${visit}`);

  await prepareDeclaration(); // the phone is handed over
  await answer();
  await die();
  await onPaper('answering');
  await finishAnswer();
  const { page } = phone;
  await scrollTo(page, async () => (await page.locator('.fd-question').count()) > 0);
  await untilOwnWords();
  await field().fill('私物を返してほしい');
  await die();
  await onPaper('writing words of his own');
  await until('words of his own', async () => (await field().inputValue()) === '私物を返してほしい');
  await press(phone.page, w.ownWordsPut);
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
