// A WebKit engine, driven by W3C WebDriver (https://www.w3.org/TR/webdriver2/): WebKitGTK's MiniBrowser on a screen that nobody sees. It is the
// engine of Safari with another network, graphics and process model below: what passes here may still fail on an iPhone.
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createServer } from 'node:net';

const element = 'element-6066-11e4-a52e-4f735466cecf'; // the standard's name for a reference to one

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

function miniBrowser() {
  for (const libraries of [
    '/usr/lib/x86_64-linux-gnu',
    '/usr/lib/aarch64-linux-gnu',
    '/usr/libexec',
    '/usr/lib64',
    '/usr/lib',
  ])
    for (const name of existsSync(libraries) ? readdirSync(libraries) : []) {
      const found = `${libraries}/${name}/MiniBrowser`;
      if (/^webkit2?gtk-/.test(name) && existsSync(found)) return found;
    }
  throw new Error("no WebKit: install Debian's webkit2gtk-driver and xvfb");
}

/** Starts a program that is to run beside us, and says when it is missing. */
function beside(command, args, env) {
  const child = spawn(command, args, { stdio: 'ignore', env: { ...process.env, ...env } });
  const failed = new Promise((_, fail) => {
    child.on('error', () => fail(new Error(`${command} is missing: install Debian's webkit2gtk-driver and xvfb`)));
  });
  failed.catch(() => undefined);
  return { child, failed };
}

/** Starts WebKit; quit ends all that was started. */
export async function webkit({ width, height }) {
  const binary = miniBrowser();
  const port = await freePort();
  const display = `:${20_000 + (port % 10_000)}`;
  const screen = beside('Xvfb', [display, '-screen', '0', '1300x900x24', '-nolisten', 'tcp']);
  const driver = beside('WebKitWebDriver', [`--port=${port}`], { DISPLAY: display, LIBGL_ALWAYS_SOFTWARE: '1' });
  const end = () => {
    driver.child.kill();
    screen.child.kill();
  };

  const call = async (method, where, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${where}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(`${method} ${where}: ${value.error}: ${value.message}`);
    return value;
  };
  const listening = async () => {
    for (let n = 0; ; n++) {
      const up = await call('GET', '/status').catch(() => undefined);
      if (up) return;
      if (n > 300) throw new Error('WebKitWebDriver does not answer');
      await new Promise((done) => setTimeout(done, 100));
    }
  };

  try {
    await Promise.race([listening(), driver.failed, screen.failed]);
    const wanted = { browserName: 'MiniBrowser', 'webkitgtk:browserOptions': { binary, args: ['--automation'] } };
    const { sessionId, capabilities } = await call('POST', '/session', { capabilities: { alwaysMatch: wanted } });
    const at = (method, where, body) => call(method, `/session/${sessionId}${where}`, body);
    await at('POST', '/timeouts', { script: 120_000, implicit: 30_000, pageLoad: 60_000 });
    await at('POST', '/window/rect', { width, height });
    const find = async (using, value) => (await at('POST', '/element', { using, value }))[element];
    return {
      version: `WebKitGTK ${capabilities.browserVersion}`,
      goto: (url) => at('POST', '/url', { url }),
      reload: () => at('POST', '/refresh', {}),
      /** Calls an async function in the page. */
      evaluate: async (act, ...args) => {
        const script = `const done = arguments[arguments.length - 1];
          (${act})(...[...arguments].slice(0, -1)).then((value) => done({ value }), (fault) => done({ fault: String(fault?.stack ?? fault) }));`;
        const { value, fault } = await at('POST', '/execute/async', { script, args });
        if (fault) throw new Error(fault);
        return value;
      },
      /** Waits until an element is there. */
      see: (xpath) => find('xpath', xpath),
      /** Clicks an element once it can be: a screen may be on its way. */
      click: async (xpath) => {
        for (let n = 0; ; n++) {
          try {
            return await at('POST', `/element/${await find('xpath', xpath)}/click`, {});
          } catch (fault) {
            if (n === 100 || !/not interactable|stale|intercepted/.test(fault.message)) throw fault;
          }
          await new Promise((done) => setTimeout(done, 100));
        }
      },
      type: async (xpath, text) => at('POST', `/element/${await find('xpath', xpath)}/value`, { text }),
      picture: async () => Buffer.from(await at('GET', '/screenshot'), 'base64'),
      /** Leaves this page for a new one, as one who closes the app and opens it again. */
      newPage: async () => {
        const { handle } = await at('POST', '/window/new', { type: 'tab' });
        await at('DELETE', '/window');
        await at('POST', '/window', { handle });
        await at('POST', '/window/rect', { width, height });
      },
      quit: async () => {
        await at('DELETE', '').catch(() => undefined);
        end();
      },
    };
  } catch (fault) {
    end();
    throw fault;
  }
}
