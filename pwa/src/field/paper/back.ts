import { isPenned } from './draft.ts';
import { takeBack } from './handed.ts';
import type { PaperProps } from './paper.tsx';

/** Takes the phone back to the rep without anything being signed; what was filled in stays, and he stands before it, also after a kill. */
export function backToRep({ v, t: paper, d, change }: PaperProps): void {
  if (d.second) takeBack(`/field/visit/${v.visit}`);
  else
    void change({ stage: isPenned(paper, d) ? 'read' : 'rep' }).then(() =>
      takeBack(`/field/visit/${v.visit}/paper/${d.template}`),
    );
}
