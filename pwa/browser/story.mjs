// Plays the whole story in real browsers, for e2e/story: see there what it is told. Prints what is otherwise than it should be, a line each; nothing
// when all is well. With pictures asked for it also says on standard error how long each chapter took.
import * as client from './story/client.mjs';
import * as phone from './story/phone.mjs';
import { play } from './story/play.mjs';
import { closeDesk, fate, mark, say, shootAll } from './story/stage.mjs';

try {
  const issued = await play();
  await fate('photo');
  await client.redPhoto(issued);
  await fate('document');
  await client.noDocument(issued);
  await fate('record');
  await client.redRecord(issued);
  mark('the end');
} catch (cause) {
  say(cause.stack);
  await shootAll();
} finally {
  await phone.close();
  await closeDesk();
  process.exit();
}
