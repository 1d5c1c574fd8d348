package form

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// inTwo is a text in each language, in lines.
type inTwo map[string][]string

func (t inTwo) text(lang string) string { return strings.Join(t[lang], "\n") + "\n" }

type vectorFile struct {
	Templates        map[string]string
	Inline           map[string]json.RawMessage
	TemplatesInvalid []struct {
		Name     string
		Template json.RawMessage
		Faults   []Fault
	} `json:"templates_invalid"`
	Methods map[Method]map[string]string
	Values  []struct {
		Name, Template string
		Values         plain
		Text, Client   inTwo
		SHA256         map[string]string
	}
	ValuesInvalid []struct {
		Name, Template, Base string
		Set                  plain
		Unset                []string
		Faults               []Fault
	} `json:"values_invalid"`
	Editions []struct {
		Template        string
		Shown, Withheld []string
	}
	Presentations []struct {
		Name, Values string
		TextSHA256   string `json:"text_sha256"`
		Client       string `json:"client_text_sha256"`
		Presentation plain
		Form, Faults []Fault
	}
	Strokes []struct {
		Name             string
		Strokes, Outline plain
	}
	StrokesInvalid []struct {
		Name    string
		Strokes plain
		Faults  []Fault
	} `json:"strokes_invalid"`
	OutlinesOther []struct {
		Name    string
		Strokes int
		Outline plain
	} `json:"outlines_other"`
}

// plain is an object as it comes out of a record: read by ijson.
type plain map[string]any

func (p *plain) UnmarshalJSON(data []byte) error {
	v, err := ijson.Parse(data, ijson.Limits{})
	if err != nil {
		return err
	}
	*p, _ = record.Tree(v).(map[string]any)
	return nil
}

func loadVectors(t testing.TB) (f vectorFile) {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/form.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Templates) == 0 || len(f.TemplatesInvalid) == 0 || len(f.Methods) == 0 || len(f.Values) == 0 || len(f.ValuesInvalid) == 0 || len(f.Editions) == 0 ||
		len(f.Presentations) == 0 || len(f.Strokes) == 0 || len(f.StrokesInvalid) == 0 || len(f.OutlinesOther) == 0 {
		t.Fatal("a part of the vectors is empty")
	}
	return f
}

// template finds "id.version" among the inline and the built-in ones.
func (f vectorFile) template(t testing.TB, name string) Template {
	t.Helper()
	if data, ok := f.Inline[name]; ok {
		tpl, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		return tpl
	}
	for _, tpl := range Builtin() {
		if fmt.Sprintf("%s.%d", tpl.ID, tpl.Version) == name {
			return tpl
		}
	}
	t.Fatalf("no template %s", name)
	return Template{}
}

func (f vectorFile) values(t testing.TB, name string) (values map[string]any, template string) {
	t.Helper()
	for _, c := range f.Values {
		if c.Name == name {
			return c.Values, c.Template
		}
	}
	t.Fatalf("no values %q", name)
	return nil, ""
}

// A published template never changes: its hash stands in the vectors.
func TestVectorsTemplates(t *testing.T) {
	f := loadVectors(t)
	for name, want := range f.Templates {
		if got := f.template(t, name).SHA256; got != want {
			t.Errorf("%s: hash %s, want %s", name, got, want)
		}
	}
	for _, tpl := range Builtin() {
		if _, ok := f.Templates[fmt.Sprintf("%s.%d", tpl.ID, tpl.Version)]; !ok {
			t.Errorf("%s.%d is not in the vectors", tpl.ID, tpl.Version)
		}
	}
}

func TestVectorsTemplatesInvalid(t *testing.T) {
	for _, c := range loadVectors(t).TemplatesInvalid {
		t.Run(c.Name, func(t *testing.T) {
			_, err := Parse(c.Template)
			var got []Fault
			for _, e := range ijson.List(err) {
				got = append(got, Fault{e.Pointer, e.Code()})
			}
			same(t, sorted(got), sorted(c.Faults))
		})
	}
}

func TestVectorsMethods(t *testing.T) {
	f := loadVectors(t)
	for _, m := range []Method{MethodPaper, MethodScreen, MethodOwn} {
		for _, lang := range []string{JA, EN} {
			if got := m.Name(lang); got != f.Methods[m][lang] || got == "" {
				t.Errorf("%s in %s: %q", m, lang, got)
			}
			if m.Meaning(lang) == "" || strings.Contains(m.Name(lang)+m.Meaning(lang), "電子署名") {
				t.Errorf("%s in %s: %q", m, lang, m.Meaning(lang))
			}
		}
	}
	// A paper calls the methods by the same words.
	for _, tpl := range Builtin() {
		i, ok := tpl.Item("signature_method")
		for _, o := range i.Options {
			if m := Method(o.Code); o.Label.JA != m.Name(JA) || o.Label.EN != m.Name(EN) {
				t.Errorf("%s: %v", tpl.ID, o)
			}
		}
		if ok && len(i.Options) != 3 {
			t.Errorf("%s has %d methods", tpl.ID, len(i.Options))
		}
	}
}

func TestVectorsValues(t *testing.T) {
	f := loadVectors(t)
	for _, c := range f.Values {
		t.Run(c.Name, func(t *testing.T) {
			tpl := f.template(t, c.Template)
			same(t, Validate(tpl, c.Values), nil)
			for _, lang := range []string{JA, EN} {
				text, err := Text(tpl, c.Values, lang)
				if err != nil {
					t.Fatal(err)
				}
				if text != c.Text.text(lang) {
					t.Errorf("%s: text differs:\n%s\nwant\n%s", lang, text, c.Text.text(lang))
				}
				if TextHash(text) != c.SHA256[lang] {
					t.Errorf("%s: hash %s", lang, TextHash(text))
				}
				client, err := ClientText(tpl, c.Values, lang)
				if err != nil || client != c.Client.text(lang) {
					t.Errorf("%s: client text %v:\n%s", lang, err, client)
				}
				if again, err := ClientText(tpl, disclosed(tpl, c.Values), lang); err != nil || again != client {
					t.Errorf("%s: client text of what is disclosed %v:\n%s", lang, err, again)
				}
			}
			if _, err := Text(tpl, c.Values, "vi"); err == nil {
				t.Error("a text in a language that no template has")
			}
		})
	}
}

func TestVectorsValuesInvalid(t *testing.T) {
	f := loadVectors(t)
	for _, c := range f.ValuesInvalid {
		t.Run(c.Name, func(t *testing.T) {
			base, _ := f.values(t, c.Base)
			values := map[string]any{}
			for k, v := range base {
				values[k] = v
			}
			for k, v := range c.Set {
				values[k] = v
			}
			for _, k := range c.Unset {
				delete(values, k)
			}
			tpl := f.template(t, c.Template)
			same(t, Validate(tpl, values), c.Faults)
			if text, err := Text(tpl, values, JA); err == nil || text != "" {
				t.Error("a text for values with faults")
			}
			for _, fault := range c.Faults {
				if fault.Text(JA) == "" || fault.Text(EN) == "" {
					t.Errorf("no words for %s", fault.Code)
				}
			}
		})
	}
}

func TestVectorsEditions(t *testing.T) {
	f := loadVectors(t)
	for _, c := range f.Editions {
		var tpl Template
		if c.Template != "" {
			tpl = f.template(t, c.Template)
		}
		for _, name := range c.Shown {
			if !ClientShows(tpl, name) {
				t.Errorf("%s: %s is withheld", c.Template, name)
			}
		}
		for _, name := range c.Withheld {
			if ClientShows(tpl, name) {
				t.Errorf("%s: %s is shown", c.Template, name)
			}
		}
	}
}

// disclosed are the values that a client edition shows.
func disclosed(t Template, values map[string]any) map[string]any {
	shown := map[string]any{}
	for key, v := range values {
		if ClientShows(t, record.FormPrefix+key) {
			shown[key] = v
		}
	}
	return shown
}

// A value that may be seen cannot be kept from a client and pass for not
// filled in, and no other can take its place.
func TestNothingElseIsWithheld(t *testing.T) {
	f := loadVectors(t)
	values, template := f.values(t, "a disposal, everything filled in")
	tpl := f.template(t, template)
	p, _ := ParsePresentation(f.Presentations[0].Presentation)
	fields, err := Fields(tpl, values, p)
	if err != nil || len(fields) != len(values)+3 {
		t.Fatal(err, fields)
	}
	same(t, p.Check(tpl, values, fields["text_sha256"].(string)), nil)
	shown, sha256 := disclosed(tpl, values), fields["client_text_sha256"].(string)
	same(t, p.CheckClient(tpl, shown, sha256), nil)
	for key := range shown {
		less := maps.Clone(shown)
		delete(less, key)
		if b, ok := values[key].(bool); ok && !b {
			continue // not ticked says the same as not there
		}
		if !slices.Contains(p.CheckClient(tpl, less, sha256), Fault{"/client_text_sha256", CodeMismatch}) {
			t.Errorf("%s was withheld, and nobody notices", key)
		}
	}
}

func TestVectorsPresentations(t *testing.T) {
	f := loadVectors(t)
	for _, c := range f.Presentations {
		t.Run(c.Name, func(t *testing.T) {
			p, faults := ParsePresentation(c.Presentation)
			same(t, sorted(faults), sorted(c.Form))
			if len(faults) > 0 {
				return
			}
			values, template := f.values(t, c.Values)
			tpl := f.template(t, template)
			same(t, p.Check(tpl, values, c.TextSHA256), c.Faults)
			client := slices.Clone(c.Faults)
			for n := range client {
				client[n].Pointer = strings.Replace(client[n].Pointer, "/text_sha256", "/client_text_sha256", 1)
			}
			same(t, p.CheckClient(tpl, disclosed(tpl, values), c.Client), client)
			equalTree(t, p.Value(), c.Presentation)
		})
	}
}

func TestVectorsStrokes(t *testing.T) {
	f := loadVectors(t)
	for _, c := range f.Strokes {
		t.Run(c.Name, func(t *testing.T) {
			s, faults := ParseStrokes(c.Strokes)
			same(t, faults, nil)
			o, faults := ParseOutline(c.Outline)
			same(t, faults, nil)
			if !OutlineMatches(s, o) {
				t.Errorf("outline %v", s.Outline())
			}
			equalTree(t, s.Outline().Value(), c.Outline)
			equalTree(t, s.Value(), c.Strokes)
		})
	}
	for _, c := range f.StrokesInvalid {
		t.Run(c.Name, func(t *testing.T) {
			_, faults := ParseStrokes(c.Strokes)
			same(t, faults, c.Faults)
		})
	}
	for _, c := range f.OutlinesOther {
		t.Run(c.Name, func(t *testing.T) {
			s, _ := ParseStrokes(f.Strokes[c.Strokes].Strokes)
			o, faults := ParseOutline(c.Outline)
			same(t, faults, nil)
			if OutlineMatches(s, o) {
				t.Error("matches")
			}
		})
	}
}

func same(t *testing.T, got, want []Fault) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("faults %v, want %v", got, want)
	}
}

func sorted(list []Fault) []Fault {
	return slices.SortedFunc(slices.Values(list), func(a, b Fault) int {
		return strings.Compare(a.Pointer+a.Code, b.Pointer+b.Code)
	})
}

// equalTree compares by what would be sealed.
func equalTree(t *testing.T, got, want map[string]any) {
	t.Helper()
	g, err := ijson.Marshal(got)
	if err != nil {
		t.Fatal(err)
	}
	w, err := ijson.Marshal(want)
	if err != nil {
		t.Fatal(err)
	}
	if string(g) != string(w) {
		t.Errorf("got %s, want %s", g, w)
	}
}
