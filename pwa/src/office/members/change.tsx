import { useEffect, useState } from 'preact/hooks';
import { type Role, roles } from '../../core/record/index.ts';
import { Checkbox, Field, TextInput } from '../../ui/index.ts';
import { type Member, members } from '../api.ts';
import { roleText } from '../label.ts';
import { Ask } from '../reason.tsx';
import { t } from '../words/index.ts';

/** What there is to say about a member. */
interface Typed {
  name: string;
  roles: readonly Role[];
}

const nobody: Typed = { name: '', roles: ['rep'] };

const filled = (typed: Typed) => typed.name.trim() !== '' && typed.roles.length > 0;

/** Add takes in a member. */
export function Add({ open, onClose, onAdded }: { open: boolean; onClose(): void; onAdded(name: string): void }) {
  const [typed, setTyped] = useState(nobody);
  const [tried, setTried] = useState(false);
  const close = () => {
    setTyped(nobody);
    setTried(false);
    onClose();
  };
  const act = async () => {
    setTried(true);
    if (!filled(typed)) return false;
    await members.add(typed.name.trim(), [...typed.roles]);
    onAdded(typed.name.trim());
    return true;
  };
  return (
    <Ask open={open} title={t('members.add_title')} deed={t('members.add_do')} act={act} onClose={close}>
      <Fields typed={typed} tried={tried} onTyped={setTyped} />
    </Ask>
  );
}

export interface ChangeProps {
  /** Who is changed; undefined: nobody, and the dialog is shut. */
  member: Member | undefined;
  onClose(): void;
  onChanged(name: string): void;
}

/** Change gives a member another name or other roles, lets him go, or takes him back. */
export function Change({ member, onClose, onChanged }: ChangeProps) {
  const [typed, setTyped] = useState(nobody);
  const [active, setActive] = useState(true);
  const [tried, setTried] = useState(false);
  useEffect(() => {
    if (!member) return;
    setTyped({ name: member.name, roles: member.roles });
    setActive(member.active);
    setTried(false);
  }, [member]);
  const act = async () => {
    setTried(true);
    if (!member || !filled(typed)) return false;
    await members.change(member.id, { name: typed.name.trim(), roles: [...typed.roles], active });
    onChanged(typed.name.trim());
    return true;
  };
  return (
    <Ask
      open={member !== undefined}
      title={t('members.change_title', { name: member?.name ?? '' })}
      hint={t('members.change_hint')}
      deed={t('members.change_do')}
      act={act}
      onClose={onClose}
    >
      <Fields typed={typed} tried={tried} onTyped={setTyped} />
      <Checkbox checked={active} hint={t('members.active_hint')} onChange={setActive}>
        {t('members.active')}
      </Checkbox>
    </Ask>
  );
}

function Fields({ typed, tried, onTyped }: { typed: Typed; tried: boolean; onTyped(typed: Typed): void }) {
  return (
    <>
      <Field
        label={t('members.name')}
        required
        error={tried && typed.name.trim() === '' ? t('members.name_needed') : ''}
      >
        <TextInput
          value={typed.name}
          maxLength={200}
          onInput={(e) => onTyped({ ...typed, name: e.currentTarget.value })}
        />
      </Field>
      <fieldset class="ta-field ta-group">
        <legend class="ta-field__label">{t('members.roles')}</legend>
        <p class="ta-field__hint">{t('members.roles_hint')}</p>
        {roles.map(({ code }) => (
          <Checkbox
            key={code}
            checked={typed.roles.includes(code)}
            hint={t(`members.role.${code}`)}
            onChange={(on) =>
              onTyped({ ...typed, roles: on ? [...typed.roles, code] : typed.roles.filter((other) => other !== code) })
            }
          >
            {roleText(code)}
          </Checkbox>
        ))}
        {tried && typed.roles.length === 0 && (
          <p class="ta-field__error" role="alert">
            {t('members.roles_needed')}
          </p>
        )}
      </fieldset>
    </>
  );
}
