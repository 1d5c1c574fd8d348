import { useState } from 'preact/hooks';
import { Button, Chip, Page } from '../../ui/index.ts';
import type { Member } from '../api.ts';
import { useLoaded } from '../hooks.ts';
import { listed, roleText } from '../label.ts';
import { Until } from '../refused.tsx';
import { may, people, refreshPeople, resume, say, self } from '../state.ts';
import { t } from '../words/index.ts';
import { Add, Change } from './change.tsx';
import { CodeDialog } from './code.tsx';

/** MembersPage lists who works here; an administrator adds members and lets them in. */
export function MembersPage() {
  const loaded = useLoaded(async () => {
    await refreshPeople();
    return people.value;
  }, []);
  const [adding, setAdding] = useState(false);
  const [changing, setChanging] = useState<Member | undefined>(undefined);
  const [coding, setCoding] = useState<{ member: Member; purpose: 'phone' | 'office' } | undefined>(undefined);
  return (
    <Page
      title={t('members.title')}
      beside={
        may('admin') && (
          <Button kind="primary" icon="plus" onClick={() => setAdding(true)}>
            {t('members.add')}
          </Button>
        )
      }
    >
      <Until loaded={loaded}>
        {() => (
          <ul class="office-cards" aria-label={t('members.caption')}>
            {people.value.map((p) => (
              <li key={p.id} class="ta-sheet ta-stack ta-stack--close">
                <div class="ta-row ta-row--apart">
                  <h2>{p.name}</h2>
                  {!p.active && <Chip>{t('members.is_inactive')}</Chip>}
                </div>
                <p class="ta-small">{listed(p.roles.map(roleText)) || t('none')}</p>
                <div class="ta-row">
                  {p.active && <Codes member={p} issue={(purpose) => setCoding({ member: p, purpose })} />}
                  {may('admin') && (
                    <Button icon="edit" onClick={() => setChanging(p)} aria-label={`${t('members.change')}: ${p.name}`}>
                      {t('members.change')}
                    </Button>
                  )}
                </div>
              </li>
            ))}
          </ul>
        )}
      </Until>
      <Add
        open={adding}
        onClose={() => setAdding(false)}
        onAdded={(name) => {
          say(t('members.added', { name }));
          loaded.reload();
        }}
      />
      <Change
        member={changing}
        onClose={() => setChanging(undefined)}
        onChanged={(name) => {
          say(t('members.changed', { name }));
          loaded.reload();
          // Whoever changes himself may see other screens from now on, or none.
          if (changing?.id === self()?.id) void resume();
        }}
      />
      <CodeDialog member={coding?.member} purpose={coding?.purpose ?? 'phone'} onClose={() => setCoding(undefined)} />
    </Page>
  );
}

/** Codes are the ways in for a member: a phone for a rep, a link for whoever works in the office. */
function Codes({ member: p, issue }: { member: Member; issue(purpose: 'phone' | 'office'): void }) {
  const onlyRep = p.roles.length === 1 && p.roles[0] === 'rep';
  const able = may('admin') || (may('reviewer') && onlyRep);
  if (!able) return null;
  return (
    <>
      {p.roles.includes('rep') && (
        <Button icon="qr" onClick={() => issue('phone')} aria-label={`${t('members.code_phone')}: ${p.name}`}>
          {t('members.code_phone')}
        </Button>
      )}
      {p.roles.some((r) => r !== 'rep') && (
        <Button icon="key" onClick={() => issue('office')} aria-label={`${t('members.code_office')}: ${p.name}`}>
          {t('members.code_office')}
        </Button>
      )}
    </>
  );
}
