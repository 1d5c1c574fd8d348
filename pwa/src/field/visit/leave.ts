import { phone } from '../phone.ts';
import { placeFields } from '../place/fixes.ts';
import { pointOf } from '../place/match.ts';
import { startSampling } from '../place/sampler.ts';
import { endList } from './timeline.ts';
import type { Held } from './use.ts';

/** A position is waited for no longer than this: the rep is to go. */
const patience = 1200;

/** 退去要求: ends the visit at once and keeps that it was asked for. */
export async function leaveAtOnce(v: Held): Promise<void> {
  const app = phone();
  const sampler = startSampling(() => app.now());
  const sample = await sampler.settle(patience);
  sampler.stop();
  const records = endList(await app.visit(v.visit));
  await app.seal({
    kind: 'visit.ended',
    case: v.caseID,
    visit: v.visit,
    fields: [
      ...placeFields(sample, app.now(), pointOf(v.case?.facts.address_point)),
      ['outcome', 'asked_to_leave'],
      ['records', records],
    ],
  });
}
