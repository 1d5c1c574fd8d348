// Plays the story of e2e/story on a house of its own for its pictures: all screens of the phone, and the dialogs of the office.
import { createServer } from 'node:http';

/** Plays it; photo is a file as a camera would give it. */
export async function story(h, { chromium, pictures, photo }) {
  const control = createServer(async (request, answer) => {
    try {
      await (request.url === '/kill' ? h.kill() : h.start());
      answer.end();
    } catch (fault) {
      answer.writeHead(500).end(String(fault));
    }
  });
  await new Promise((done) => control.listen(0, '127.0.0.1', done));
  // the stage reads its part where the test of the story leaves it
  process.argv[2] = JSON.stringify({
    language: 'ja',
    site: h.site,
    links: h.links,
    control: `http://127.0.0.1:${control.address().port}`,
    photo,
    dir: h.dir,
    chromium,
    pictures,
    bothSizes: true,
  });
  const [office, phone, client, stage] = await Promise.all([
    import('../story/office.mjs'),
    import('../story/phone.mjs'),
    import('../story/client.mjs'),
    import('../story/stage.mjs'),
  ]);
  try {
    const reviewer = await office.reviewer();
    const caseURL = await office.openCase(reviewer);
    await phone.enrol(await office.phoneLink(reviewer));
    await phone.receiveCase();
    await stage.fate('kill');
    await phone.close();
    await phone.openCold();
    await phone.startVisit();
    await phone.takePhoto();
    await phone.killAndResume();
    await phone.prepareDeclaration();
    await phone.answerAndCrash();
    await phone.readOnTheSmallest();
    await phone.consent();
    await phone.sign();
    await phone.endVisit();
    const records = await phone.outboxWaits();
    await stage.fate('start');
    await phone.sync(records);
    await phone.close();
    await office.approveVisit(reviewer);
    const disclosure = await office.prepare(reviewer, caseURL);
    await office.approve(await office.approver(), disclosure);
    await client.green(await office.issue(reviewer, disclosure));
  } catch (fault) {
    await stage.shootAll();
    throw fault;
  } finally {
    await phone.close();
    await stage.closeDesk();
    control.close();
  }
}
