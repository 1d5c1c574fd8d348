import { codeList, type State } from './code.ts';

/** How a visit ended (訪問結果). */
export type Outcome =
  | 'returned'
  | 'discarded_claimed'
  | 'lost_claimed'
  | 'met_only'
  | 'absent'
  | 'refused'
  | 'asked_to_leave'
  | 'moved'
  | 'disputed'
  | 'unsafe_unknown';

/** Every Outcome. */
export const outcomes = codeList<Outcome>(
  ['returned', '返却', 'returned'],
  ['discarded_claimed', '廃棄申告', 'said to be discarded'],
  ['lost_claimed', '紛失申告', 'said to be lost'],
  ['met_only', '面会のみ', 'met only'],
  ['absent', '不在', 'absent'],
  ['refused', '応答拒否', 'would not respond'],
  ['asked_to_leave', '退去要求', 'asked to leave'],
  ['moved', '転居', 'moved away'],
  ['disputed', '係争主張', 'disputed'],
  ['unsafe_unknown', '安否不明', 'welfare unknown'],
);

/**
 * Where a visit that ended so takes its case: back to contacting for every
 * outcome that settles nothing, and for a text that is none.
 */
export function stateOf(outcome: string): State {
  switch (outcome) {
    case 'returned':
      return 'recovered';
    case 'discarded_claimed':
    case 'lost_claimed':
      return 'stated';
    case 'refused':
    case 'asked_to_leave':
      return 'refused';
    case 'disputed':
      return 'disputed';
    case 'unsafe_unknown':
      return 'welfare';
    default:
      return 'contacting';
  }
}
