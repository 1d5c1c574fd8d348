import { t } from './own.ts';
import { type Lang, lang, setLang } from './words.ts';

const names: readonly [Lang, string][] = [
  ['ja', '日本語'],
  ['en', 'English'],
];

/** LanguageSwitch names each language in itself. */
export function LanguageSwitch() {
  return (
    <fieldset class="ta-languages">
      <legend class="ta-hidden">{t('language')}</legend>
      {names.map(([code, name]) => (
        <button key={code} type="button" lang={code} aria-pressed={lang.value === code} onClick={() => setLang(code)}>
          {name}
        </button>
      ))}
    </fieldset>
  );
}
