import { readFileSync } from 'node:fs';
import { engine } from './engine.mjs';
import { follow, part, phone, slowed, unlock } from './stage.mjs';
import { watched } from './tasks.mjs';

/** A week without a network lies on the phone: how the list of it scrolls, and how much memory that takes. */
export async function outbox() {
  const { context, page } = await phone();
  await context.setOffline(true);
  const sealing = await engine(context);
  await sealing.visits(part.visits, part.records, part.photos);
  await sealing.close();
  await slowed(page);
  await unlock(page);
  const longest = [];
  let process = 0;
  for (let n = 0; n < part.samples; n++) {
    await follow(page, '/field/');
    await page.locator('.fd-card').first().waitFor();
    await follow(page, '/field/outbox');
    await page.locator('.fd-outbox__item').first().waitFor();
    const tasks = await watched(page);
    await scroll(page);
    const seen = await tasks.end();
    longest.push(seen.longest);
    process = seen.process;
  }
  const memory = await memoryOf(page, process);
  await context.close();
  return { longest, ...memory };
}

/** Scrolls quickly to the end of the list. */
async function scroll(page) {
  const devtools = await page.context().newCDPSession(page);
  const fling = (yDistance) =>
    devtools.send('Input.synthesizeScrollGesture', {
      x: 180,
      y: 320,
      yDistance,
      speed: 4000,
      gestureSourceType: 'mouse',
    });
  while (!(await page.evaluate(isAtTheEnd))) await fling(-4000);
  await devtools.detach();
}

/** Runs in the page: nothing of the list is below the screen, and its last item is drawn. */
function isAtTheEnd() {
  const last = document.querySelector('.ta-branch:last-child');
  return (
    last.getBoundingClientRect().bottom <= innerHeight &&
    last.querySelector('.ta-leaf:last-child > .fd-outbox__item') !== null
  );
}

/** MB: what the page's process has for itself alone, and what of it its scripts hold after a collection. */
async function memoryOf(page, process) {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('HeapProfiler.collectGarbage');
  await devtools.send('Performance.enable');
  const { metrics } = await devtools.send('Performance.getMetrics');
  const heap = metrics.find(({ name }) => name === 'JSHeapUsedSize').value;
  const rollup = readFileSync(`/proc/${process}/smaps_rollup`, 'utf8');
  const kib = [...rollup.matchAll(/^(?:Private_(?:Clean|Dirty)|Swap): +(\d+) kB$/gm)].map(([, n]) => Number(n));
  return { heap: heap / 1e6, private: (kib.reduce((sum, n) => sum + n, 0) * 1024) / 1e6 };
}
