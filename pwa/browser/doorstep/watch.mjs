// The office watches over who stands at a door alone: a visit whose end has not come when it was planned is found in its lists.

import { facts, reviewer } from '../story/office.mjs';
import { phone } from '../story/phone.mjs';
import { look, part, want } from '../story/stage.mjs';
import { go, inVisit, leave, received } from './phone.mjs';
import { w } from './words.mjs';

const hour = 3_600_000;

export async function overdue() {
  const visit = await inVisit();
  await received('the visit', (r) => r.kind === 'visit.started');
  const office = await reviewer();
  const { page } = office;
  const row = page.locator('.office-visit', { hasText: facts.worker_name }).first();
  const late = row.getByText(w.overdue);
  const casesAt = async (time) => {
    await page.clock.setFixedTime(time);
    await page.goto(`${part.site}/office/cases`);
    await row.waitFor();
  };
  await casesAt(Date.now());
  want('overdue before its planned end', await late.count(), 0);
  await casesAt(Date.now() + 3 * hour);
  want('overdue after its planned end', await late.count(), 1);
  await look(office, 'an overdue visit among the cases');
  await go(`/visit/${visit}`);
  await leave();
  await received('the end', (r) => r.kind === 'visit.ended');
  await casesAt(Date.now() + 3 * hour);
  want('overdue after it has ended', await late.count(), 0);
  await office.context.close();
  await phone.page.bringToFront();
}
