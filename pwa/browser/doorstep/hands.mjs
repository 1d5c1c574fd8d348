// An impatient thumb: every deed is tapped again and again, and Back is pressed in the middle of each; what is sealed is sealed once.
import { answer, consent, finishAnswer, phone, pin, prepareDeclaration, scrollTo, stroke } from '../story/phone.mjs';
import { follow, named, press, want } from '../story/stage.mjs';
import { ask, go, inVisit, leave, ready, rep, until } from './phone.mjs';
import { w } from './words.mjs';

/** Taps as a hand that trembles: twice at once, again in the next moment, and in the next picture. */
const tremble = (button) =>
  button.evaluate((it) => {
    it.click();
    it.click();
    setTimeout(() => it.click());
    requestAnimationFrame(() => it.click());
  });

/** How many records of a kind the server has of this case, when it has all. */
async function sealed(kind) {
  await phone.page.locator('.fd-strip', { hasText: w.nothingUnsent }).waitFor();
  return (await ask(`records?case=${rep().case}`)).filter((r) => r.kind === kind).length;
}

/** What a deed adds, tapped like that. */
async function once(kind, deed) {
  const before = await sealed(kind);
  await deed();
  want(`${kind}, from one deed`, (await sealed(kind)) - before, 1);
}

/** Back in the middle of words, then on again: they are there. */
async function backAndOn(where) {
  const { page } = phone;
  await go(where);
  await page.locator('textarea').first().fill(w.halfWords);
  await page.goBack();
  await page.waitForFunction((path) => location.pathname !== `/field${path}`, where);
  await page.goForward();
  await until(
    `the words at ${where} after Back`,
    async () =>
      (await page
        .locator('textarea')
        .first()
        .inputValue()
        .catch(() => '')) === w.halfWords,
  );
}

/** The worker holds the phone: Back leads nowhere, and his strokes stay. */
async function backWhileSigning() {
  const { page } = phone;
  await prepareDeclaration();
  await answer();
  await finishAnswer();
  await scrollTo(page, async () => (await page.locator('.fd-question').count()) > 0);
  await consent();
  await stroke(0);
  await stroke(1);
  for (const _ of [1, 2, 3]) {
    await page.evaluate(() => history.back());
    await page.waitForTimeout(150);
  }
  await page.locator('.fd-pad').waitFor();
  want('ways out of the paper after Back', await page.getByRole('link').count(), 0);
  want('strokes after Back', await page.locator('.fd-pad [role=status]').textContent(), w.strokes(2));
  for (const n of [2, 3, 4]) await stroke(n);
  await tremble(named(page, 'button', w.confirm));
  await named(page, 'heading', w.signed).waitFor();
  await press(page, w.backToRep);
  await page.getByLabel(w.repPin).fill(pin);
  await tremble(named(page, 'button', w.takeBack));
  await named(page, 'link', w.endVisit).waitFor();
}

export async function taps() {
  const { page } = phone;
  await inVisit();
  await leave(); // whatever scene was before
  const at = `/case/${rep().case}`;
  await go(`${at}/contact`);
  await press(page, w.byPhone);
  await once('contact.logged', async () => {
    await tremble(named(page, 'button', w.noAnswer));
    await page.waitForFunction((path) => location.pathname === `/field${path}`, at);
  });
  await go(`${at}/start`);
  await page.locator('.fd-go').waitFor();
  const agreed = page.getByLabel(w.agreed);
  if ((await agreed.count()) > 0) await agreed.fill(w.agreedWords);
  for (const reason of await page.getByLabel(w.reason).all()) await reason.fill(w.reasonWords);
  await once('visit.started', async () => {
    await tremble(page.locator('.fd-go'));
    await named(page, 'link', w.endVisit).waitFor();
  });
  const visit = await inVisit();
  for (const where of ['note', 'hearing', 'end']) await backAndOn(`/visit/${visit}/${where}`);
  await go(`/visit/${visit}/note`);
  await once('note.written', async () => {
    await tremble(named(page, 'button', w.keep));
    await page.getByText(w.noteKept).waitFor();
  });
  await go(`/visit/${visit}/place`);
  await named(page, 'button', w.places.restaurant).click();
  await once('place.changed', async () => {
    await tremble(named(page, 'button', w.keep));
    await page.getByText(w.moved).waitFor();
  });
  await go(`/visit/${visit}`);
  await once('declaration.signed', backWhileSigning);
  await follow(page, w.endVisit);
  await once('visit.ended', async () => {
    await tremble(named(page, 'button', w.endNow));
    await page.getByText(w.visitOver).first().waitFor();
  });
  await ready();
  want('visits that are still open', await page.locator('.fd-resume').count(), 0);
}
