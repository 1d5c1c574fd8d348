// The story, from the first sign-in to a link that is green: for its test, and for its pictures.
import * as client from './client.mjs';
import * as office from './office.mjs';
import * as phone from './phone.mjs';
import { fate, mark } from './stage.mjs';

/** Plays it, and gives the link that was issued. */
export async function play() {
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
  await office.approve(await office.approver(), disclosure);
  const issued = await office.issue(reviewer, disclosure);
  mark('the link is issued');
  await client.green(issued);
  return issued;
}
