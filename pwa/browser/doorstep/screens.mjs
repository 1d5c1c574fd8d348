// Every screen of the field app is judged by axe, in both languages, by day and by night.
import { phone } from '../story/phone.mjs';
import { judge, look } from '../story/stage.mjs';
import { go, inVisit, leave, rep } from './phone.mjs';

const inTheVisit = [
  '',
  '/photo',
  '/note',
  '/place',
  '/identity',
  '/hearing',
  '/absence',
  '/papers',
  '/paper/disposal_declaration',
  '/paper/loss_report',
  '/paper/return_receipt',
  '/end',
];
const besides = (of) => [
  '',
  `/case/${of}`,
  `/case/${of}/contact`,
  `/case/${of}/start`,
  `/case/${of}/note`,
  '/outbox',
  '/settings',
  '/enrol',
  '/no/such/screen',
];

/** Goes to each screen and judges it when it is there. */
async function walk(language, paths) {
  const { page } = phone;
  for (const where of paths) {
    await go(where);
    await page.waitForFunction((path) => location.pathname === `/field${path}`, where);
    await page.waitForTimeout(100); // what comes from the store is there
    await page.locator('h1').first().waitFor();
    if (language === 'ja') await look(phone, `screen ${where.replace(/[0-9a-f-]{36}/, 'x') || 'today'}`);
    else await judge(phone, `screen ${where.replace(/[0-9a-f-]{36}/, 'x')} in English`, ['light']);
  }
}

export async function screens() {
  const visit = await inVisit();
  for (const language of ['ja', 'en']) {
    await go('/settings');
    await phone.page.locator(`.ta-languages [lang=${language}]`).click();
    await walk(
      language,
      inTheVisit.map((path) => `/visit/${visit}${path}`),
    );
    await walk(language, besides(rep().case));
  }
  await go('/settings');
  await phone.page.locator('.ta-languages [lang=ja]').click();
  await inVisit();
  await leave();
  await look(phone, 'asked to leave');
}
