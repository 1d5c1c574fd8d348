import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { type Outline, parseOutline } from '../../core/form/index.ts';
import { inLanguage, outcomes, type Tree } from '../../core/record/index.ts';
import type { HeldRecord } from '../../engine/index.ts';
import {
  Button,
  Chip,
  DescriptionList,
  Field,
  formatDateTime,
  formatSeconds,
  LinkButton,
  Notice,
  Select,
} from '../../ui/index.ts';
import { JustSaved, NotSaved, tellSaved } from '../failure.tsx';
import { useKept } from '../kept.ts';
import { Copy } from '../paper/copy.tsx';
import { Drawing } from '../paper/drawing.tsx';
import { frozenText } from '../paper/frozen.ts';
import { phone } from '../phone.ts';
import { redactable } from '../photo/shown.ts';
import { Phrases } from '../phrases.tsx';
import { Screen } from '../screen.tsx';
import { useOwn } from '../use.ts';
import { State, Thumb } from '../visit/list.tsx';
import { Missing } from '../visit/missing.tsx';
import { fixWord } from '../visit/places.ts';
import { timeline } from '../visit/timeline.ts';
import { lang, t } from '../words/index.ts';
import { kindWord, roleWord } from '../words/kinds.ts';
import { t as hiding } from '../words/redact.ts';

/** RecordPage shows what was sealed, exactly, and lets one add a correction; nothing is ever changed. */
export function RecordPage({ hash = '' }: { hash?: string }) {
  const app = phone();
  const r = useOwn(async () => (await app.record(hash)) ?? null, hash);
  if (r === undefined)
    return (
      <Screen title={t('record_title')} back="/field">
        {null}
      </Screen>
    );
  if (r === null) return <Missing title={t('record_title')} />;
  const c = app.cases.list.value.find((one) => one.id === r.case);
  const [e] = timeline([r], lang.value);
  const back = r.visit ? `/field/visit/${r.visit}` : `/field/case/${r.case}`;
  return (
    <Screen title={kindWord(r.kind)} of={c} back={back} beside={<State state={e?.state ?? r.state} />}>
      <JustSaved />
      <p class="ta-soft">{formatDateTime(r.at)}</p>
      {!r.kept && (
        <Notice kind="info" title={t('record_let_go')}>
          <p>{t('record_let_go_why')}</p>
        </Notice>
      )}
      {e?.detail && <p class="fd-quote">{e.detail}</p>}
      {e && e.photos.length > 0 && (
        <div class="fd-photos fd-photos--large">
          {e.photos.map((p, n) => (
            <Thumb key={n} shown={p.shown} role={p.role} large />
          ))}
        </div>
      )}
      <Redact record={r} />
      <Paper record={r} />
      <DescriptionList
        items={[
          { term: t('record_time'), value: formatSeconds(r.at) },
          e?.place && { term: t('record_place'), value: fixWord(e.place) },
          { term: t('record_match'), value: matchWord(r.fields.place_match) },
          r.fields.source === 'library' && {
            term: t('record_source'),
            value: <Chip tone="warning">{t('record_library')}</Chip>,
          },
          r.fields.source === 'live' && { term: t('record_source'), value: t('record_live') },
          r.fields.source === 'camera' && { term: t('record_source'), value: t('record_camera') },
          { term: t('record_no'), value: String(r.seq) },
          { term: t('record_hash'), value: <span class="ta-mono">{r.hash}</span> },
          r.receivedAt > 0 && { term: t('record_received'), value: formatDateTime(r.receivedAt) },
        ].filter((i) => i !== undefined && i !== false && i.value !== '')}
      />
      <Amend record={r} />
    </Screen>
  );
}

function matchWord(match: Tree | undefined): string {
  const verdict = (match as { verdict?: string } | null | undefined)?.verdict;
  if (verdict === 'match') return t('match_yes');
  if (verdict === 'no_match') return t('match_no');
  return verdict === 'undetermined' ? t('match_unknown') : '';
}

/** Redact leads to hiding parts of each photo, and shows what was hidden before. */
function Redact({ record: r }: { record: HeldRecord }) {
  const app = phone();
  const before = useOwn(async () => {
    const beside = r.visit ? await app.visit(r.visit) : await app.recordsOf(r.case);
    return beside.filter((one) => one.kind === 'photo.redacted' && one.fields.record === r.hash);
  }, r.hash);
  const all = redactable(r);
  const of = r.kind === 'photo.redacted' ? r.fields.record : undefined;
  if (typeof of === 'string')
    return (
      <LinkButton wide icon="photo" href={`/field/record/${of}`}>
        {hiding('as_taken')}
      </LinkButton>
    );
  if (all.length === 0) return null;
  return (
    <section class="ta-stack ta-stack--close">
      {before && before.length > 0 && (
        <>
          <h2>{hiding('hidden')}</h2>
          <div class="fd-photos">
            {before.map((one) => (
              <a key={one.hash} href={`/field/record/${one.hash}`}>
                <Thumb shown={one.blobs[0]?.sha256 ?? ''} role={one.blobs[0]?.role ?? ''} />
              </a>
            ))}
          </div>
        </>
      )}
      {all.map((b) => (
        <LinkButton key={b.id} wide icon="hide" href={`/field/record/${r.hash}/hide?blob=${b.id}`}>
          {all.length === 1 ? hiding('hide') : hiding('hide_which', { role: roleWord(b.role) })}
        </LinkButton>
      ))}
    </section>
  );
}

/** Paper shows what was signed, frozen: the text whose hash was sealed, and the hand. */
function Paper({ record: r }: { record: HeldRecord }) {
  const frozen = useSignal<{ text: string; same: boolean; lang: string } | undefined>(undefined);
  useEffect(() => {
    void frozenText(r).then((f) => {
      frozen.value = f;
    });
  }, [r.hash]);
  const outline = outlineOfRecord(r);
  if (!frozen.value && !outline) return null;
  return (
    <section class="ta-stack">
      {frozen.value && (
        <>
          <p>
            <Chip tone={frozen.value.same ? 'success' : 'danger'} icon={frozen.value.same ? 'seal' : 'seal-broken'}>
              {t(frozen.value.same ? 'frozen_same' : 'frozen_differs')}
            </Chip>
          </p>
          <pre class="fd-paper" lang={frozen.value.lang}>
            {frozen.value.text}
          </pre>
        </>
      )}
      {outline && <Drawing outline={outline} label={t('signature')} />}
      <Copy record={r} />
    </section>
  );
}

function outlineOfRecord(r: HeldRecord): Outline | undefined {
  const v = r.fields.signature_outline;
  if (typeof v !== 'object' || v === null || Array.isArray(v)) return undefined;
  const { outline, faults } = parseOutline(v);
  return faults.length === 0 ? outline : undefined;
}

/** Amend adds a correction that names this record. */
function Amend({ record: r }: { record: HeldRecord }) {
  const open = useSignal(false);
  if (!r.kept || r.kind === 'record.amended') return null;
  if (!open.value)
    return (
      <Button
        wide
        icon="replay"
        onClick={() => {
          open.value = true;
        }}
      >
        {t('amend')}
      </Button>
    );
  const done = () => {
    open.value = false;
  };
  return <Amending record={r} onDone={done} />;
}

function Amending({ record: r, onDone }: { record: HeldRecord; onDone(): void }) {
  const app = phone();
  const key = `amend/${r.hash}`;
  const { form, change, failure, seal } = useKept(key, { words: '', outcome: '' });
  const { words, outcome } = form.value;
  const busy = useSignal(false);
  const ended = r.kind === 'visit.ended';
  const keep = async () => {
    if (busy.value || !words.trim()) return;
    busy.value = true;
    const fields: [string, unknown][] = [['reason', words.trim()]];
    if (ended && outcome) fields.push(['outcome', outcome]);
    const of = { case: r.case, ...(r.visit ? { visit: r.visit } : {}) };
    const sealed = await seal(() =>
      app.seal({ kind: 'record.amended', ...of, amends: r.hash, fields, consumes: [key] }),
    );
    if (!sealed) {
      busy.value = false; // after it has worked, a second tap is none
      return;
    }
    tellSaved(t('amend_saved'));
    onDone();
  };
  return (
    <section class="ta-stack">
      <h2>{t('amend')}</h2>
      <p class="ta-soft">{t('amend_why')}</p>
      <NotSaved failure={failure.value} />
      {ended && (
        <Field label={t('amend_outcome')}>
          <Select value={outcome} onChange={(e) => change({ outcome: e.currentTarget.value })}>
            <option value="">{t('amend_outcome_same')}</option>
            {outcomes.map((o) => (
              <option key={o.code} value={o.code}>
                {inLanguage(o, lang.value)}
              </option>
            ))}
          </Select>
        </Field>
      )}
      <Phrases
        label={t('amend_words')}
        required
        phrases={[t('amend_1'), t('amend_2')]}
        value={words}
        onInput={(value) => change({ words: value })}
      />
      <Button kind="primary" wide busy={busy.value} aria-disabled={!words.trim()} onClick={() => void keep()}>
        {t('keep')}
      </Button>
    </section>
  );
}
