import 'fake-indexeddb/auto';
import { describe, expect, test } from 'vitest';
import { simulate } from './testing/simulate.ts';

// Fixed seeds; `make soak` runs fresh ones without end. A failing seed is in the
// name of its test, or printed: `SEED=n vitest run src/engine/simulation.test.ts`
// replays it.
const seeds = process.env.SEED
  ? [Number(process.env.SEED)]
  : Array.from({ length: Number(process.env.SEEDS ?? 40) }, (_, i) => i + 1);

describe('L12 L13 L19 L32 L34: nothing is lost, nothing is double, the queue drains', () => {
  test.each(seeds)('seed %i', { timeout: 60_000 }, async (seed) => {
    const told = await simulate(seed);
    expect(told.faults).toEqual([]);
  });
});
