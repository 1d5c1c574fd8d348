// The store's tests and a cold start in a WebKit engine, for make look. It is WebKitGTK, not iOS: see webkit/driver.mjs. Prints what is wrong, and
// ends with 1 when something is.
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { house } from './look/house.mjs';
import { coldStart } from './webkit/cold.mjs';
import { webkit } from './webkit/driver.mjs';
import { storeSuite } from './webkit/store.mjs';

const [program, out] = process.argv.slice(2).map((arg) => path.resolve(arg));
const faults = [];
const say = (fault) => faults.push(fault);
mkdirSync(out, { recursive: true });

const browser = await webkit({ width: 360, height: 640 });
const h = await house(program);
const shoot = async (name) =>
  writeFileSync(path.join(out, `webkit-${name.replaceAll(/\W+/g, '-')}.png`), await browser.picture());
try {
  const tests = await storeSuite(browser);
  for (const { name, state, faults } of tests) if (state !== 'pass') say(`${name}: ${state} ${faults.join('\n')}`);
  if (tests.length === 0) say('the store has no tests');
  await coldStart(browser, h, { say, shoot });
  process.stdout.write(
    `${browser.version} (not iOS): ${tests.length} tests of the store, a cold start, ${faults.length} faults\n`,
  );
} catch (fault) {
  await shoot('end').catch(() => undefined);
  throw fault;
} finally {
  await browser.quit();
  await h.gone();
}
for (const fault of faults) process.stdout.write(`${fault}\n`);
process.exitCode = faults.length > 0 ? 1 : 0;
