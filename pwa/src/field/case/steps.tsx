import type { Case } from '../../core/history/index.ts';
import { formatDay, Icon, type IconName } from '../../ui/index.ts';
import { phone } from '../phone.ts';
import { inForce } from '../policy.ts';
import { t } from '../words/index.ts';
import { known, type Own } from './conduct.ts';
import { ladder, type Rung, stillToTry } from './ladder.ts';

const icons: Record<Rung['step'], IconName> = { phone: 'phone', message: 'message', letter: 'file', visit: 'door' };

/** Steps shows at a glance how far one has gone: the gentler ways before the visit, how often each, and when last. */
export function Steps({ of: c, own }: { of: Case; own: Own }) {
  const app = phone();
  const k = known(c, own);
  const rule = inForce(app.policies.value).rules.find((r) => r.check === 'attempts_before_first');
  const left = rule?.limit === undefined ? 0 : stillToTry(k, rule.limit);
  return (
    <section class="ta-stack ta-stack--close" aria-labelledby="ladder">
      <h2 id="ladder">{t('ladder')}</h2>
      <ol class="fd-ladder">
        {ladder(k).map((r) => (
          <li key={r.step} class={r.tries > 0 ? 'fd-ladder__rung fd-ladder__rung--tried' : 'fd-ladder__rung'}>
            <Icon name={icons[r.step]} />
            <span class="fd-ladder__way">{t(`ladder_${r.step}`)}</span>
            <span class="fd-ladder__count">{r.tries > 0 ? t('ladder_times', { n: r.tries }) : t('ladder_none')}</span>
            <span class="fd-ladder__last">{r.last === undefined ? '' : formatDay(r.last)}</span>
          </li>
        ))}
      </ol>
      {left > 0 && <p class="ta-small ta-soft">{t('ladder_left', { n: left })}</p>}
    </section>
  );
}
