import { part, phone, slowed, unlock } from './stage.mjs';

/** The server is dead: the browser is started anew each time, the app opened, the PIN given, the list there and ready for a tap. */
export async function cold() {
  const locked = [];
  const unlocked = [];
  for (let n = 0; n < part.samples; n++) {
    const { context, page } = await phone();
    await slowed(page);
    const took = await unlock(page);
    locked.push(took.locked);
    unlocked.push(took.unlocked);
    await context.close();
  }
  return { locked, unlocked, both: locked.map((ms, n) => ms + unlocked[n]) };
}
