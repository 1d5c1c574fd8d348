/**
 * Fresh worlds without end (`make soak`), until one breaks a promise: then its
 * seed is printed, and what was broken. The argument is a number of minutes to
 * stop after.
 */
import 'fake-indexeddb/auto';
import { randomBytes } from 'node:crypto';
import { simulate, type Told } from './simulate.ts';

const minutes = Number(process.argv[2] || Number.POSITIVE_INFINITY);
const every = 60_000;

const began = performance.now();
const sum = { worlds: 0, sealed: 0, requests: 0, crashes: 0, restored: 0 };
let told = began;

function tell(): void {
  const { worlds, sealed, requests, crashes, restored } = sum;
  const took = Math.round((performance.now() - began) / 60_000);
  process.stdout.write(
    `${worlds} seeds in ${took} min: ${sealed} records sealed, ${requests} requests, ${crashes} crashes, ${restored} restored databases\n`,
  );
}

for (let seed = randomBytes(4).readUInt32BE(); performance.now() - began < minutes * 60_000; seed++) {
  let result: Told;
  try {
    result = await simulate(seed);
  } catch (error) {
    process.stderr.write(`SEED=${seed} failed: ${error instanceof Error ? error.stack : error}\n`);
    process.exit(1);
  }
  sum.worlds++;
  sum.sealed += result.sealed;
  sum.requests += result.requests;
  sum.crashes += result.crashes;
  sum.restored += result.restored;
  if (result.faults.length > 0) {
    process.stderr.write(`SEED=${seed} failed:\n${result.faults.join('\n')}\n`);
    tell();
    process.exit(1);
  }
  if (performance.now() - told > every) {
    told = performance.now();
    tell();
  }
}
tell();
process.exit(0);
