import { useEffect, useState } from 'preact/hooks';
import { type Presentation, parsePresentation, type Template } from '../../core/form/index.ts';
import { inLanguage, type Opened, type Tree, text } from '../../core/record/index.ts';
import { Button, DescriptionList, formatDuration, LinkButton, Notice } from '../../ui/index.ts';
import { records } from '../api.ts';
import { address } from '../http.ts';
import { listed } from '../label.ts';
import { lang, t } from '../words/index.ts';
import { plain, textOf } from './entry.ts';
import { type Paper as Judged, judgePaper } from './integrity.ts';
import { methodText } from './label.ts';
import { Signature } from './signature.tsx';
import { findTemplate } from './template.ts';

/** Paper is one paper as it was shown: its text with the comparison of its hash, how it was shown and agreed to, and the hand. */
export function Paper({ record: r }: { record: Opened }) {
  const [paper, setPaper] = useState<Judged | undefined>(undefined);
  const [whole, setWhole] = useState(false);
  useEffect(() => {
    void judgePaper(r, findTemplate).then(setPaper);
  }, [r]);
  const reason = r.kind === 'declaration.declined' ? text(r, 'reason') : '';
  return (
    <article class="ta-stack">
      {paper?.title && <h3>{inLanguage(paper.title, lang.value)}</h3>}
      {reason !== '' && <DescriptionList items={[{ term: t('paper.declined'), value: <q>{reason}</q> }]} />}
      {paper && plain(r, 'presentation') !== undefined && <Finding paper={paper} />}
      <Shown record={r} />
      {paper?.text !== undefined && (
        <div class="ta-stack ta-stack--close">
          <section
            class={whole ? 'office-paper office-paper--whole' : 'office-paper'}
            lang={langOf(r)}
            aria-label={t('paper.text')}
          >
            {/* The text is shown as it was hashed: its lines are its form. */}
            <pre>{paper.text}</pre>
          </section>
          <div class="ta-row">
            <Button icon="document" aria-expanded={whole} onClick={() => setWhole(!whole)}>
              {whole ? t('paper.collapse') : t('paper.expand')}
            </Button>
            {r.kind === 'declaration.signed' && (
              <LinkButton icon="print" href={address(records.documentPath(r.hash))} target="_blank">
                {t('visit.pdf')}
              </LinkButton>
            )}
          </div>
        </div>
      )}
      {r.kind !== 'declaration.declined' && (
        <>
          <h3>{t('sign.title')}</h3>
          <Signature record={r} />
        </>
      )}
    </article>
  );
}

function langOf(r: Opened): string {
  return textOf(plain(r, 'presentation'), 'lang') ?? 'ja';
}

function Finding({ paper: { finding } }: { paper: Judged }) {
  const [verdict] = finding;
  if (verdict === 'holds') return <Notice kind="success">{t('paper.hash_same')}</Notice>;
  return verdict === 'differs' ? (
    <Notice kind="error" title={t('paper.hash_differs')} />
  ) : (
    <Notice kind="warning" title={t('paper.hash_unknown')} />
  );
}

/** How it was shown: for how long, to the end or aloud, and each consent with its moment. */
function Shown({ record: r }: { record: Opened }) {
  const data = plain(r, 'presentation');
  const [template, setTemplate] = useState<Template | undefined>(undefined);
  const p =
    data !== null && typeof data === 'object' && !Array.isArray(data)
      ? parsePresentation(data).presentation
      : undefined;
  useEffect(() => {
    if (p) void findTemplate(p.template, p.version).then(setTemplate);
  }, [p?.template, p?.version]);
  if (!p) return null;
  const read = [p.scrolledToEnd ? t('paper.scrolled') : '', p.readAloud ? t('paper.aloud') : ''].filter(
    (s) => s !== '',
  );
  const label = (key: string) => template?.items.find((i) => i.key === key);
  const copy = label('copy')?.options.find((o) => o.code === p.copy)?.label;
  return (
    <DescriptionList
      items={[
        { term: t('paper.method'), value: methodText(p.method) },
        { term: t('paper.language'), value: p.lang === 'en' ? t('paper.en') : t('paper.ja') },
        { term: t('paper.shown'), value: formatDuration(p.shownMS) },
        { term: t('paper.read'), value: read.length > 0 ? listed(read) : t('paper.not_read') },
        p.consents.length > 0 && {
          term: t('paper.consents'),
          value: <Consents presentation={p} nameOf={(key) => named(label(key)?.label, key)} />,
        },
        people(plain(r, 'witness')) !== '' && { term: t('paper.witness'), value: people(plain(r, 'witness')) },
        people(plain(r, 'companions')) !== '' && { term: t('paper.companions'), value: people(plain(r, 'companions')) },
        { term: t('paper.copy'), value: named(copy, p.copy) },
        text(r, 'paper_kept') !== '' && { term: t('paper.kept'), value: text(r, 'paper_kept') },
      ]}
    />
  );
}

function named(label: { ja: string; en: string } | undefined, otherwise: string): string {
  return label ? inLanguage(label, lang.value) : otherwise;
}

function Consents({ presentation: p, nameOf }: { presentation: Presentation; nameOf(key: string): string }) {
  return (
    <ul class="office-list">
      {p.consents.map((c) => (
        <li key={c.key}>
          {nameOf(c.key)}: <strong>{c.given ? t('paper.agreed') : t('paper.refused')}</strong>{' '}
          <span class="ta-small ta-soft">{t('paper.after', { span: formatDuration(c.afterMS) })}</span>
        </li>
      ))}
    </ul>
  );
}

function people(v: Tree | undefined): string {
  const list = Array.isArray(v) ? v : v === undefined ? [] : [v];
  return listed(
    list.flatMap((p) => {
      const [name, from] = [textOf(p, 'name'), textOf(p, 'affiliation')];
      return name === undefined ? [] : from ? t('with_more', { text: name, more: from }) : name;
    }),
  );
}
