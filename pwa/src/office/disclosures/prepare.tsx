import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { clientText } from '../../core/form/index.ts';
import type { Case } from '../../core/history/index.ts';
import { formFields, type ID, inLanguage, newID, type Opened, text as textOf, tree } from '../../core/record/index.ts';
import {
  Button,
  Checkbox,
  Field,
  formatDateTime,
  formatTime,
  Notice,
  Page,
  RadioGroup,
  TextInput,
} from '../../ui/index.ts';
import { cases, disclosures, visits } from '../api.ts';
import { useAct, useLoaded } from '../hooks.ts';
import { Refused, Until } from '../refused.tsx';
import { sayNext } from '../state.ts';
import { isDrawn, type Photo, small } from '../visit/album.ts';
import { type Entry, readEntries } from '../visit/entry.ts';
import { methodText, photoText } from '../visit/label.ts';
import { placeholder } from '../visit/photos.tsx';
import { usePicture } from '../visit/picture.ts';
import { findTemplate } from '../visit/template.ts';
import { lang, t } from '../words/index.ts';
import { type Choice, choices, disclosable, photoKey, shownAs } from './choice.ts';

interface Material {
  case: Case;
  declarations: (Choice & { title: string })[];
  photos: Photo[];
  /** Where in the ledger the decision on each visit stands: what came later, nobody has looked at. */
  reviewed: ReadonlyMap<ID, number>;
}

/** PreparePage chooses what one recipient may see. Nothing reaches him before another person has approved it. */
export function PreparePage() {
  const { params } = useRoute();
  const id = params.case ?? '';
  const loaded = useLoaded(() => gather(id), [id]);
  return (
    <Page title={t('prepare.title')} back={`/office/cases/${id}`}>
      <Until loaded={loaded}>
        {(m) =>
          m.declarations.length === 0 ? (
            <Notice kind="info" title={t('prepare.no_document')}>
              {t('prepare.no_document_hint')}
            </Notice>
          ) : (
            <Form material={m} />
          )
        }
      </Until>
    </Page>
  );
}

/** Reads the visits that a reviewer has approved. */
async function gather(id: string): Promise<Material> {
  const { case: c } = await cases.read(id);
  const approved = (c.visits ?? []).filter((v) => v.review === 'approved');
  const answers = await Promise.all(approved.map((v) => visits.read(id, v.visit)));
  const entries: Entry[] = (await Promise.all(answers.map((a) => readEntries(a.records ?? [])))).flat();
  const declarations = await Promise.all(
    choices(entries).map(async (choice) => {
      const shown = shownAs(choice.record);
      const template = await findTemplate(shown.template, shown.version);
      return { ...choice, title: template ? inLanguage(template.title, lang.value) : shown.template };
    }),
  );
  const reviewed = new Map(answers.map((a) => [a.visit.visit, a.visit.review?.index ?? 0]));
  return { case: c, declarations, photos: disclosable(entries), reviewed };
}

interface Typed {
  name: string;
  organisation: string;
  department: string;
  mail: string;
  purpose: string;
  days: string;
  sessions: string;
}

function whole(textTyped: string, most: number): number | undefined {
  const n = Number(textTyped.normalize('NFKC').trim());
  return Number.isInteger(n) && n >= 1 && n <= most ? n : undefined;
}

function Form({ material: { case: c, declarations, photos, reviewed } }: { material: Material }) {
  const { route } = useLocation();
  const able = declarations.filter((d) => d.toClient);
  const [hash, setHash] = useState(able.length === 1 ? able[0]?.record.hash : undefined);
  const [chosen, setChosen] = useState<string[]>([]);
  const [typed, setTyped] = useState<Typed>({
    name: String(c.facts.client_contact ?? ''),
    organisation: String(c.facts.client ?? ''),
    department: '',
    mail: '',
    purpose: t('prepare.purpose_default'),
    days: '14',
    sessions: '20',
  });
  const [tried, setTried] = useState(false);
  const preparing = useAct();
  const begun = useRef({ wish: '', id: '' as ID });
  const declaration = declarations.find((d) => d.record.hash === hash);
  const [days, sessions] = [whole(typed.days, 90), whole(typed.sessions, 1000)];
  const type = (name: keyof Typed) => (e: { currentTarget: { value: string } }) =>
    setTyped({ ...typed, [name]: e.currentTarget.value });
  const ready = declaration && typed.name.trim() !== '' && typed.organisation.trim() !== '' && days && sessions;
  const submit = async (event: Event) => {
    event.preventDefault();
    setTried(true);
    if (!ready) {
      requestAnimationFrame(() => document.querySelector<HTMLElement>('[aria-invalid]')?.focus());
      return;
    }
    await preparing.run(async () => {
      const optional = (name: 'department' | 'mail') =>
        typed[name].trim() === '' ? {} : { [name]: typed[name].trim() };
      const wanted = {
        documents: [declaration.record.hash],
        photos: photos
          .filter((p) => declaration.photos && chosen.includes(photoKey(p)))
          .map((p) => ({ record: p.record.hash, id: p.original.id })),
        recipient: {
          name: typed.name.trim(),
          organisation: typed.organisation.trim(),
          ...optional('department'),
          ...optional('mail'),
        },
        ...(typed.purpose.trim() === '' ? {} : { purpose: typed.purpose.trim() }),
        days,
        sessions,
      };
      // The same wish again, because the answer was lost, is the same disclosure.
      const wish = JSON.stringify(wanted);
      if (begun.current.wish !== wish)
        begun.current = { wish, id: newID(Date.now(), (into) => crypto.getRandomValues(into)) };
      const { id } = await disclosures.prepare(c.id, { id: begun.current.id, ...wanted });
      sayNext(t('disclosure.done_prepared'));
      route(`/office/disclosures/${id}`, true);
    });
  };
  const needed = (text: string) => (tried && text.trim() === '' ? t('prepare.missing') : '');
  return (
    <form class="ta-stack ta-stack--far" onSubmit={submit} noValidate>
      <p>{t('prepare.lead')}</p>
      <section class="ta-sheet ta-stack">
        <RadioGroup
          legend={t('prepare.document')}
          required
          value={hash}
          onChange={setHash}
          error={tried && !declaration ? t('prepare.pick_document') : ''}
          choices={declarations.map((d) => ({
            value: d.record.hash,
            label: t('prepare.document_line', {
              title: d.title,
              when: formatDateTime(d.record.at),
              method: methodText(shownAs(d.record).method),
            }),
            ...(d.toClient ? {} : { hint: t('prepare.no_consent') }),
            disabled: !d.toClient,
          }))}
        />
      </section>
      <section class="ta-sheet ta-stack" aria-labelledby="prepare-photos">
        <h2 id="prepare-photos">{t('prepare.photos')}</h2>
        {photos.length === 0 ? (
          <p class="ta-soft">{t('prepare.no_photos')}</p>
        ) : declaration && !declaration.photos ? (
          <Notice kind="info">{t('prepare.no_photo_consent')}</Notice>
        ) : (
          <>
            <p class="ta-small ta-soft">{t('prepare.photos_hint')}</p>
            <ul class="office-photos office-photos--choice">
              {photos.map((p) => (
                <li key={photoKey(p)}>
                  <Pick
                    photo={p}
                    seen={(p.hidden?.index ?? 0) <= (reviewed.get(p.record.visit) ?? 0)}
                    checked={chosen.includes(photoKey(p))}
                    onChange={(on) =>
                      setChosen(on ? [...chosen, photoKey(p)] : chosen.filter((key) => key !== photoKey(p)))
                    }
                  />
                </li>
              ))}
            </ul>
          </>
        )}
      </section>
      <section class="ta-sheet ta-stack" aria-labelledby="prepare-recipient">
        <h2 id="prepare-recipient">{t('prepare.recipient')}</h2>
        <div class="office-facts">
          <Field label={t('prepare.organisation')} required error={needed(typed.organisation)}>
            <TextInput value={typed.organisation} maxLength={200} onInput={type('organisation')} />
          </Field>
          <Field label={t('prepare.department')} optional>
            <TextInput value={typed.department} maxLength={200} onInput={type('department')} />
          </Field>
          <Field label={t('prepare.name')} required error={needed(typed.name)}>
            <TextInput value={typed.name} maxLength={200} onInput={type('name')} />
          </Field>
          <Field label={t('prepare.mail')} hint={t('prepare.mail_hint')} optional>
            <TextInput type="email" value={typed.mail} maxLength={200} onInput={type('mail')} />
          </Field>
          <Field
            label={t('prepare.days')}
            hint={t('prepare.days_hint')}
            error={tried && !days ? t('prepare.days_wrong') : ''}
          >
            <TextInput inputmode="numeric" value={typed.days} onInput={type('days')} />
          </Field>
          <Field label={t('prepare.sessions')} error={tried && !sessions ? t('prepare.sessions_wrong') : ''}>
            <TextInput inputmode="numeric" value={typed.sessions} onInput={type('sessions')} />
          </Field>
        </div>
        <Field label={t('prepare.purpose')} optional>
          <TextInput value={typed.purpose} maxLength={1000} onInput={type('purpose')} />
        </Field>
      </section>
      {declaration && <Preview record={declaration.record} />}
      <Refused refusal={preparing.refusal} />
      <div class="ta-row office-ends">
        <Button type="submit" kind="primary" icon="send" busy={preparing.busy}>
          {t('prepare.do')}
        </Button>
      </div>
    </form>
  );
}

interface PickProps {
  photo: Photo;
  /** A reviewer has looked at what would be disclosed. */
  seen: boolean;
  checked: boolean;
  onChange(on: boolean): void;
}

function Pick({ photo: p, seen: reviewed, checked, onChange }: PickProps) {
  const shown = p.hidden?.picture ?? small(p);
  const seen = usePicture(p.hidden?.record.hash ?? p.record.hash, shown);
  const role = photoText(p.original.role, textOf(p.record, 'note'));
  // The photo as it was is no way out.
  const hint = !p.hidden ? undefined : !p.hidden.picture.stored ? 'waits' : reviewed ? 'hidden' : 'unreviewed';
  return (
    <>
      <span class="office-photo">
        {seen.is === 'same' && isDrawn(shown.type) ? (
          <img src={seen.url} alt={role} loading="lazy" />
        ) : (
          <span class="office-photo__none ta-small">{placeholder(seen.is, shown.type)}</span>
        )}
      </span>
      <Checkbox
        checked={checked}
        disabled={hint === 'waits' || hint === 'unreviewed'}
        hint={hint && t(`prepare.photo_${hint}`)}
        onChange={onChange}
      >
        {t('prepare.photo', { role, time: formatTime(p.record.at) })}
      </Checkbox>
    </>
  );
}

/** Preview is the text of the client edition, made here of the same values by the same rules. */
function Preview({ record: r }: { record: Opened }) {
  const [text, setText] = useState('');
  useEffect(() => {
    const shown = shownAs(r);
    void findTemplate(shown.template, shown.version).then((template) => {
      const values = Object.fromEntries([...formFields(r)].map(([name, v]) => [name, tree(v)]));
      try {
        setText(template ? clientText(template, values, shown.lang) : '');
      } catch {
        setText('');
      }
    });
  }, [r]);
  if (text === '') return null;
  return (
    <details class="ta-sheet">
      <summary>{t('prepare.preview')}</summary>
      <p class="ta-small ta-soft">{t('prepare.preview_hint')}</p>
      <section class="office-paper office-paper--whole" aria-label={t('prepare.preview')}>
        <pre>{text}</pre>
      </section>
    </details>
  );
}
