// Opens a link in a real Chromium as its recipient does, for e2e/letter. What is expected is named on the command line; prints what is otherwise, a
// line each; nothing when all is well.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { chromium } from 'playwright-core';

const say = (line) => process.stdout.write(`${line}\n`);
const [link, passcode, executablePath, expected, pdf] = process.argv.slice(2);
const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu', '--disable-quic'] });
const want = (what, got, wanted) => {
  if (got !== wanted) say(`${what}: ${JSON.stringify(got)}, want ${JSON.stringify(wanted)}`);
};
const holds = (what, text, part) => {
  if (!text?.includes(part)) say(`${what}: ${JSON.stringify(text)} does not say ${JSON.stringify(part)}`);
};

const context = await browser.newContext({
  viewport: { width: 360, height: 640 },
  locale: 'ja-JP',
  acceptDownloads: true,
});
const page = await context.newPage();
page.on('pageerror', (fault) => say(`page: ${fault.message}`));
page.on('console', (message) => {
  if (/Content Security Policy|TrustedScript|TrustedHTML/.test(message.text())) say(message.text());
});
page.on('request', (request) => {
  const { protocol, origin } = new URL(request.url());
  if (protocol !== 'blob:' && origin !== new URL(link).origin) say(`asks ${request.url()}`);
});

const enter = async (number) => {
  await page.fill('input', number);
  await page.keyboard.press('Enter');
};
const line = () => page.textContent('.checks__words h2');
const fault = async (text) => {
  const notices = () => page.locator('.ta-notice').allTextContents();
  try {
    await page.locator('.ta-notice', { hasText: text }).first().waitFor();
  } catch {
    say(`words: ${JSON.stringify(await notices())} do not say ${JSON.stringify(text)}`);
  }
};
/** The line of the verification when all photos have been judged. */
const judged = async () => {
  await page.waitForSelector('.letter');
  await page.waitForFunction(() => document.querySelector('.photos__none:not(.photos__none--bad)') === null);
  return line();
};

const scenes = {
  async good() {
    await enter('00000000');
    await fault('番号が違うか、リンクが正しくありません');
    await enter(passcode.replace(/^(....)/, '$1-'));
    want('verification', await judged(), '検証: 合格(10項目)');
    holds('addressee', await page.textContent('.address'), '大橋 部長 様');
    const summary = await page.textContent('.letter__sheet .ta-list');
    for (const part of [
      '廃棄申告書(入館証)',
      '髙橋 健',
      '登録住所と一致: はい(精度 ±12 m)',
      '画面手書き署名(立会人あり)',
    ])
      holds('summary', summary, part);
    const paper = await page.textContent('.paper');
    for (const part of ['住所：(提供先には開示しません)', '電話番号：(提供先には開示しません)'])
      holds('paper', paper, part);
    const whole = await page.evaluate(() => document.body.textContent);
    for (const secret of ['三田一丁目', '090-0000-0147', '356581']) if (whole.includes(secret)) say(`shows ${secret}`);
    want('lines of the signature', await page.locator('.signature path').count(), 6);
    want('photos', await page.locator('.photos img').evaluateAll((all) => all.filter((one) => one.complete).length), 1);
    want('wider than the screen', await page.evaluate(() => document.documentElement.scrollWidth > innerWidth), false);

    const [download] = await Promise.all([page.waitForEvent('download'), page.click('.deed .ta-button--primary')]);
    want(
      'PDF',
      createHash('sha256')
        .update(readFileSync(await download.path()))
        .digest('hex'),
      pdf,
    );
    await page.waitForSelector('text=照合に合格し、保存しました');
    want('verification with the PDF', await line(), '検証: 合格(11項目)');

    await page.fill('[autocomplete=name]', '大橋 一郎');
    await page.click('.deed >> text=受領を確認する');
    await page.waitForSelector('text=受領確認を送りました');
    await page.fill('.deed textarea', '原本はどちらにありますか。');
    await page.click('text=質問を送る');
    await page.waitForSelector('text=質問を送りました');

    await page.click('text=English');
    want('verification in English', await line(), 'Verification: passed (11 items)');
    holds('paper in English', await page.textContent('.paper'), 'Declaration of disposal');
    want(
      'kept in the browser',
      await page.evaluate((token) => JSON.stringify({ ...localStorage }).includes(token), passcode),
      false,
    );
  },
  /** The worker opens his own copy, and reads what he wrote. */
  async copy() {
    await enter('1111');
    await fault('番号が違うか');
    await enter(passcode);
    want('verification', await judged(), '検証: 合格(8項目)');
    const paper = await page.textContent('.paper');
    for (const own of ['東京都港区三田一丁目2番3号', '090-0000-0147']) holds('paper', paper, own);
    want('what a recipient can do', await page.locator('form').count(), 0);
    holds('rights', await page.textContent('.letter__aside'), '異議・訂正、同意の撤回');
  },
  /** The server's copy of a photo was changed. */
  async photo() {
    await enter(passcode);
    want('verification', await judged(), '検証: 一致しない項目があります');
    holds('first finding', await page.textContent('.check__fault'), '届いた写真が、記録にある写真と違います');
    want('photos shown', await page.locator('.photos img').count(), 0);
    want('the paper, which is sound, is shown', await page.locator('.paper').count(), 1);
  },
  /** So was its PDF, and the server noticed. */
  async document() {
    await enter(passcode);
    await judged();
    await page.click('.deed .ta-button--primary');
    await fault('保管されているデータが記録と一致しないため');
  },
  /** The page is open when the disclosure is revoked. */
  async revoked() {
    await enter(passcode);
    await fault('この書類の提供は取りやめになりました');
    want('letters', await page.locator('.letter').count(), 0);
  },
};

try {
  await page.goto(link);
  await scenes[expected]();
} catch (cause) {
  say(String(cause));
} finally {
  await browser.close();
}
