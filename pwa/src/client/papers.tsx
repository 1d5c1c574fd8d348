import { type Paper, render } from './paper.ts';
import { lang, t } from './words/letter/index.ts';

/** PaperText is the whole paper, line by line as it was shown, in the language of the page. */
export function PaperText({ paper }: { paper: Paper }) {
  const signed = paper.presentation.lang;
  const isSigned = signed === lang.value;
  const [title = '', form = '', ...rest] = render(paper, lang.value).trimEnd().split('\n');
  return (
    <section class="paper" aria-label={t('full_text')}>
      <h2>{t('full_text')}</h2>
      <p class="ta-small ta-soft">
        {isSigned
          ? lang.value === 'ja' || signed === 'en'
            ? t('text_language')
            : ''
          : t('text_translated', { language: t(signed === 'ja' ? 'japanese' : 'english') })}
      </p>
      <div class="paper__sheet">
        <p class="paper__title">{title}</p>
        <p class="paper__form">{form}</p>
        {rest.map((line, n) => (
          <Line key={n} text={line} />
        ))}
      </div>
    </section>
  );
}

const item = /^(［|\[)|：|: /;
const heading = /^(【.*】|== .* ==)$/;

function Line({ text }: { text: string }) {
  if (text === '') return null;
  if (heading.test(text)) return <h3 class="paper__section">{text.replace(/^(【|== )|(】| ==)$/g, '')}</h3>;
  const deep = text.match(/^ */)?.[0].length ?? 0;
  const marks = [item.test(text) ? 'paper__line--item' : '', 'paper__line--in', 'paper__line--deep'];
  return <p class={`paper__line ${marks[Math.min(2, deep / 4)] ?? ''}`}>{text.trimStart()}</p>;
}
