// A rep with hundreds of cases: he goes through the list from one to the next, and only what is near the screen is drawn.
import { phone } from '../story/phone.mjs';
import { follow, look, named, press, say, want } from '../story/stage.mjs';
import { ask, go, inHand, rep, still, until } from './phone.mjs';
import { w } from './words.mjs';

const count = 100;
const step = 400;

/** The cards on the screen, with their places on it; and how many are drawn at all. */
const cards = () =>
  phone.page.evaluate(() => {
    const all = [...document.querySelectorAll('.fd-card')];
    const boxes = all.map((card) => [card.getAttribute('href'), Math.round(card.getBoundingClientRect().top)]);
    return { drawn: all.length, seen: boxes.filter(([, top]) => top > -20 && top < innerHeight - 40) };
  });

const lengthOf = () => phone.page.evaluate(() => document.documentElement.scrollHeight);

/** Turns the wheel to the end of the list, a little at a time, and tells what came by, in that order. */
async function through(by) {
  const { page } = phone;
  const came = [];
  await page.mouse.move(180, 400);
  for (let n = 0; n < 400; n++) {
    const before = await settled();
    for (const [href] of by > 0 ? before.seen : before.seen.toReversed()) if (!came.includes(href)) came.push(href);
    if (before.drawn > 60) say(`${before.drawn} cards are drawn`);
    const stood = await page.evaluate(() => scrollY);
    await page.mouse.wheel(0, by);
    await page.waitForTimeout(80);
    const moved = (await page.evaluate(() => scrollY)) - stood;
    if (moved === 0) return came;
    const after = new Map((await settled()).seen);
    for (const [href, top] of before.seen) {
      const off = after.has(href) ? after.get(href) - (top - by) : 0;
      if (Math.abs(moved) === step && Math.abs(off) > 2) say(`a card jumps by ${off} pixels`);
    }
  }
  say('the end of the list is never reached');
  return came;
}

/** What is on the screen is drawn, and stands still. */
async function settled() {
  let last = '';
  return until('a list that stands still', async () => {
    const now = await cards();
    const is = JSON.stringify(now);
    const still = is === last && now.seen.length >= 2;
    last = is;
    return still && now;
  });
}

export async function many() {
  await inHand('many');
  const { page } = phone;
  await ask(`cases?member=${rep().member}&count=${count}`);
  await go('/outbox');
  await press(page, w.sendNow);
  await go('');
  await named(page, 'searchbox', w.search).waitFor();
  await until('all cases in the list', async () => (await lengthOf()) > count * 90);
  const down = await through(step);
  want('cases that came by', down.length, count + 2);
  const up = await through(-step);
  want('cases that came by on the way up', up.length, count + 2);
  want('their order', JSON.stringify(up.toReversed()) === JSON.stringify(down), true);
  await comesBack('by the arrow', () => follow(page, w.back));
  await comesBack('by the phone', () => page.goBack());
  await named(page, 'searchbox', w.search).fill('佐藤 051');
  await until('the one that was looked for', async () => (await page.locator('.fd-card').count()) === 1);
  await page.locator('.fd-card').click();
  await named(page, 'link', w.startVisit).waitFor();
  await follow(page, w.back);
  await page.locator('.fd-card').first().waitFor();
  want('what was looked for', await named(page, 'searchbox', w.search).inputValue(), '佐藤 051');
  want('what was found', await page.locator('.fd-card').count(), 1);
  await go('/settings');
  await go('');
  await page.locator('.fd-card').first().waitFor();
  want('what is looked for by who comes anew', await named(page, 'searchbox', w.search).inputValue(), '');
  await look(phone, 'many cases');
}

/** Goes on in the list, opens a case, comes back, and stands where he stood. */
async function comesBack(how, back) {
  const { page } = phone;
  await page.mouse.move(180, 400);
  for (let n = 0; n < 12; n++) {
    await page.mouse.wheel(0, 700);
    await page.waitForTimeout(60);
  }
  const before = await settled();
  const [href] = before.seen[1];
  await still(`${how}: the case's page`, async () => {
    await page.locator(`.fd-card[href="${href}"]`).click();
    await named(page, 'link', w.startVisit).waitFor();
  });
  want(`${how}: the top of the case`, await page.evaluate(() => scrollY), 0);
  await back();
  await page.locator('.fd-card').first().waitFor();
  const after = await settled();
  want(`${how}: where the cards stand`, JSON.stringify(after.seen), JSON.stringify(before.seen));
}
