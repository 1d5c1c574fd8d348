import { useState } from 'preact/hooks';
import { type Role, roles } from '../../core/record/index.ts';
import { Button, Checkbox, Chip, Field, Page, TextInput } from '../../ui/index.ts';
import { type Member, members } from '../api.ts';
import { useLoaded } from '../hooks.ts';
import { listed, roleText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { Until } from '../refused.tsx';
import { may, people, refreshPeople, say } from '../state.ts';
import { t } from '../words/index.ts';
import { CodeDialog } from './code.tsx';

/** MembersPage lists who works here; an administrator adds members and lets them in. */
export function MembersPage() {
  const loaded = useLoaded(async () => {
    await refreshPeople();
    return people.value;
  }, []);
  const [adding, setAdding] = useState(false);
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
                {p.active && <Codes member={p} issue={(purpose) => setCoding({ member: p, purpose })} />}
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
    <div class="ta-row">
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
    </div>
  );
}

function Add({ open, onClose, onAdded }: { open: boolean; onClose(): void; onAdded(name: string): void }) {
  const [name, setName] = useState('');
  const [chosen, setChosen] = useState<Role[]>(['rep']);
  const [tried, setTried] = useState(false);
  const close = () => {
    setName('');
    setChosen(['rep']);
    setTried(false);
    onClose();
  };
  const act = async () => {
    setTried(true);
    if (name.trim() === '' || chosen.length === 0) return false;
    await members.add(name.trim(), chosen);
    onAdded(name.trim());
    return true;
  };
  return (
    <Ask open={open} title={t('members.add_title')} deed={t('members.add_do')} act={act} onClose={close}>
      <Field label={t('members.name')} required error={tried && name.trim() === '' ? t('members.name_needed') : ''}>
        <TextInput value={name} maxLength={200} onInput={(e) => setName(e.currentTarget.value)} />
      </Field>
      <fieldset class="ta-field ta-group">
        <legend class="ta-field__label">{t('members.roles')}</legend>
        <p class="ta-field__hint">{t('members.roles_hint')}</p>
        {roles.map(({ code }) => (
          <Checkbox
            key={code}
            checked={chosen.includes(code)}
            hint={t(`members.role.${code}`)}
            onChange={(on) => setChosen(on ? [...chosen, code] : chosen.filter((other) => other !== code))}
          >
            {roleText(code)}
          </Checkbox>
        ))}
        {tried && chosen.length === 0 && (
          <p class="ta-field__error" role="alert">
            {t('members.roles_needed')}
          </p>
        )}
      </fieldset>
    </Ask>
  );
}
