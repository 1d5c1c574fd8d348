// L01 and L28: a paper is read whole before it is signed, and a signature is what the hand wrote, whatever the phone does meanwhile.
import {
  answer,
  confirm,
  consent,
  copyCode,
  finishAnswer,
  phone,
  prepareDeclaration,
  readOnTheSmallest,
  scrollTo,
  stroke,
  takeBack,
  takePhoto,
} from '../story/phone.mjs';
import { follow, look, named, part, phoneSize, press, say, want } from '../story/stage.mjs';
import { allReceived, ask, fromNowOn, go, inVisit, leave, ready, received, rep, still, until } from './phone.mjs';
import { w } from './words.mjs';

/** Says how many strokes there are, and that the pad shows some. */
async function strokes(what, n) {
  const { page } = phone;
  const pad = page.locator('.fd-pad');
  want(`strokes ${what}`, await pad.locator('[role=status]').textContent(), w.strokes(n));
  const drawn = await pad.locator('canvas').evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    return data.some((v, i) => i % 4 === 3 && v > 0);
  });
  want(`something is drawn ${what}`, drawn, n > 0);
}

/** A hand that is no name is not sealed: nothing, a dot, and what was taken back. */
async function refuseBlank() {
  const { page } = phone;
  await press(page, w.confirm);
  await page.getByText(w.blank).waitFor();
  const pad = page.locator('.fd-pad canvas');
  await pad.scrollIntoViewIfNeeded();
  const box = await pad.boundingBox();
  await page.mouse.click(box.x + 50, box.y + 50);
  await press(page, w.confirm);
  await page.getByText(w.short).waitFor();
  await look(phone, 'a signature that is none');
  await press(page, w.undo);
  await press(page, w.confirm);
  await page.getByText(w.blank).waitFor();
  await strokes('after all is taken back', 0);
}

/** Signs while the phone is turned, scrolled and made smaller, also in the middle of a stroke. */
async function signRestless() {
  const { page } = phone;
  const across = { width: 640, height: 360 };
  await stroke(0);
  await stroke(1);
  await page.setViewportSize(across);
  await strokes('when the phone is turned', 2);
  await stroke(2);
  await page.mouse.wheel(0, -600);
  await page.waitForTimeout(100);
  await strokes('after scrolling away', 3);
  await stroke(3, () => page.setViewportSize(phoneSize));
  await strokes('when it is turned in the middle of a stroke', 4);
  await page.setViewportSize({ width: 320, height: 568 });
  await stroke(4);
  await page.setViewportSize(phoneSize);
  await strokes('at the end', 5);
}

/** Fills in what a paper of the rep's own still asks for: the first choice, and a word. */
async function fillRest() {
  const { page } = phone;
  const must = page.locator('.ta-field__tag:not(.ta-field__tag--faint)');
  for (const details of await page.locator('details:not([open]) > summary').all()) await details.click();
  for (const tag of await must.all()) {
    const field = tag.locator('xpath=ancestor::*[contains(concat(" ", @class, " "), " ta-field ")][1]');
    const radio = field.getByRole('radio');
    if ((await radio.count()) > 0) {
      if ((await field.locator(':checked').count()) === 0) await radio.first().check();
    } else if ((await field.getByRole('textbox').inputValue()) === '') await field.getByRole('textbox').fill('一');
  }
}

/** The rep fills in his part of a paper, and has not handed the phone over yet. */
export async function beginPaper(name) {
  const { page } = phone;
  await follow(page, w.declaration);
  await page.getByRole('link', { name }).click();
  await named(page, 'button', w.handOver).waitFor();
  await fillRest();
}

/** The rep signs for what he was given, too. */
export async function receipt() {
  const { page } = phone;
  await follow(page, w.receiveItem);
  await named(page, 'button', w.signOwn).waitFor();
  await look(phone, 'receipt, the rep');
  await fillRest();
  await press(page, w.signOwn);
  await page.locator('pre.fd-paper').waitFor();
  await scrollTo(page, async () => (await page.locator('.fd-pad').count()) > 0);
  await page.getByLabel(w.copyCode).fill(copyCode);
  for (let n = 0; n < 3; n++) await stroke(n);
  await strokes('of the rep', 3);
  await press(page, w.confirm);
  await page.getByText(w.receiptKept).waitFor();
  await look(phone, 'receipt, signed');
}

export async function signatures() {
  const { page } = phone;
  await inVisit();
  const isNew = await fromNowOn();
  await takePhoto();
  await prepareDeclaration();
  await answer();
  await finishAnswer();
  await readOnTheSmallest();
  await large(page);
  await consent();
  await refuseBlank();
  await signRestless();
  await confirm();
  await takePhoto();
  await receipt();
  await press(page, w.toVisit);
  await named(page, 'link', w.endVisit).waitFor();
  await takePhoto();
  await allReceived();
  const made = (await ask(`records?case=${rep().case}`)).filter(isNew);
  want('photos, each with its preview', made.filter((r) => r.kind === 'photo.captured' && r.blobs === 2).length, 3);
  for (const [kind, n] of [
    ['declaration.signed', 5],
    ['item.received', 3],
  ]) {
    const signed = made.filter((r) => r.kind === kind);
    want(`${kind}: records`, signed.length, 1);
    const [{ fields } = { fields: {} }] = signed;
    want(`${kind}: strokes`, fields.strokes?.lines.length, n);
    want(`${kind}: lines of the outline`, fields.signature_outline?.lines.length, n);
    const points = (fields.strokes?.lines ?? []).map((line) => line.length / 4);
    if (points.some((count) => count < 5)) say(`${kind}: strokes of ${points} points`);
  }
}

/** The worker says what he must of a loss: days, what he did since, one of each choice, and a word for the rest. */
async function tellLoss() {
  const { page } = phone;
  const must = '.ta-field__tag:not(.ta-field__tag--faint)';
  for (const range of await page.locator(`fieldset.fd-range:has(> legend ${must})`).all()) {
    const add = range.getByRole('button', { name: w.addRow });
    if ((await add.count()) > 0) await add.click();
    await range.locator('input[type=date]').first().fill('2026-11-10');
    for (const text of await range.locator('input:not([type=date], [type=checkbox])').all()) await text.fill('一');
  }
  for (const group of await page.locator(`fieldset.ta-group:has(> legend ${must})`).all())
    await group.getByRole('radio').last().check();
  for (const field of await page.locator(`.ta-field:has(> label ${must})`).all()) {
    const text = field.locator('input, textarea');
    if ((await text.inputValue()) === '') await text.fill('一');
  }
}

/** 紛失届, to its end: what is missing is named, the table of what he did since is filled in, and the hand is under it. */
export async function loss() {
  const { page } = phone;
  await inVisit();
  await beginPaper(w.lossReport);
  await press(page, w.handOver);
  await press(page, w.readAndFill);
  await press(page, w.readAll);
  await page.locator('.ta-field__error').first().waitFor();
  await look(phone, 'loss report, what is missing');
  await tellLoss();
  await look(phone, 'loss report, the worker');
  await press(page, w.readAll);
  await page.locator('pre.fd-paper').waitFor();
  await look(phone, 'loss report, to be read');
  await scrollTo(page, async () => (await page.locator('.fd-question').count()) > 0);
  await consent();
  for (let n = 0; n < 3; n++) await stroke(n);
  await confirm();
  const signed = await received('the loss report', (r) => r.fields.presentation?.template === 'loss_report');
  want('the record', signed?.kind, 'declaration.signed');
  want('rows of what he did since', signed?.fields['field.movements']?.length, 1);
  await leave();
}

/** Asked to leave over a paper that is half filled: it is named from then on, can be read, outlives the page, and goes when the rep says so twice. */
export async function halfFilled() {
  const { page } = phone;
  const visit = await inVisit();
  await beginPaper(w.lossReport);
  await page.getByLabel(w.affiliation).fill(w.halfWords);
  for (const where of ['', '/end', ''])
    await still(`the visit${where}`, async () => {
      await go(`/visit/${visit}${where}`);
      await page.getByText(w.pending).waitFor();
    });
  await leave();
  await page.getByText(w.left).waitFor();
  await ready(); // the page dies
  await still('the visit that is over', async () => {
    await go(`/visit/${visit}`);
    await page.getByText(w.left).waitFor();
  });
  await page.getByText(w.leftLook).click();
  await page.locator('pre.fd-paper', { hasText: w.halfWords }).waitFor();
  await look(phone, 'a paper left half filled');
  await press(page, w.leftDiscard);
  await press(page, w.leftSure);
  await page.getByText(w.left).waitFor({ state: 'detached' });
  await ready();
  await go(`/visit/${visit}`);
  await page.getByText(w.visitOver).first().waitFor();
  await page.waitForTimeout(500);
  want('papers named after they were discarded', await page.getByText(w.left).count(), 0);
}

/** Photographs the next page of a paper that was signed with a pen. */
async function nextPage(n) {
  const { page } = phone;
  const chosen = page.waitForEvent('filechooser');
  await page.getByText(w.nextPage, { exact: true }).click();
  await (await chosen).setFiles(part.photo);
  await page.getByText(w.pages(n)).waitFor();
}

/** Method P: the paper is signed with a pen, its pages are photographed, and one is asked to leave before it is kept: it is kept after the visit. */
export async function penned() {
  const { page } = phone;
  const visit = await inVisit();
  await beginPaper(w.disposal);
  await named(page, 'radio', w.byPen).check();
  await press(page, w.handOver);
  await answer();
  await finishAnswer();
  await scrollTo(page, async () => (await page.locator('.fd-question').count()) > 0);
  await consent();
  await press(page, w.confirm);
  await page.getByText(w.noPages).waitFor();
  await nextPage(1);
  await nextPage(2);
  await look(phone, 'a paper signed with a pen');
  await takeBack();
  await page.getByText(w.pages(2)).waitFor(); // it is the rep's now, as it was read and answered
  want('answers that the rep could change', await named(page, 'button', w.changeAnswer).count(), 0);
  await look(phone, 'a paper signed with a pen, with the rep');
  await go(`/visit/${visit}`);
  await leave();
  await ready(); // the page dies
  await go(`/visit/${visit}`);
  await page.getByText(w.leftPages(2)).waitFor();
  await look(phone, 'a photographed paper left by a visit');
  await page.getByRole('link', { name: w.leftKeep }).click();
  await page.getByText(w.pages(2)).waitFor();
  await page.getByLabel(w.paperKept).fill('本社 施錠書庫');
  await press(page, w.confirm);
  await page.getByText(w.paperSaved).waitFor();
  await look(phone, 'a photographed paper, kept');
  want('papers still named', await page.getByText(w.leftPages(2)).count(), 0);
  const kept = await received(
    'the paper',
    (r) => r.kind === 'declaration.signed' && r.fields.presentation?.method === 'P',
  );
  want('where the original is', kept?.fields.paper_kept, '本社 施錠書庫');
  want('a position after the visit', kept?.fields.geo, undefined);
  want('why there is none', kept?.fields.geo_missing, 'stale');
  want(
    'consents',
    kept?.fields.presentation?.consents?.every((one) => one.given),
    true,
  );
  await until('both pages are with the server', async () => {
    const all = await ask(`records?case=${rep().case}`);
    return all.find((r) => r.hash === kept.hash).blobs >= 2;
  });
}

/** A receipt that the rep signs with a pen is his own all the time: he goes back to its form, and it can be kept after the visit, too. */
export async function pennedReceipt() {
  const { page } = phone;
  const visit = await inVisit();
  await follow(page, w.receiveItem);
  await named(page, 'button', w.signOwn).waitFor();
  await fillRest();
  await named(page, 'radio', w.byPen).check();
  const readToEnd = async () => {
    await press(page, w.signOwn);
    await page.locator('pre.fd-paper').waitFor();
    await scrollTo(page, async () => (await page.getByText(w.nextPage, { exact: true }).count()) > 0);
  };
  await readToEnd();
  await nextPage(1);
  await named(page, 'button', w.back).click();
  await named(page, 'button', w.signOwn).waitFor(); // the form, with the page kept
  await readToEnd();
  await page.getByText(w.pages(1)).waitFor();
  await go(`/visit/${visit}`);
  await leave();
  await page.getByText(w.leftPages(1)).waitFor();
  await page.getByRole('link', { name: w.leftKeep }).click();
  await page.getByLabel(w.copyCode).fill(copyCode);
  await page.getByLabel(w.paperKept).fill('本社 施錠書庫');
  await press(page, w.confirm);
  await page.getByText(w.paperSaved).waitFor();
  const kept = await received(
    'the receipt',
    (r) => r.kind === 'item.received' && r.fields.presentation?.method === 'P',
  );
  want('where the original is', kept?.fields.paper_kept, '本社 施錠書庫');
}

/** L28: the text is large, and no dialog is on the screen. */
async function large(page) {
  const size = await page.locator('pre.fd-paper').evaluate((e) => Number.parseFloat(getComputedStyle(e).fontSize));
  if (size < 18) say(`the paper is written with ${size} px`);
  want('dialogs over the paper', await page.locator('dialog[open], [role=dialog]').count(), 0);
}
