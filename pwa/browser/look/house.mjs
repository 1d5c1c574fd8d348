// A built program for the camera: with a data directory of its own, that can be killed and started again on the same address.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';

const freePort = () =>
  new Promise((done) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

/** Starts the program; gone takes everything away. */
export async function house(program) {
  const port = await freePort();
  const dir = mkdtempSync(path.join(tmpdir(), 'tachiai-look-'));
  const env = {
    ...process.env,
    LISTEN: `127.0.0.1:${port}`,
    PUBLIC_URL: `http://localhost:${port}`,
    DATA_DIR: path.join(dir, 'var'),
    CHECKPOINT_INTERVAL: '1s',
    AGENCY_NAME: '株式会社みなと人材',
    AGENCY_CONTACT: '株式会社みなと人材 個人情報相談窓口 03-0000-0148',
  };
  mkdirSync(env.DATA_DIR, { mode: 0o711 });

  /** Runs a command and gathers what it prints, until it prints what is waited for or ends. */
  const run = (command, until) =>
    new Promise((done, fail) => {
      const child = spawn(program, [command], { env, cwd: dir, stdio: ['ignore', 'pipe', 'pipe'] });
      let said = '';
      let faults = '';
      child.stdout.on('data', (text) => {
        said += text;
        if (until?.test(said)) done({ child, said });
      });
      child.stderr.on('data', (text) => {
        faults = (faults + text).slice(-2000);
      });
      child.on('exit', (code) =>
        code === 0 ? done({ child, said }) : fail(new Error(`${command} ended with ${code}\n${said}\n${faults}`)),
      );
    });

  let serving = await run('serve', /Ctrl-C/);
  const end = async (signal) => {
    if (serving.child.exitCode !== null || serving.child.signalCode !== null) return;
    const ended = new Promise((done) => serving.child.on('exit', done));
    serving.child.kill(signal);
    await ended;
  };
  return {
    dir,
    site: env.PUBLIC_URL,
    /** The one-time links of the first start, by role. */
    links: Object.fromEntries(
      [...serving.said.matchAll(/(\w+) +\S+\s+(http\S+\/enrol#\S+)/g)].map(([, role, link]) => [role, link]),
    ),
    demo: async () => (await run('demo')).said,
    kill: () => end('SIGKILL'),
    start: async () => {
      serving = await run('serve', /Ctrl-C/);
    },
    gone: async () => {
      await end('SIGINT');
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
