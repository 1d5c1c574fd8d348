// Whoever receives the link.
import { facts } from './office.mjs';
import { deskSize, holds, look, person, press, say, want } from './stage.mjs';
import { w } from './words.mjs';

/** What must not be found at the recipient's: address, telephone, place, what the camera wrote. */
const secrets = [facts.address, facts.worker_phone, '3565812', '35.65812', 'Minato Camera Works'];

/** Opens a link and gives the page when everything in it was judged. */
async function open(who, { link, passcode }) {
  const one = await person(who, deskSize);
  const { page } = one;
  page.on('response', async (answer) => {
    const body = await answer.body().catch(() => Buffer.alloc(0));
    for (const secret of secrets) if (body.includes(secret)) say(`${who}: ${answer.url()} tells ${secret}`);
  });
  await page.goto(link);
  await page.getByRole('textbox').fill(passcode);
  if (who === 'recipient') await look(one, 'gate');
  await page.keyboard.press('Enter');
  await page.locator('.letter').waitFor();
  await page.waitForFunction(() => document.querySelector('.photos__none:not(.photos__none--bad)') === null);
  return one;
}

/** All is sound: green, in words. */
export async function green(issued) {
  const one = await open('recipient', issued);
  const { page } = one;
  const line = await page.locator('.checks__words h2').textContent();
  if (!w.green.test(line)) say(`verification: ${line}`);
  const paper = await page.locator('.paper').textContent();
  for (const part of [facts.worker_name, facts.item_printed_no, w.whereWords, w.whyWords, w.notDisclosed])
    holds('the letter', paper, part);
  want('photos', await page.locator('.photos img').count(), 1);
  await look(one, 'letter');
  await page.locator('.checks__line').click();
  await look(one, 'letter, what was verified');
  await page.setViewportSize({ width: 360, height: 640 });
  await look(one, 'letter on a phone');
  const saved = page.waitForEvent('download');
  await press(page, w.savePDF);
  await saved;
  await page.getByText(w.pdfSaved).waitFor();
  await one.context.close();
}

/** Something is not what was sealed: red, and the words say what. */
export async function red(name, issued, words) {
  const one = await open(`recipient of a damaged ${name}`, issued);
  const { page } = one;
  want(`verification of a damaged ${name}`, await page.locator('.checks__words h2').textContent(), w.red);
  holds(`the first finding about a damaged ${name}`, await page.locator('.check__fault').first().textContent(), words);
  await look(one, `damaged ${name}`);
  return one;
}

/** A photo that was changed is not shown; the paper, which is sound, is. */
export async function redPhoto(issued) {
  const { page, context } = await red('photo', issued, w.photoDiffers);
  want('photos shown', await page.locator('.photos img').count(), 0);
  want('papers shown', await page.locator('.paper').count(), 1);
  await context.close();
}

/** The document was changed: it is not handed out. */
export async function noDocument(issued) {
  const one = await open('recipient of a damaged document', issued);
  await press(one.page, w.savePDF);
  await one.page.getByText(w.documentDamaged).waitFor();
  await look(one, 'damaged document');
  await one.context.close();
}

/** A record was changed: what it says is not shown. */
export async function redRecord(issued) {
  const { page, context } = await red('record', issued, w.recordDiffers);
  want('papers shown', await page.locator('.paper').count(), 0);
  await context.close();
}
