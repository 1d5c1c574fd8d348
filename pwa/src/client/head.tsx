import { type Language, methods } from '../core/form/index.ts';
import { field, inLanguage, int, text } from '../core/record/index.ts';
import { DescriptionList, formatDate, formatDateTime, formatDuration, type Item } from '../ui/index.ts';
import { answerOf, titleOf } from './facts.ts';
import type { Letter } from './letter.ts';
import { isDeclined, type Paper } from './paper.ts';
import { Signature } from './signature.tsx';
import type { Report } from './verify.ts';
import { lang, t } from './words/letter/index.ts';

/** Address is the head of the letter: to whom, from whom, when. The addressee is out of the record that the office sealed. */
export function Address({ letter, report }: { letter: Letter; report: Report }) {
  const { prepared, approved } = report.handing;
  const to = prepared && field(prepared, 'recipient');
  const lines =
    to &&
    [to.get('organisation').text(), to.get('department').text()].filter((line) => line !== undefined && line !== '');
  return (
    <div class="address">
      {approved !== undefined && <p class="address__date">{t('date_handed', { date: formatDate(approved.at) })}</p>}
      {to !== undefined ? (
        <p class="address__to">
          {lines?.map((line) => (
            <span key={line}>{line}</span>
          ))}
          <span class="address__name">{t('to', { name: to.get('name').text() ?? '' })}</span>
        </p>
      ) : (
        letter.disclosure === undefined && <p class="address__to">{t('copy_of')}</p>
      )}
      <p class="address__from">{letter.agency}</p>
    </div>
  );
}

/** Summary is the paper in five lines: what it is, who, what, when, and the hand that signed. All of it is out of the verified record. */
export function Summary({ paper, report }: { paper: Paper; report: Report }) {
  const language = lang.value;
  const value = (key: string) => answerOf(paper, key, language);
  const item = value('item_kind');
  const title = titleOf(paper, language);
  const items: (Item | false)[] = [
    { term: t('subject'), value: <strong>{item === undefined ? title : of(title, item, language)}</strong> },
    { term: t('who'), value: <Who paper={paper} report={report} lang={language} /> },
    item !== undefined && { term: t('what'), value: <What value={value} item={item} /> },
    { term: t('when'), value: <When paper={paper} report={report} /> },
    { term: t('where'), value: <Where paper={paper} lang={language} /> },
    {
      term: t('signature'),
      value: <Hand paper={paper} lang={language} />,
    },
  ];
  return <DescriptionList items={items} />;
}

/** What something is of, behind it in brackets, as each language sets them. */
const of = (name: string, what: string, language: Language) =>
  language === 'ja' ? `${name}(${what})` : `${name} (${what})`;

/** Hand is how the paper was signed, in the words that belong to each of the three ways, or that it was not. */
function Hand({ paper, lang: language }: { paper: Paper; lang: Language }) {
  if (isDeclined(paper.record)) {
    return (
      <>
        <p>{t('declined')}</p>
        <p class="ta-soft">{t('declined_reason', { reason: text(paper.record, 'reason') })}</p>
      </>
    );
  }
  const method = methods[paper.presentation.method];
  return (
    <div class="ta-stack ta-stack--close">
      {paper.outline !== undefined && <Signature outline={paper.outline} label={t('outline')} />}
      <p>{inLanguage(method.name, language)}</p>
      <p class="ta-small ta-soft">{inLanguage(method.meaning, language)}</p>
    </div>
  );
}

function Who({ paper, report, lang: language }: { paper: Paper; report: Report; lang: Language }) {
  const keys = [
    ['declarant', 'worker'],
    ['returner', 'returned_by'],
    ['receiver', 'received_by'],
    ['author', 'rep'],
  ] as const;
  const said = keys.flatMap(([role, key]) => {
    const name = answerOf(paper, key, language);
    return name === undefined ? [] : [{ role, name }];
  });
  const witness = field(paper.record, 'witness');
  const device = report.devices.get(paper.record.keyID);
  const name = witness.get('name').text() ?? answerOf(paper, 'witness', language) ?? device?.name;
  const from = witness.get('affiliation').text() ?? answerOf(paper, 'witness_affiliation', language);
  return (
    <>
      {said.map(({ role, name }) => (
        <p class="person" key={role}>
          <span class="role">{t(role)}</span> <span>{name}</span>
        </p>
      ))}
      {name !== undefined && (
        <p class="person">
          <span class="role">{t('witness')}</span> <span>{from === undefined ? name : of(name, from, language)}</span>
        </p>
      )}
    </>
  );
}

function What({ value, item }: { value: (key: string) => string | undefined; item: string }) {
  const number = value('item_number');
  const count = value('item_count');
  const more = [number && t('printed_no', { n: number }), count && t('count', { n: count })].filter(
    (part) => part !== undefined,
  );
  return (
    <>
      <p>{item}</p>
      {more.length > 0 && <p class="ta-soft">{more.join('  ')}</p>}
    </>
  );
}

/** A phone's clock that is off by so much, in ms, is spoken of. */
const wrongClock = 60_000;

function When({ paper, report }: { paper: Paper; report: Report }) {
  const receipt = report.receipts[paper.at];
  const offset = paper.record.clock?.offsetMS ?? 0;
  const isOff = Math.abs(offset) >= wrongClock;
  return (
    <>
      <p>
        {t('signed_at', { time: formatDateTime(paper.record.at) })}{' '}
        <span class="ta-small ta-soft">{t('signed_at_note')}</span>
      </p>
      {isOff && (
        <p class="ta-small">{t(offset > 0 ? 'clock_slow' : 'clock_fast', { n: formatDuration(Math.abs(offset)) })}</p>
      )}
      {receipt !== undefined && (
        <p>
          {t('received_at', { time: formatDateTime(receipt.receivedAt) })}{' '}
          <span class="ta-small ta-soft">{t('received_at_note')}</span>
        </p>
      )}
    </>
  );
}

/** Where says whether it was at the registered address, and never where that is. */
function Where({ paper, lang: language }: { paper: Paper; lang: Language }) {
  const kind = answerOf(paper, 'written_place', language) ?? answerOf(paper, 'received_place', language);
  const match = field(paper.record, 'place_match');
  const accuracy = match.get('accuracy_m').int();
  const answers = { match: 'place_yes', no_match: 'place_no', undetermined: 'place_unknown' } as const;
  const verdict = match.get('verdict').text() as keyof typeof answers | undefined;
  return (
    <>
      {kind !== undefined && <p>{kind}</p>}
      {verdict !== undefined && verdict in answers ? (
        <p>
          {t('place_match', { answer: t(answers[verdict]) })}
          {accuracy !== undefined && t('accuracy', { m: accuracy })}
        </p>
      ) : (
        <p class="ta-soft">{t('place_none')}</p>
      )}
    </>
  );
}

/** contactOf is whom the paper names for questions. */
export function contactOf(paper: Paper): string | undefined {
  return answerOf(paper, 'pd_contact', lang.value) ?? (text(paper.record, 'contact') || undefined);
}

/** expiryOf is when the link ends: as the office sealed it, else as the server says. */
export function expiryOf(letter: Letter, report: Report): number | undefined {
  return (report.handing.prepared && int(report.handing.prepared, 'expires_at')) ?? letter.disclosure?.expiresAt;
}
