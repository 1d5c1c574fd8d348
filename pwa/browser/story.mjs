// Plays the whole story in real browsers, for e2e/story: see there what it is told. Prints what is otherwise than it should be, a line each; nothing
// when all is well. With pictures asked for it also says on standard error how long each chapter took.
import * as client from './story/client.mjs';
import * as office from './story/office.mjs';
import * as phone from './story/phone.mjs';
import { closeDesk, fate, mark, say, shootAll } from './story/stage.mjs';

try {
  const reviewer = await office.reviewer();
  const caseURL = await office.openCase(reviewer);
  await phone.enrol(await office.phoneLink(reviewer));
  await phone.receiveCase();
  mark('the case is on the phone');

  await fate('kill');
  await phone.close();
  await phone.openCold();
  await phone.startVisit();
  await phone.takePhoto();
  await phone.killAndResume();
  mark('the visit goes on after a kill');
  await phone.prepareDeclaration();
  await phone.answerAndCrash();
  await phone.readOnTheSmallest();
  await phone.consent();
  await phone.sign();
  await phone.endVisit();
  const records = await phone.outboxWaits();
  mark('the visit is over');

  await fate('start');
  await phone.sync(records);
  await phone.close();
  mark('everything is received');

  await office.approveVisit(reviewer);
  const disclosure = await office.prepare(reviewer, caseURL);
  const second = await office.approver();
  await office.approve(second, disclosure);
  const issued = await office.issue(reviewer, disclosure);
  mark('the link is issued');

  await client.green(issued);
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
