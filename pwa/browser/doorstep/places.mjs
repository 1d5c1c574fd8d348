// L24: what a receiver says, or does not, never holds a visit up; the record says what was known.
import { phone } from '../story/phone.mjs';
import { follow, holds, look, named, part, press, want } from '../story/stage.mjs';
import { fromNowOn, go, inVisit, leave, received } from './phone.mjs';
import { w } from './words.mjs';

const here = { latitude: 35.65812, longitude: 139.70158 };

/** What a receiver does that a test cannot ask of one: it answers with an old position, or not at all. */
const receiver = (page, ageMS) =>
  page.evaluate(
    ([coords, age]) => {
      navigator.geolocation.watchPosition = (give) => {
        if (age > 0) give({ coords: { ...coords, accuracy: 12 }, timestamp: Date.now() - age });
        return 1;
      };
    },
    [here, ageMS],
  );

const permit = async (setting) => {
  const session = await phone.context.newCDPSession(phone.page);
  await session.send('Browser.setPermission', { origin: part.site, permission: { name: 'geolocation' }, setting });
  await session.detach();
};

/** The talk goes on somewhere else: each act asks for a position of its own. */
async function moveOn(code) {
  const { page } = phone;
  await follow(page, w.movePlace);
  await named(page, 'button', w.places[code]).click();
  await press(page, w.keep);
  await page.getByText(w.moved).waitFor();
}

export async function positions() {
  const { page } = phone;
  await receiver(page, 0);
  await inVisit();
  const started = await received('the visit', (r) => r.kind === 'visit.started');
  want('the reason of a receiver that does not answer', started?.fields.geo_missing, 'timeout');

  await receiver(page, 10 * 60_000);
  await moveOn('office');
  const stale = await received('the first move', (r) => r.fields.place === 'office');
  want('the reason of an old position', stale?.fields.geo_missing, 'stale');
  want('a position of ten minutes ago', stale?.fields.geo, undefined);

  await page.evaluate(() => delete navigator.geolocation.watchPosition);
  await phone.context.setGeolocation({ ...here, accuracy: 3000 });
  await moveOn('restaurant');
  const coarse = await received('the second move', (r) => r.fields.place === 'restaurant');
  want('accuracy', coarse?.fields.geo?.accuracy_m, 3000);
  want('what 3 km say about an address', coarse?.fields.place_match?.verdict, 'undetermined');

  await permit('denied');
  await follow(page, w.movePlace);
  await page.getByText(w.placeDenied).first().waitFor();
  await look(phone, 'no position allowed');
  await page.goBack();
  await named(page, 'link', w.endVisit).waitFor();
  await leave();
  const ended = await received('the end', (r) => r.kind === 'visit.ended');
  want('the reason without permission', ended?.fields.geo_missing, 'denied');
  for (const why of [w.noPosition, w.noPositionInTime])
    holds('what the phone says of a place', await page.locator('.fd-timeline').textContent(), why);
  await permit('granted');
  await phone.context.setGeolocation({ ...here, accuracy: 12 });
}

/** What is written while a position is awaited is in the record. */
export async function whileMeasuring() {
  const { page } = phone;
  await receiver(page, 0);
  const visit = await inVisit();
  const isNew = await fromNowOn();
  await go(`/visit/${visit}/end`);
  await press(page, w.absent);
  await press(page, w.endNow);
  await page.locator('textarea').first().fill(w.halfWords);
  await page.getByText(w.visitOver).first().waitFor();
  const ended = await received('the end', (r) => r.kind === 'visit.ended' && isNew(r));
  want('the words', ended?.fields.note, w.halfWords);
}
