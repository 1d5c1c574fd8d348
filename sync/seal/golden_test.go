package seal

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"testing"
)

var update = flag.Bool("update", false, "write the vectors again")

// golden holds a text against a file of the repository, or writes it there.
func golden(t *testing.T, path string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what this code gives; if the change is meant, run go test -update and read the difference", path)
	}
}

// A section is one list of a vector file, one case a line.
type section struct {
	name  string
	cases []any
}

func vectorFile(t *testing.T, about string, sections ...section) []byte {
	t.Helper()
	var b bytes.Buffer
	b.WriteString("{\n  \"about\": ")
	b.Write(oneLine(t, about))
	for _, s := range sections {
		if len(s.cases) == 0 {
			t.Fatalf("section %s is empty", s.name)
		}
		b.WriteString(",\n  \"" + s.name + "\": [")
		for i, c := range s.cases {
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString("\n    ")
			b.Write(oneLine(t, c))
		}
		b.WriteString("\n  ]")
	}
	b.WriteString("\n}\n")
	return b.Bytes()
}

func oneLine(t *testing.T, v any) []byte {
	t.Helper()
	var b bytes.Buffer
	enc := json.NewEncoder(&b)
	enc.SetEscapeHTML(false)
	if err := enc.Encode(v); err != nil {
		t.Fatal(err)
	}
	return bytes.TrimSpace(b.Bytes())
}

func anys[T any](list []T) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
