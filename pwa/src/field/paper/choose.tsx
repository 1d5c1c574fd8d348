import { Icon, Notice } from '../../ui/index.ts';
import { Screen } from '../screen.tsx';
import { Missing } from '../visit/missing.tsx';
import { useVisit } from '../visit/use.ts';
import { t } from '../words/paper.ts';

const papers = [
  { id: 'disposal_declaration', name: 'choose_disposal', when: 'choose_disposal_when' },
  { id: 'loss_report', name: 'choose_loss', when: 'choose_loss_when' },
] as const;

/** PapersPage is the choice of a paper, by what the worker says. */
export function PapersPage({ visitID = '' }: { visitID?: string }) {
  const v = useVisit(visitID);
  if (v.records && !v.standing) return <Missing title={t('title')} />;
  const at = `/field/visit/${visitID}`;
  const identified = v.records?.some((r) => r.kind === 'identity.checked') ?? true;
  return (
    <Screen title={t('title')} of={v.case} back={at}>
      <p>{t('choose_what')}</p>
      {!identified && (
        <Notice kind="info">
          <p>
            <a href={`${at}/identity`}>{t('choose_identity')}</a>
          </p>
        </Notice>
      )}
      <ul class="fd-choose">
        {papers.map((p) => (
          <li key={p.id}>
            <a class="fd-card" href={`${at}/paper/${p.id}`}>
              <strong class="fd-card__name">{t(p.name)}</strong>
              <span>{t(p.when)}</span>
            </a>
          </li>
        ))}
        <li>
          <a class="fd-card" href={`${at}/hearing`}>
            <strong class="fd-card__name">{t('choose_hearing')}</strong>
            <span>{t('choose_hearing_when')}</span>
          </a>
        </li>
        <li>
          <a class="fd-card" href={`${at}/paper/return_receipt`}>
            <strong class="fd-card__name">{t('receipt_title')}</strong>
            <span>{t('choose_receipt_when')}</span>
          </a>
        </li>
        <li>
          <a class="fd-card" href={`${at}/absence`}>
            <strong class="fd-card__name">{t('choose_absence')}</strong>
            <span>{t('choose_absence_when')}</span>
          </a>
        </li>
      </ul>
      <p class="fd-clear">
        <Icon name="info" />
        {t('choose_free')}
      </p>
    </Screen>
  );
}
