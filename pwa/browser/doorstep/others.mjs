// Not everybody signs, or reads Japanese, or is at home: each of these visits comes to its records, too.

import { facts } from '../story/office.mjs';
import { consent, phone, prepareDeclaration, scrollTo, stroke, takeBack } from '../story/phone.mjs';
import { follow, look, named, part, press, say, want } from '../story/stage.mjs';
import { beginPaper, receipt } from './papers.mjs';
import { fromNowOn, go, inHand, inVisit, leave, received, rep } from './phone.mjs';
import { en, w } from './words.mjs';

/** He does not sign, and says why; what he says is written down and read back to him. */
export async function declined() {
  const { page } = phone;
  const visit = await inVisit();
  await beginPaper(w.disposal);
  await press(page, w.handOver);
  await press(page, w.decline);
  await press(page, w.declineWords);
  await look(phone, 'not signing');
  await press(page, w.declineKeep);
  await named(page, 'heading', w.declined).waitFor();
  await look(phone, 'not signed');
  await takeBack();
  await named(page, 'link', w.endVisit).waitFor();
  const no = await received('that he does not sign', (r) => r.kind === 'declaration.declined');
  want('why', no?.fields.reason, w.declineWords);
  want('the paper', no?.fields.template?.id, 'disposal_declaration');

  await go(`/visit/${visit}/hearing`);
  await page.getByLabel(w.heard).fill(w.heardWords);
  want(
    'can be kept before it was read back',
    await named(page, 'button', w.keep).getAttribute('aria-disabled'),
    'true',
  );
  await named(page, 'radio', w.heardYes).check();
  await look(phone, 'what was heard, read back');
  await press(page, w.keep);
  await page.getByText(w.heardKept).waitFor();
  const heard = await received('what was heard', (r) => r.kind === 'hearing.read_back');
  want('what was heard', heard?.fields.text, w.heardWords);
  want('confirmed', heard?.fields.confirmed, true);
  await leave();
}

/** Nobody is at home: the note that is left says nothing of the matter, and its photo is the record. */
export async function nobody() {
  const { page } = phone;
  const visit = await inVisit();
  await go(`/visit/${visit}/absence`);
  const note = await page.locator('pre.fd-paper').textContent();
  for (const secret of [facts.item, facts.item_printed_no, facts.client, '廃棄', '返却', '未返却'])
    if (note.includes(secret)) say(`the note at the door says ${secret}: ${note}`);
  await page.getByLabel(w.hours).fill('19時から21時');
  await page.locator('pre.fd-paper', { hasText: '19時から21時' }).waitFor();
  await look(phone, 'a note to leave at the door');
  await follow(page, w.absencePhoto);
  const chosen = page.waitForEvent('filechooser');
  await page.getByText(w.withCamera, { exact: true }).click();
  await (await chosen).setFiles(part.photo);
  await page.locator('.fd-photo--large').waitFor();
  await follow(page, w.toVisit);
  await follow(page, w.endVisit);
  await press(page, w.absent);
  await look(phone, 'the end, nobody at home');
  want('drafts of the note before the end', await drafts(`absence/${visit}`), 1);
  await press(page, w.endNow);
  await page.getByText(w.visitOver).first().waitFor();
  want('drafts of the note, which is in a record now', await drafts(`absence/${visit}`), 0);
  const end = await received('the end', (r) => r.kind === 'visit.ended' && r.fields.outcome === 'absent');
  want('the outcome', end?.fields.outcome, 'absent');
}

/** How many drafts of a name lie on the phone. */
const drafts = (name) =>
  phone.page.evaluate(
    (key) =>
      new Promise((done, fail) => {
        const opening = indexedDB.open('tachiai');
        opening.onerror = () => fail(opening.error);
        opening.onsuccess = () => {
          const keys = opening.result.transaction('drafts').objectStore('drafts').getAllKeys();
          keys.onsuccess = () => {
            opening.result.close();
            done(keys.result.filter((one) => one[1] === key).length);
          };
        };
      }),
    name,
  );

/** He reads English, and lets it be read aloud: his paper is English, and the phone is the rep's own again afterwards. */
export async function english() {
  const { page } = phone;
  await inVisit();
  await prepareDeclaration();
  await press(page, 'English');
  await press(page, en.readAndFill);
  await page.getByLabel(en.where).fill(en.whereWords);
  await page.getByLabel(en.why).fill(en.whyWords);
  await page.locator('.fd-range', { hasText: en.whenDiscarded }).getByLabel(en.from).fill('2026-11-10');
  await named(page, 'radio', en.how).check();
  await look(phone, 'the worker reads English');
  await press(page, en.readAll);
  await page.getByLabel(w.readAloud).check();
  await scrollTo(page, async () => (await page.locator('.fd-question').count()) > 0);
  await consent(en);
  for (let n = 0; n < 4; n++) await stroke(n);
  await press(page, en.confirm);
  await named(page, 'heading', en.signed).waitFor();
  await look(phone, 'signed in English');
  await takeBack(en);
  await named(page, 'link', w.endVisit).waitFor();
  const signed = await received('the English paper', (r) => r.fields.presentation?.lang === 'en');
  want('read aloud', signed?.fields.presentation.read_aloud, true);
  want('where', signed?.fields['field.discarded_where'], en.whereWords);
  await leave();
}

/** An item is handed over: the rep signs for it, then the one who gave it. */
export async function handedOver() {
  const { page } = phone;
  await inVisit();
  const isNew = await fromNowOn();
  await receipt();
  await press(page, w.returnerSigns);
  await page.locator('pre.fd-paper').waitFor();
  await scrollTo(page, async () => (await page.locator('.fd-pad').count()) > 0);
  for (let n = 0; n < 3; n++) await stroke(n);
  await look(phone, 'the returner signs');
  await press(page, w.confirm);
  await named(page, 'heading', w.signed).waitFor();
  await look(phone, 'the returner has signed');
  await takeBack();
  await named(page, 'link', w.endVisit).waitFor();
  const own = await received('the receipt', (r) => isNew(r) && r.kind === 'item.received');
  const other = await received(
    'the second hand',
    (r) => isNew(r) && r.fields.presentation?.template === 'return_receipt' && r.kind === 'declaration.signed',
  );
  want('both have signed the same text', other?.fields.text_sha256, own?.fields.text_sha256);
  await leave();
}

/** A practice case says so on every screen, in the worker's hands too; the companion of the start stands in the paper. */
export async function practice() {
  const { page } = phone;
  const marked = async (where) => want(`marks of practice, ${where}`, await page.locator('.fd-practice').count(), 1);
  if ((await page.locator('.fd-resume').count()) > 0) {
    await inVisit();
    await leave();
    await go('');
  }
  await page.locator('.fd-card', { hasText: w.practice }).click();
  await follow(page, w.startVisit);
  await page.locator('.fd-go').waitFor();
  await marked('the start');
  const agreed = page.getByLabel(w.agreed);
  if ((await agreed.count()) > 0) await agreed.fill(w.agreedWords);
  for (const reason of await page.getByLabel(w.reason).all()) await reason.fill(w.reasonWords);
  await page.getByText(w.companions, { exact: true }).click();
  await page.getByLabel(w.companionNames).fill('田中 次郎');
  await press(page, w.startNow);
  await named(page, 'link', w.endVisit).waitFor();
  await marked('the visit');
  await beginPaper(w.disposal);
  want('companions in the paper', await page.getByLabel(w.companionsOfPaper).inputValue(), '田中 次郎');
  await press(page, w.handOver);
  await named(page, 'button', w.readAndFill).waitFor();
  await marked('welcome');
  await look(phone, 'practice, in the hands of the worker');
  await press(page, w.decline);
  await marked('not signing');
  await press(page, w.declineWords);
  await press(page, w.declineKeep);
  await named(page, 'heading', w.declined).waitFor();
  await marked('not signed');
  await takeBack();
  await leave();
}

/** He says at the door not to come again: that is kept in one tap from the visit that is over, and the next visit does not begin. */
export async function notToCome() {
  await inHand('not to come', '三浦 四郎');
  const { page } = phone;
  await inVisit();
  await leave();
  await follow(page, w.toldNotToCome);
  await look(phone, 'what was said at the door');
  await press(page, w.doNotCome);
  await named(page, 'link', w.startVisit).waitFor();
  const said = await received('what he said', (r) => r.kind === 'contact.logged' && r.fields.result === 'do_not_come');
  want('how it was said', said?.fields.channel, 'in_person');
  await go(`/case/${rep().case}/start`);
  await page.locator('.fd-go').waitFor();
  want('the next visit is held back', await page.locator('.fd-go').textContent(), w.startBlocked);
  await look(phone, 'a visit that does not begin');
}
