package ijson

import (
	"encoding/json"
	"errors"
	"os"
	"testing"
)

type vector struct {
	Name    string
	Text    string
	Base64  []byte
	Limits  Limits
	Compact string
	Sorted  string
	Code    string
	Pointer string
}

func (v vector) input() []byte {
	if v.Base64 != nil {
		return v.Base64
	}
	return []byte(v.Text)
}

type vectorFile struct{ Valid, Invalid, Sorted []vector }

func loadVectors(t testing.TB) (f vectorFile) {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/ijson.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	if len(f.Valid) == 0 || len(f.Invalid) == 0 || len(f.Sorted) == 0 {
		t.Fatal("a part of the vectors is empty")
	}
	return f
}

func TestVectorsValid(t *testing.T) {
	for _, c := range loadVectors(t).Valid {
		t.Run(c.Name, func(t *testing.T) {
			v, err := Parse(c.input(), c.Limits)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Marshal(v)
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.Compact {
				t.Errorf("got %s, want %s", got, c.Compact)
			}
		})
	}
}

func TestVectorsInvalid(t *testing.T) {
	for _, c := range loadVectors(t).Invalid {
		t.Run(c.Name, func(t *testing.T) {
			v, err := Parse(c.input(), c.Limits)
			e, ok := errors.AsType[*Error](err)
			if !ok {
				t.Fatalf("accepted, or an untyped error: %v", err)
			}
			if e.Code() != c.Code || e.Pointer != c.Pointer {
				t.Errorf("got %s at %q, want %s at %q (%v)", e.Code(), e.Pointer, c.Code, c.Pointer, err)
			}
			if v != (Value{}) {
				t.Error("a value beside the error")
			}
		})
	}
}

func TestVectorsSorted(t *testing.T) {
	for _, c := range loadVectors(t).Sorted {
		t.Run(c.Name, func(t *testing.T) {
			v, err := Parse(c.input(), c.Limits)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Marshal(asMaps(v))
			if err != nil {
				t.Fatal(err)
			}
			if string(got) != c.Sorted {
				t.Errorf("got %s, want %s", got, c.Sorted)
			}
		})
	}
}

// asMaps loses the order of members, so that Marshal has to sort.
func asMaps(v Value) any {
	switch v.Kind() {
	case Object:
		m := map[string]any{}
		for name, member := range v.Members() {
			m[name] = asMaps(member)
		}
		return m
	case Array:
		var list []any
		for _, e := range v.Elements() {
			list = append(list, asMaps(e))
		}
		return list
	}
	return v
}
