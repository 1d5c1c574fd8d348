import type { Disclosure } from '../../core/history/index.ts';
import type { Tone } from '../../ui/index.ts';

/** The tone of a disclosure's state. Revoking is a decision, not a fault: red is for loss and falsification. */
export function disclosureTone(state: Disclosure['state']): Tone {
  switch (state) {
    case 'prepared':
      return 'warning';
    case 'approved':
      return 'accent';
    case 'acknowledged':
      return 'success';
    default:
      return 'neutral';
  }
}
