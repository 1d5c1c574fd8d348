package documents_test

import (
	"strings"
	"testing"

	"tachiai/server/documents"
)

// Every one of these must come out of the text layer as it went in. Several
// have the same form: the text layer must tell them apart all the same. (Blanks
// other than U+0020 are told apart too, but pdftotext makes them one: package
// pdf tests those.)
var texts = []string{
	"髙橋 一郎", "高橋 一郎", "山﨑 花子", "山崎 花子", "𠮷田 次郎", "吉田 次郎", "辻󠄀 三郎", "辻 三郎", "葛󠄀城 四郎", "葛城 四郎", "祇󠄀園 五郎",
	"神 太郎", "\uFA19 太郎", "神\uFE00 太郎", "月 花子", "⽉ 花子", "一 一", "⼀ ー",
	"渡邉・渡邊", "齋藤 齊藤 斎藤 斉藤", "𡈽屋 良一", "𩸽 春子",
	"１２３ー４５６", "令和８年９月３０日", "Ｔ−００４２", "No.00-42", "ｶﾞｷﾞ ﾊﾟ", "が", "か\u3099", "ハ\u309A",
	"John O’Brien-Smith", "Nguyễn Thị Hồng Nhung", "Đặng Trần Ngọc Ánh", "Nguye\u0302\u0303n Thi\u0323 Ho\u0302\u0300ng", "Nguyê\u0303n Viê\u0323t", "Zoë Müller-Ñández",
	"「『括弧』」、。", "①㈱㍻℡", "50 m±0.5°", "ﬁ fi",
	"株式会社東都ロジスティクスホールディングス 情報システム統括本部 セキュリティ管理室 入退室管理グループ 第二チーム",
}

func TestTextLayer(t *testing.T) {
	// All in one document: the forms of one must not spoil another.
	e := disposed(t).with(map[string]any{"reason": strings.Join(texts, "\n"), "worker": map[string]any{"name": texts[0], "kana": "タカハシ"}})
	text := poppler(t, "pdftotext", "-raw", declared(t, e.input(t, documents.Full)), "-")
	lines := map[string]bool{}
	for line := range strings.Lines(strings.ReplaceAll(text, "\f", "\n")) {
		lines[strings.TrimSuffix(line, "\n")] = true
	}
	for i, want := range texts {
		switch {
		case i == 0: // the first has the label and the bracket before it
			if !strings.Contains(text, "「"+want+"\n") {
				t.Errorf("%q is not there", want)
			}
		case i == len(texts)-1: // longer than a line
			if !strings.Contains(squeeze(text), squeeze(want)) {
				t.Errorf("%q is not there", want)
			}
		case !lines[want]:
			t.Errorf("%q %U is not there as a line of its own", want, []rune(want))
		}
	}
}

// The names of people that the product is tried with, and worse. What no font
// has is framed; the text layer is exact all the same.
func TestNames(t *testing.T) {
	for name, said := range map[string]string{
		"髙橋 一郎": "", "山﨑 花子": "", "𠮷田 次郎": "", "辻󠄀 三郎": "", "\uFA19 太郎": "", "株式会社東都ホールディングス 情報システム統括本部": "",
		"Nguyễn Thị Hồng Nhung": "", "Nguyễn Thị Hồng Ánh": "", "Nguye\u0302\u0303n Thi\u0323 Ho\u0302\u0300ng A\u0301nh": "", "Łukasz Wójcik": "", "Öztürk Şahin İğdır": "", "Юрий Гагарин": "", "John O’Brien-Smith": "",
		"渡邉\U000E0104 花子": "U+9089 U+E0104", "陈 伟": "U+9648、伟\u00a0U+4F1F", "笑😀 花子": "U+1F600", "नेपाल": "U+0928", "辻\U000E01EE 五郎": "U+8FBB U+E01EE", "\U0010FFFD": "U+10FFFD",
	} {
		e := disposed(t).with(map[string]any{"worker": map[string]any{"name": name, "kana": "カナ"}})
		text := poppler(t, "pdftotext", "-raw", declared(t, e.input(t, documents.Client)), "-")
		if !strings.Contains(text, "\n氏名： "+name+"\n") {
			t.Errorf("%q is not the text of its line", name)
		}
		if !strings.Contains(text, "\n申告者\n"+name+"\n") {
			t.Errorf("%q does not stand beside its signature", name)
		}
		if notes := strings.Contains(text, "該当する字形がない"); notes != (said != "") || !strings.Contains(squeeze(text), squeeze(said)) {
			t.Errorf("%q: said to lack a form: %v, want %q", name, notes, said)
		}
	}
}

// What no font has stands in a document wherever it was written, and keeps none
// from being made.
func TestNeverFails(t *testing.T) {
	const strange = "笑った😀 العربية 한국어 x\u0338\u0337 辻\U000E01EE 👩\u200d💻"
	e := disposed(t).with(map[string]any{"reason": strange, "document_no": "№😀", "item_number": "❤\uFE0F", "addressed_to": strange})
	e.extra = map[string]any{"note": strange, "witness": map[string]any{"name": strange}}
	in := e.input(t, documents.Full)
	in.Agency, in.Photos = strange, []documents.Photo{{JPEG: photo(t, 320, 240), Caption: strange}}
	text := squeeze(poppler(t, "pdftotext", "-raw", declared(t, in), "-"))
	for _, must := range []string{"笑った😀", "辻\U000E01EE", "👩\u200d💻", "U+1F600", "U+8FBBU+E01EE", "U+0338"} {
		if !strings.Contains(text, must) {
			t.Errorf("%q is not there", must)
		}
	}
	in = disposed(t).input(t, documents.Client)
	in.Recipient = strange
	declared(t, in)
}
