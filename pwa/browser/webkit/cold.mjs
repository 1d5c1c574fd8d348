// A phone of WebKit: enrolled, opened with the server dead, locked and opened again, a visit begun and a note sealed; what was sealed is there when
// the page is new, and goes to the server when that is back.
const pin = '280147';
const button = (text) => `//button[contains(., '${text}')]`;
const link = (text) => `//a[contains(., '${text}')]`;
const labelled = (text) => `//*[@id = //label[contains(., '${text}')]/@for]`;
const text = (part) => `//*[not(*)][contains(., '${part}')]`;
const logged = (part) => `//*[contains(@class, 'fd-log')][contains(., '${part}')]`;

async function enrol(browser, where) {
  await browser.goto(where);
  await browser.click(button('日本語'));
  await browser.click(button('登録する'));
  await browser.click(button('次へ'));
  for (let n = 0; n < 2; n++) await browser.click(button('いまは許可しない')); // place and camera: this engine has neither
  await browser.click(button('保存の保護を求める'));
  await browser.click(button('次へ'));
  await browser.type(labelled('暗証番号('), pin);
  await browser.type(labelled('もう一度入力'), pin);
  await browser.click(button('暗証番号を設定する'));
  await browser.see("//h1[contains(., '今日')]");
}

async function unlock(browser, title = '今日') {
  await browser.type(labelled('暗証番号'), pin);
  await browser.click(button('ロックを解除'));
  await browser.see(`//h1[contains(., '${title}')]`);
}

const kept = () =>
  navigator.serviceWorker.ready.then(async ({ active }) => {
    while (active.state !== 'activated') await new Promise((done) => setTimeout(done, 50));
    return (await caches.keys()).length;
  });

/** Plays it on a house of its own; say takes what is wrong, shoot a picture. */
export async function coldStart(browser, house, { say, shoot }) {
  const home = `${house.site}/field/`;
  await enrol(browser, house.links.rep);
  await shoot('enrolled');
  if ((await browser.evaluate(kept)) !== 1) say('the app is not kept for when there is no network');
  await house.kill();
  await browser.newPage();
  await browser.goto(home);
  await shoot('locked, without a server');
  await unlock(browser);
  await browser.click(link('練習 太郎'));
  await browser.click(link('連絡を記録'));
  await browser.click(button('電話'));
  await browser.click(button('応答なし'));
  await browser.see(text('応答なし'));
  await shoot('a call, without a server');
  await browser.newPage();
  await browser.goto(home);
  await unlock(browser);
  await browser.click(link('練習 太郎'));
  await browser.see(logged('応答なし')); // sealed, and kept
  await house.start();
  await browser.goto(`${home}outbox`);
  await unlock(browser, '送信状況');
  await browser.see(text('すべてサーバー受領済み'));
  await shoot('all received');
}
