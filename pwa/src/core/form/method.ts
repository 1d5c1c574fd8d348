import type { Label } from '../record/index.ts';

/**
 * How a declaration is signed: on paper, on the witness's screen, on the
 * declarant's own device. The three are always shown and never blurred: only P
 * rests on a statutory presumption (民訴法228条4項, which 231条の3 excludes for data).
 */
export type Method = 'P' | 'H' | 'O';

/** The exact words, and in a sentence what was done. None of them says 電子署名. */
export const methods: Record<Method, { name: Label; meaning: Label }> = {
  P: {
    name: { ja: '紙自署', en: 'Handwritten signature on paper' },
    meaning: {
      ja: '署名者が紙の書面に自署しました。全ページを撮影し、原本の保管場所を記録しています。',
      en: 'The signer signed a paper by hand. Every page was photographed, and where the original is kept is recorded.',
    },
  },
  H: {
    name: { ja: '画面手書き署名(立会人あり)', en: 'Handwriting on a screen, with a witness' },
    meaning: {
      ja: '署名者が担当者の端末の画面に手書きで署名しました。証拠としての価値は、表示と署名の経過の記録とあわせて自由に評価されます。',
      en: "The signer wrote his or her name by hand on the representative's device. Its value as evidence is freely evaluated, together with the record of how the paper was shown and signed.",
    },
  },
  O: {
    name: { ja: '本人端末での確認', en: "Confirmation on the declarant's own device" },
    meaning: {
      ja: '申告者が自分の端末で書面を開き、自分の電子メールアドレスに届いた確認番号を入力して確認しました。',
      en: 'The declarant opened the paper on his own device and confirmed it with a code that was sent to his own e-mail address.',
    },
  },
};

/** Reports whether a text is one of the three. */
export function isMethod(s: string): s is Method {
  return Object.hasOwn(methods, s);
}
