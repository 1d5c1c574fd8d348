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
		{"損害賠償として５万円を払います", "ok"}, {"罰金があります", "ok"}, {"窃盗を認めます", "ok"}, {"反省しています", "ok"},
		{"深くお詫びします", "ok"}, {"給与から天引します", "ok"}, {"誓約します", "ok"}, {"￥3000", "ok"},
		{"可", "I will pay 5,000 yen"}, {"可", "a Fine may follow"}, {"可", "I admit the theft"}, {"可", "I apologise"}, {"可", "I am sorry."},
		{"可", "Never again"},
	} {
		label := Template{Title: record.Label{"題", "title"}, Items: []Item{{Type: TypeSection, Label: w}}}
		option := Template{Items: []Item{{Type: TypeTable, Columns: []Item{{Type: TypeChoice, Options: []Option{{"a", w}}}}}}}
		if f := Banned(label); len(f) != 1 || f[0].Code != CodeBanned {
			t.Errorf("%v: not found in a label: %v", w, f)
		}
		if f := Banned(option); len(f) != 1 || f[0].Pointer[:len("/items/0/columns/0/options/0/label/")] != "/items/0/columns/0/options/0/label/" {
			t.Errorf("%v: not found in an option: %v", w, f)
		}
	}
	fine := Template{Title: record.Label{"円滑な返却", "Define what is stated, confined to the item"}}
	if f := Banned(fine); len(f) != 0 {
		t.Errorf("found in harmless words: %v", f)
	}
}
