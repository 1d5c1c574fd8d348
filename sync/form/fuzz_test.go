package form

import (
	"errors"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// FuzzParse holds a template to what the rest relies on.
func FuzzParse(f *testing.F) {
	for _, tpl := range Builtin() {
		data, _ := Source(tpl.ID, tpl.Version)
		f.Add(data)
	}
	v := loadVectors(f)
	for _, data := range v.Inline {
		f.Add([]byte(data))
	}
	for _, c := range v.TemplatesInvalid {
		f.Add([]byte(c.Template))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tpl, err := Parse(data)
		if err != nil {
			if !errors.Is(err, ErrTemplate) || len(ijson.List(err)) == 0 || tpl.ID != "" {
				t.Fatalf("untyped error or half a template: %v", err)
			}
			return
		}
		_ = Banned(tpl)
		empty := Validate(tpl, nil)
		if text, err := Text(tpl, nil, JA); (err == nil) != (len(empty) == 0) || (err == nil && text == "") {
			t.Fatalf("faults %v, text %v", empty, err)
		}
		if len(tpl.SHA256) != 64 || len(tpl.Items) == 0 || tpl.Version < 1 {
			t.Fatalf("%+v", tpl)
		}
	})
}

// FuzzValidate holds Validate against Text: whatever a record brings, there is
// either a fault or a text.
func FuzzValidate(f *testing.F) {
	v := loadVectors(f)
	for _, c := range v.Values {
		data, err := ijson.Marshal(map[string]any(c.Values))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, c := range v.ValuesInvalid {
		data, err := ijson.Marshal(map[string]any(c.Set))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	every := v.template(f, "every_type.3")
	full, _ := v.values(f, "every type, values that look like lines of the form, eras at their edges")
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := ijson.Parse(data, ijson.Limits{})
		if err != nil {
			return
		}
		values, ok := record.Tree(tree).(map[string]any)
		if !ok {
			return
		}
		// Laid over values without fault, so that one member is enough to try.
		over := maps.Clone(full)
		maps.Copy(over, values)
		either(t, every, values)
		either(t, every, over)
	})
}

func either(t *testing.T, tpl Template, values map[string]any) {
	t.Helper()
	faults := Validate(tpl, values)
	for _, lang := range []string{JA, EN} {
		text, err := Text(tpl, values, lang)
		if (err == nil) != (len(faults) == 0) {
			t.Fatalf("%s: faults %v, text %v", tpl.ID, faults, err)
		}
		if err == nil && (!utf8.ValidString(text) || strings.Contains(text, "\r") || !strings.HasSuffix(text, "\n")) {
			t.Fatalf("%s: text %q", tpl.ID, text)
		}
	}
}

// FuzzSigning reads presentations and strokes: what is taken is written back
// the same.
func FuzzSigning(f *testing.F) {
	v := loadVectors(f)
	seed := func(p plain) {
		data, err := ijson.Marshal(map[string]any(p))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	for _, c := range v.Presentations {
		seed(c.Presentation)
	}
	for _, c := range v.Strokes {
		seed(c.Strokes)
		seed(c.Outline)
	}
	for _, c := range v.StrokesInvalid {
		seed(c.Strokes)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		tree, err := ijson.Parse(data, ijson.Limits{})
		if err != nil {
			return
		}
		values, ok := record.Tree(tree).(map[string]any)
		if !ok {
			return
		}
		if p, faults := ParsePresentation(values); len(faults) == 0 {
			equalTree(t, p.Value(), values)
			_ = p.Check(Builtin()[0], nil, "")
		}
		if s, faults := ParseStrokes(values); len(faults) == 0 {
			equalTree(t, s.Value(), values)
			o, faults := ParseOutline(s.Outline().Value())
			if len(faults) > 0 || !OutlineMatches(s, o) {
				t.Fatalf("outline %v", faults)
			}
		}
	})
}
