package form

import (
	"testing"

	"tachiai/sync/record"
)

func TestNoTemplateAsksWhatMayNotBeAsked(t *testing.T) {
	if len(Builtin()) == 0 {
		t.Fatal("no template was looked at")
	}
	for _, tpl := range Builtin() {
		for _, f := range Banned(tpl) {
			t.Errorf("%s.%d %s", tpl.ID, tpl.Version, f.Pointer)
		}
	}
}

func TestBannedFindsEachKind(t *testing.T) {
	for _, w := range []record.Label{
		{JA: "損害賠償として５万円を払います", EN: "ok"}, {JA: "罰金があります", EN: "ok"}, {JA: "窃盗を認めます", EN: "ok"}, {JA: "反省しています", EN: "ok"},
		{JA: "深くお詫びします", EN: "ok"}, {JA: "給与から天引します", EN: "ok"}, {JA: "誓約します", EN: "ok"}, {JA: "￥3000", EN: "ok"},
		{JA: "可", EN: "I will pay 5,000 yen"}, {JA: "可", EN: "a Fine may follow"}, {JA: "可", EN: "I admit the theft"}, {JA: "可", EN: "I apologise"}, {JA: "可", EN: "I am sorry."},
		{JA: "可", EN: "Never again"},
	} {
		label := Template{Title: record.Label{JA: "題", EN: "title"}, Items: []Item{{Type: TypeSection, Label: w}}}
		option := Template{Items: []Item{{Type: TypeTable, Columns: []Item{{Type: TypeChoice, Options: []Option{{"a", w}}}}}}}
		if f := Banned(label); len(f) != 1 || f[0].Code != CodeBanned {
			t.Errorf("%v: not found in a label: %v", w, f)
		}
		if f := Banned(option); len(f) != 1 || f[0].Pointer[:len("/items/0/columns/0/options/0/label/")] != "/items/0/columns/0/options/0/label/" {
			t.Errorf("%v: not found in an option: %v", w, f)
		}
	}
	fine := Template{Title: record.Label{JA: "円滑な返却", EN: "Define what is stated, confined to the item"}}
	if f := Banned(fine); len(f) != 0 {
		t.Errorf("found in harmless words: %v", f)
	}
}
