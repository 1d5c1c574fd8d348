// Walks through what the demo has left: each realm along its links, one page of each shape.

/** The shape of an address: ids of one kind look alike; two visits may not. */
const shape = (where) =>
  where.includes('/visits/') ? where : where.replaceAll(/[0-9a-f-]{36}|[A-Za-z0-9_-]{43}|[0-9a-f]{64}/g, 'id');
const nameOf = (where) =>
  where
    .replaceAll(/[0-9a-f-]{36}|[A-Za-z0-9_-]{43}|[0-9a-f]{64}/g, 'id')
    .replaceAll(/[^a-z0-9]+/gi, '-')
    .replaceAll(/^-|-$/g, '');
const mostPages = 40;

/** What has been asked for is there. */
export async function settle(page) {
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await page.waitForFunction(() => document.querySelector('[aria-busy=true], .office-loading') === null);
}

/** Signs in by a one-time link and gives the session. */
export async function signIn(browser, link) {
  const context = await browser.newContext({ locale: 'ja-JP' });
  const page = await context.newPage();
  await page.goto(link);
  for (const name of ['サインインする', '始める']) await page.getByRole('button', { name, exact: true }).click(); // opening the link alone uses nothing up
  await page.getByRole('navigation').first().waitFor();
  await settle(page);
  const state = await context.storageState();
  await context.close();
  return state;
}

/** Follows the links of a realm, breadth first, and takes each page; in English too. */
export async function walk(browser, camera, { site, realm, name, from, state }) {
  const found = new Map([[shape(from), from]]);
  for (const locale of ['ja-JP', 'en-GB']) {
    const context = await browser.newContext({ locale, storageState: state, serviceWorkers: 'block' });
    const page = await context.newPage();
    const names = new Set();
    for (const where of found.values()) {
      await page.goto(site + where);
      await settle(page);
      let called = `${name}-${nameOf(where.slice(realm.length + 1)) || 'home'}`;
      while (names.has(called)) called += '-more';
      names.add(called);
      await camera.take(page, called, locale === 'en-GB');
      const links = await page.evaluate(() =>
        [...document.querySelectorAll('a[href^="/"]')].map((a) => a.getAttribute('href').split('#')[0]),
      );
      for (const link of links) {
        const isNew = link.startsWith(`/${realm}/`) && !found.has(shape(link));
        if (isNew && found.size < mostPages) found.set(shape(link), link);
      }
    }
    await context.close();
  }
}

/** Opens one address, does something there, and takes it; in English too. */
export async function one(browser, camera, name, where, act = async () => undefined) {
  for (const locale of ['ja-JP', 'en-GB']) {
    const context = await browser.newContext({ locale, serviceWorkers: 'block' });
    const page = await context.newPage();
    await page.goto(where);
    await act(page);
    await settle(page);
    await camera.take(page, name, locale === 'en-GB');
    await context.close();
  }
}
