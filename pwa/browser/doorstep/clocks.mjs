// L32: a phone whose clock is wrong. Everything is received in its order, and flags say what is odd; nothing is refused and nothing waits for the clock.
import { home, phone } from '../story/phone.mjs';
import { look, say, want } from '../story/stage.mjs';
import { allReceived, ask, inVisit, leave, note, opened, received, rep } from './phone.mjs';
import { w } from './words.mjs';

const [minute, year] = [60_000, 365 * 86_400_000];

/** The clock of the page, and of those that are loaded after it, goes wrong by so many ms; 0: it is right again. */
async function turnBy(ms) {
  const { page } = phone;
  const session = await phone.context.newCDPSession(page);
  await session.send('Page.enable');
  const { identifier } = await session.send('Page.addScriptToEvaluateOnNewDocument', {
    source: `(${(by) => {
      const Right = Date;
      globalThis.wrongBy = by;
      globalThis.Date = class extends Right {
        constructor(...parts) {
          if (parts.length > 0) super(...parts);
          else super(Right.now() + globalThis.wrongBy);
        }
        static now() {
          return Right.now() + globalThis.wrongBy;
        }
      };
    }})(${ms})`,
  });
  await page.goto(home);
  await opened();
  return async () => {
    await session.send('Page.removeScriptToEvaluateOnNewDocument', { identifier });
    await session.detach();
    await page.goto(home);
    await opened();
  };
}

/** A note goes through, by whatever the clock says. */
async function goesThrough(words) {
  await note(`/case/${rep().case}`, words);
  const there = await received(words, (r) => r.fields.note === words);
  await allReceived();
  return there;
}

async function wrongByAYear(by, what) {
  const right = await turnBy(by);
  const { page } = phone;
  await page.getByText(w.clockWrong).waitFor();
  await look(phone, `a clock ${what}`);
  const there = await goesThrough(`時計が${what}。`);
  if (Math.abs(there.at - Date.now() - by) > 5 * minute) say(`a clock ${what}: the record is of ${new Date(there.at)}`);
  if (!there.flags.includes('clock')) say(`a clock ${what}: flags ${there.flags}`);
  await right();
}

/** Midnight passes in the middle of a visit: the page's clock leaps over it. */
async function midnight() {
  const now = new Date();
  const before = new Date(now.getFullYear(), now.getMonth(), now.getDate(), 23, 58).getTime();
  const right = await turnBy(before - Date.now());
  const visit = await inVisit();
  await note(`/visit/${visit}`, '日付が変わる前。');
  await phone.page.evaluate((ms) => {
    globalThis.wrongBy += ms;
  }, 5 * minute);
  await note(`/visit/${visit}`, '日付が変わった後。');
  await leave();
  const [first, second] = await Promise.all(
    ['日付が変わる前。', '日付が変わった後。'].map((words) => received(words, (r) => r.fields.note === words)),
  );
  await allReceived();
  want('days between', new Date(second.at).getDate() !== new Date(first.at).getDate(), true);
  want('order', second.seq > first.seq && second.at > first.at, true);
  await right();
}

/** The rep has flown: hours are those of where he is, and the time is what it was. */
async function elsewhere() {
  const session = await phone.context.newCDPSession(phone.page);
  await session.send('Emulation.setTimezoneOverride', { timezoneId: 'America/New_York' });
  const there = await goesThrough('ニューヨークから。');
  want('zone', there.tz, 'America/New_York');
  if (Math.abs(there.at - Date.now()) > minute) say(`in another zone the record is of ${new Date(there.at)}`);
  await session.send('Emulation.setTimezoneOverride', { timezoneId: '' });
  await session.detach();
}

export async function clocks() {
  const before = (await ask(`records?case=${rep().case}`)).length;
  await wrongByAYear(-year, '一年遅れ');
  await wrongByAYear(year, '一年進み');
  const there = await goesThrough('時計は正しい。');
  if (Math.abs(there.at - Date.now()) > minute) say(`with the clock put right the record is of ${new Date(there.at)}`);
  await elsewhere();
  await midnight();
  const all = (await ask(`records?case=${rep().case}`)).slice(before);
  want(
    'the journal in order',
    all.every((r, n) => n === 0 || r.seq === all[n - 1].seq + 1),
    true,
  );
}
