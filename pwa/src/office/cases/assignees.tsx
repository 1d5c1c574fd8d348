import type { ID } from '../../core/record/index.ts';
import { Checkbox } from '../../ui/index.ts';
import { people } from '../state.ts';
import { t } from '../words/index.ts';

/** Assignees is a choice among the reps. One who is assigned and no rep any more stays in the list, so that he can be taken off. */
export function Assignees({ chosen, onChange }: { chosen: readonly ID[]; onChange(chosen: ID[]): void }) {
  const reps = people.value.filter((p) => (p.active && p.roles.includes('rep')) || chosen.includes(p.id));
  if (reps.length === 0) return <p class="ta-soft">{t('case.assign_none')}</p>;
  return (
    <fieldset class="ta-field ta-group">
      <legend class="ta-hidden">{t('new.assign')}</legend>
      <div class="ta-group__choices ta-group__choices--inline">
        {reps.map((p) => (
          <Checkbox
            key={p.id}
            checked={chosen.includes(p.id)}
            onChange={(on) => onChange(on ? [...chosen, p.id] : chosen.filter((other) => other !== p.id))}
          >
            {p.name}
          </Checkbox>
        ))}
      </div>
    </fieldset>
  );
}
