import { phone } from '../phone.ts';
import { best } from './fixes.ts';
import type { Point } from './match.ts';
import { startSampling } from './sampler.ts';

/** So long somebody who looks at a list waits for a position. */
const patience = 8000;

/** Measures where the phone is, once, for the eye alone: nothing of it is kept. Undefined: it cannot be had. */
export async function measureOnce(): Promise<Point | undefined> {
  const now = () => phone().now();
  const sampler = startSampling(now);
  const sample = await sampler.settle(patience);
  sampler.stop();
  return best(sample, now());
}
