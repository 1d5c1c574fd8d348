// Measures the screens in a real Chromium for bench/screens.go: one act a run, told in JSON, answered in JSON with the times in milliseconds. A
// person's typing is never measured, and everything is taken by the page's own clock.
import { cold } from './bench/cold.mjs';
import { enrol } from './bench/enrol.mjs';
import { link } from './bench/link.mjs';
import { outbox } from './bench/outbox.mjs';
import { photo } from './bench/photo.mjs';
import { save } from './bench/save.mjs';
import { signal } from './bench/signal.mjs';

const acts = { cold, enrol, link, outbox, photo, save, signal };

process.stdout.write(JSON.stringify(await acts[process.argv[2]]()));
process.exit();
