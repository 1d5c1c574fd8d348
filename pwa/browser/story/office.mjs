// The office: who reviews, and who approves.
import { deskSize, follow, holds, look, named, part, person, phoneSize, press, want } from './stage.mjs';
import { w } from './words.mjs';

async function signIn(who, viewport, link) {
  const one = await person(who, viewport);
  const { page } = one;
  await page.goto(link);
  await named(page, 'button', w.signIn).waitFor();
  want(`the code of the ${who} stays in the address`, new URL(page.url()).hash, '');
  await look(one, 'sign in');
  await press(page, w.signIn);
  await press(page, w.begin);
  await page.getByRole('navigation').first().waitFor();
  return one;
}

/** The reviewer signs in by his one-time link. */
export const reviewer = () => signIn('reviewer', deskSize, part.links.reviewer);

/** The approver carries a phone only. */
export const approver = () => signIn('approver', phoneSize, part.links.approver);

/** What the case is about. */
export const facts = {
  number: '2026-0147',
  worker_name: '髙橋 健',
  worker_kana: 'タカハシ ケン',
  worker_phone: '090-0000-0147',
  client: '株式会社東都ホールディングス',
  client_contact: '大橋 部長',
  item: '入館証',
  item_printed_no: 'TH-00147',
  address: '東京都港区三田一丁目2番3号',
  address_point: '35.6581, 139.7016',
};

/** Fills in the field of that name, which may say that it must be filled in. */
async function fill(page, name, value) {
  const label = new RegExp(`^${name.replaceAll(/[.()]/g, '\\$&')}( *(必須|任意|required|optional))?$`, 'i');
  await page.getByRole('textbox', { name: label }).fill(value);
}

/** Opens a case and assigns it to the rep. */
export async function openCase(office) {
  const { page } = office;
  await look(office, 'empty inbox');
  await follow(page, w.cases);
  await follow(page, w.newCase);
  for (const [name, value] of Object.entries(facts)) await fill(page, w.facts[name], value);
  await named(page, 'checkbox', w.rep).check();
  await look(office, 'new case');
  await press(page, w.openCase);
  await page.waitForURL(/\/office\/cases\/[0-9a-f-]{36}$/);
  await named(page, 'heading', w.caseTitle(facts.number)).waitFor();
  await look(office, 'case');
  return page.url();
}

/** Makes a code for the rep's phone and reads the link that is shown once. */
export async function phoneLink(office) {
  const { page } = office;
  await follow(page, w.members);
  await press(page, `${w.phoneCode}: ${w.rep}`);
  const link = await page.locator('#member-link').textContent();
  await page.locator('.office-qr').waitFor();
  await look(office, 'code for a phone');
  await press(page, w.putAway);
  return link.trim();
}

/** Looks at the visit that came, and approves it. */
export async function approveVisit(office) {
  const { page } = office;
  await follow(page, w.inbox);
  await named(page, 'heading', w.completeVisits).waitFor();
  await look(office, 'inbox');
  await page.locator('.office-visit').click();
  await page.getByText(w.officeGreen).waitFor();
  await page.locator('.office-photos img, .office-photo img').first().waitFor();
  const paper = await page.locator('#paper').textContent();
  for (const part of [facts.worker_name, facts.item_printed_no]) holds('the paper in the office', paper, part);
  await look(office, 'visit');
  await press(page, w.approveVisit);
  await look(office, 'approving a visit');
  await page.getByRole('dialog').getByRole('button', { name: w.doApproveVisit, exact: true }).click();
  await named(page, 'heading', w.inboxEmpty).waitFor();
}

/** Prepares what one recipient may see. */
export async function prepare(office, caseURL) {
  const { page } = office;
  await page.goto(caseURL);
  await follow(page, w.prepare);
  await named(page, 'checkbox', w.discloseIt).check();
  await page.getByLabel(w.department).fill('情報システム統括本部');
  await look(office, 'preparing a disclosure');
  await press(page, w.doPrepare);
  await page.waitForURL(/\/office\/disclosures\/[0-9a-f-]{36}$/);
  await page.getByText(w.prepared).waitFor();
  want('who prepared it may approve it', await named(page, 'button', w.approve).count(), 0);
  await look(office, 'disclosure');
  return page.url();
}

/** A second person approves, on a phone. */
export async function approve(second, url) {
  const { page } = second;
  await follow(page, w.waitsForApproval);
  await look(second, 'disclosures');
  await page.locator('.office-visit').first().click();
  await page.waitForURL(url);
  await press(page, w.approve);
  await named(page, 'checkbox', w.seen).check();
  await look(second, 'approving a disclosure');
  await page.getByRole('dialog').getByRole('button', { name: w.approve, exact: true }).click();
  await page.getByText(w.approved).waitFor();
}

/** Issues a link, which makes the one before useless. */
export async function issue(office, url) {
  const { page } = office;
  await page.goto(url);
  const again = named(page, 'button', w.reissue);
  await named(page, 'button', w.issue).or(again).first().waitFor();
  if ((await again.count()) > 0) {
    await again.click();
    await page.getByRole('dialog').getByRole('button', { name: w.reissue, exact: true }).click();
  } else await press(page, w.issue);
  const link = await page.locator('#issued-link').textContent();
  const passcode = await page.locator('#issued-passcode').textContent();
  await look(office, 'link and passcode');
  await press(page, w.putAway);
  return { link: link.trim(), passcode: passcode.replaceAll(/\D/g, '') };
}
