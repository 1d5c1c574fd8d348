package documents

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"tachiai/sync/form"
)

// joined puts the text of blocks together again.
func joined(blocks []block) string {
	var b strings.Builder
	for _, x := range blocks {
		b.WriteString(x.head + x.lead + strings.Join(x.body, ""))
	}
	return strings.Join(strings.Fields(b.String()), "")
}

// TestAlign takes every text of the golden vectors apart and puts it together.
func TestAlign(t *testing.T) {
	data, err := os.ReadFile(filepath.Join("..", "..", "sync", "testdata", "vectors", "form.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Inline map[string]json.RawMessage
		Values []struct {
			Name, Template string
			Text, Client   map[string][]string
		}
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	seen := 0
	for _, v := range vectors.Values {
		template, builtin := form.Lookup(strings.TrimSuffix(v.Template, ".1"), 1)
		if !builtin {
			if template, err = form.Parse(vectors.Inline[v.Template]); err != nil {
				t.Fatal(err)
			}
		}
		for _, texts := range []map[string][]string{v.Text, v.Client} {
			for lang, lines := range texts {
				text := strings.Join(lines, "\n") + "\n"
				blocks, err := align(template, text, lang)
				if err != nil {
					t.Errorf("%s, %s: %v", v.Name, lang, err)
					continue
				}
				if got, want := joined(blocks), strings.Join(strings.Fields(text), ""); got != want {
					t.Errorf("%s, %s:\n got %s\nwant %s", v.Name, lang, got, want)
				}
				seen++
				for n := 2; n < len(lines); n++ { // one line less, or one of its own
					less := strings.Join(append(append([]string(nil), lines[:n]...), lines[n+1:]...), "\n") + "\n"
					if _, err := align(template, less, lang); err == nil && !strings.HasPrefix(lines[n], indent) && !strings.Contains(lines[n], "(フリガナ)") && !strings.Contains(lines[n], " (reading)") {
						t.Errorf("%s, %s: nobody misses %q", v.Name, lang, lines[n])
					}
				}
				if _, err := align(template, text+"付け足した行\n", lang); !errors.Is(err, ErrPaper) {
					t.Errorf("%s, %s: a line too many: %v", v.Name, lang, err)
				}
			}
		}
	}
	if seen < 20 {
		t.Errorf("only %d texts", seen)
	}
}
