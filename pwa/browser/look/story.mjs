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
  const [{ play }, phone, stage] = await Promise.all([
    import('../story/play.mjs'),
    import('../story/phone.mjs'),
    import('../story/stage.mjs'),
  ]);
  try {
    await play();
  } catch (fault) {
    await stage.shootAll();
    throw fault;
  } finally {
    await phone.close();
    await stage.closeDesk();
    control.close();
  }
}
