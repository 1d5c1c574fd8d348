// Plays the field app in a real Chromium, for e2e/doorstep: each line of standard input names a scene; what is otherwise than it should be in it is
// printed, a line each, and then a full stop.
import { createInterface } from 'node:readline';
import * as clocks from './doorstep/clocks.mjs';
import * as hands from './doorstep/hands.mjs';
import * as lines from './doorstep/lines.mjs';
import * as many from './doorstep/many.mjs';
import * as others from './doorstep/others.mjs';
import * as papers from './doorstep/papers.mjs';
import * as people from './doorstep/people.mjs';
import { lightUp } from './doorstep/phone.mjs';
import * as photos from './doorstep/photos.mjs';
import * as places from './doorstep/places.mjs';
import * as resume from './doorstep/resume.mjs';
import * as screens from './doorstep/screens.mjs';
import * as store from './doorstep/store.mjs';
import * as watch from './doorstep/watch.mjs';
import { close } from './story/phone.mjs';
import { closeDesk, mark, say, shootAll } from './story/stage.mjs';

const scenes = {
  ...places,
  ...photos,
  ...store,
  ...papers,
  ...resume,
  ...clocks,
  ...lines,
  ...people,
  ...screens,
  ...hands,
  ...watch,
  ...others,
  ...many,
};

for await (const name of createInterface({ input: process.stdin })) {
  mark(name);
  try {
    await lightUp();
    await scenes[name]();
  } catch (cause) {
    say(cause.stack.replaceAll('\n', ' '));
    await shootAll();
  }
  say('.');
}
await close();
await closeDesk();
process.exit();
