package form

import "tachiai/sync/record"

// A Method is how a declaration is signed. The three are always shown and never
// blurred: only P rests on a statutory presumption (民訴法228条4項, which
// 231条の3 excludes for data).
type Method string

const (
	MethodPaper  Method = "P"
	MethodScreen Method = "H"
	MethodOwn    Method = "O"
)

// methods are the exact words. None of them says 電子署名.
var methods = map[Method]struct{ name, meaning record.Label }{
	MethodPaper: {
		record.Label{JA: "紙自署", EN: "Handwritten signature on paper"},
		record.Label{JA: "署名者が紙の書面に自署しました。全ページを撮影し、原本の保管場所を記録しています。", EN: "The signer signed a paper by hand. Every page was photographed, and where the original is kept is recorded."},
	},
	MethodScreen: {
		record.Label{JA: "画面手書き署名(立会人あり)", EN: "Handwriting on a screen, with a witness"},
		record.Label{JA: "署名者が担当者の端末の画面に手書きで署名しました。証拠としての価値は、表示と署名の経過の記録とあわせて自由に評価されます。", EN: "The signer wrote his or her name by hand on the representative's device. Its value as evidence is freely evaluated, together with the record of how the paper was shown and signed."},
	},
	MethodOwn: {
		record.Label{JA: "本人端末での確認", EN: "Confirmation on the declarant's own device"},
		record.Label{JA: "申告者が自分の端末で書面を開き、自分の電子メールアドレスに届いた確認番号を入力して確認しました。", EN: "The declarant opened the paper on his own device and confirmed it with a code that was sent to his own e-mail address."},
	},
}

// Known reports whether m is one of the three.
func (m Method) Known() bool { _, ok := methods[m]; return ok }

// Name is what a paper, a screen and a report call the method.
func (m Method) Name(lang string) string { return methods[m].name.In(lang) }

// Meaning says in a sentence what was done.
func (m Method) Meaning(lang string) string { return methods[m].meaning.In(lang) }
