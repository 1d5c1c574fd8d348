import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { Button, formatDateTime, LanguageSwitch, Notice } from '../ui/index.ts';
import { session } from './api.ts';
import type { OpenLetter } from './app.tsx';
import { Checks } from './checks.tsx';
import { overall } from './claim.ts';
import { Acknowledge, Ask, SavePDF } from './deeds.tsx';
import { titleOf } from './facts.ts';
import { usePictures } from './fetched.ts';
import { Address, contactOf, expiryOf, Summary } from './head.tsx';
import { PaperText } from './papers.tsx';
import { Photos } from './photos.tsx';
import { soundPapers } from './sound.ts';
import { withFiles } from './verify.ts';
import { lang, t } from './words/letter/index.ts';

const captions = ['number', 'title', 'item', 'client'] as const;

/** LetterPage is one page like a letter. What it shows of a paper is out of records that verified; what did not verify is not shown. */
export function LetterPage({ letter, report, onOver }: OpenLetter & { onOver(fault: unknown): void }) {
  const heading = useRef<HTMLHeadingElement>(null);
  const calls = useMemo(() => session(letter.token), [letter]);
  const pictures = usePictures(letter, report, calls, onOver);
  const [document_, setDocument] = useState<string | undefined>();
  const claims = withFiles(letter, report, { photos: pictures.digests, document: document_ });
  const papers = soundPapers(report);
  const hidden = report.papers.filter((p) => !papers.includes(p));
  const [main] = papers;
  const isGood = overall(claims).status === 'holds';
  const checks = <Checks claims={claims} report={report} />;
  const language = lang.value;
  const title = main === undefined ? t('untitled') : titleOf(main, language);
  const contact = main && contactOf(main);
  const until = expiryOf(letter, report);
  const number = letter.facts.get('number') ?? '';

  useEffect(() => {
    document.title = title;
  }, [title]);
  useEffect(() => heading.current?.focus({ preventScroll: true }), []);
  usePrintedWhole();

  return (
    <div class="letter">
      <header class="letter__bar">
        <LanguageSwitch />
        <Button kind="quiet" icon="print" onClick={() => print()}>
          {t('print')}
        </Button>
      </header>
      <main class="letter__sheet">
        <Address letter={letter} report={report} />
        <h1 ref={heading} tabIndex={-1}>
          {title}
        </h1>
        {main !== undefined && <p>{t(main.template.author === 'worker' ? 'statement_worker' : 'statement_agency')}</p>}
        {!isGood && checks}
        {main === undefined && <Notice kind="warning">{t('no_paper')}</Notice>}
        {papers.map((paper) => (
          <Summary key={paper.record.hash} paper={paper} report={report} />
        ))}
        {hidden.map((paper) => (
          <Notice key={paper.record.hash} kind="warning">
            {t('paper_hidden', { title: titleOf(paper, language) })}
          </Notice>
        ))}
        {isGood && checks}
        <Photos letter={letter} report={report} claims={claims} pictures={pictures} />
        {papers.map((paper) => (
          <PaperText key={paper.record.hash} paper={paper} />
        ))}
      </main>
      <aside class="letter__aside">
        {letter.disclosure !== undefined && (
          <>
            <SavePDF
              letter={letter}
              calls={calls}
              onOver={onOver}
              name={t('pdf_name', { title, number })}
              onDigest={setDocument}
            />
            <Acknowledge letter={letter} calls={calls} onOver={onOver} />
            <Ask calls={calls} onOver={onOver} />
          </>
        )}
        <section class="deed">
          <h2>{t('contact')}</h2>
          <p>{letter.agency}</p>
          {contact !== undefined && (
            <p>
              {contact} <span class="ta-small ta-soft">{t('contact_note')}</span>
            </p>
          )}
        </section>
        {letter.disclosure === undefined && (
          <section class="deed">
            <h2>{t('rights')}</h2>
            <p>{t('rights_lead')}</p>
          </section>
        )}
        <section class="deed captions">
          <h2>{t('captions')}</h2>
          <p class="ta-small ta-soft">{t('captions_note')}</p>
          <dl>
            {captions.map((name) => {
              const value = letter.facts.get(name);
              return (
                value !== undefined && (
                  <div key={name}>
                    <dt>{t(`fact_${name}`)}</dt>
                    <dd>{value}</dd>
                  </div>
                )
              );
            })}
          </dl>
          {until !== undefined && <p class="ta-small ta-soft">{t('valid_until', { time: formatDateTime(until) })}</p>}
        </section>
      </aside>
    </div>
  );
}

/** usePrintedWhole unfolds the plain words of the verification while the page is printed. */
function usePrintedWhole(): void {
  useEffect(() => {
    let folded: HTMLDetailsElement[] = [];
    const before = () => {
      folded = [...document.querySelectorAll<HTMLDetailsElement>('details.checks:not([open])')];
      for (const one of folded) one.open = true;
    };
    const after = () => {
      for (const one of folded) one.open = false;
    };
    addEventListener('beforeprint', before);
    addEventListener('afterprint', after);
    return () => {
      removeEventListener('beforeprint', before);
      removeEventListener('afterprint', after);
    };
  }, []);
}
