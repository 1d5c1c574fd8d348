import type { MemberChoice } from '../../engine/index.ts';

/**
 * Whom the phone may be given to: everyone else who has enrolled here. An enrolment
 * whose PIN was forgotten is left out once nothing of it is unsent and the same
 * person has another one that opens.
 */
export function switchable(members: readonly MemberChoice[]): MemberChoice[] {
  const opens = (m: MemberChoice) => m.current || !m.locked;
  const isSpent = (m: MemberChoice) =>
    !opens(m) && m.unsent === 0 && members.some((o) => o.space !== m.space && o.id === m.id && opens(o));
  return members.filter((m) => !m.current && !isSpent(m));
}
