package ijson

import (
	"bytes"
	"encoding/json"
	"errors"
	"strconv"
	"testing"
)

// FuzzParse holds Parse against encoding/json: what we take, it takes with the
// same meaning, and what we call a fault of grammar, it does not take either.
// What is written again reads the same.
func FuzzParse(f *testing.F) {
	all := loadVectors(f)
	for _, list := range [][]vector{all.Valid, all.Invalid, all.Sorted} {
		for _, c := range list {
			f.Add(c.input())
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		v, err := Parse(data, Limits{})
		if err != nil {
			e, ok := errors.AsType[*Error](err)
			if !ok || v != (Value{}) {
				t.Fatalf("untyped error or half a value: %v", err)
			}
			if errors.Is(e, ErrSyntax) && json.Valid(data) {
				t.Fatalf("encoding/json takes %q: %v", data, err)
			}
			return
		}
		dec := json.NewDecoder(bytes.NewReader(data))
		dec.UseNumber()
		var want any
		if err := dec.Decode(&want); err != nil || !json.Valid(data) {
			t.Fatalf("encoding/json refuses %q: %v", data, err)
		}
		equal(t, v, want)
		out, err := Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(out, Limits{Bytes: maxText})
		if err != nil {
			t.Fatal(err)
		}
		equal(t, again, want)
		if stable, _ := Marshal(again); !bytes.Equal(out, stable) {
			t.Fatalf("%s, then %s", out, stable)
		}
	})
}

func equal(t *testing.T, v Value, want any) {
	t.Helper()
	same := false
	switch w := want.(type) {
	case nil:
		same = v.Kind() == Null
	case bool:
		b, ok := v.Bool()
		same = ok && b == w
	case string:
		s, ok := v.Text()
		same = ok && s == w
	case json.Number:
		n, ok := v.Int()
		same = ok && strconv.FormatInt(n, 10) == w.String()
	case []any:
		same = v.Kind() == Array && v.Len() == len(w)
		for i, e := range v.Elements() {
			equal(t, e, w[i])
		}
	case map[string]any:
		same = v.Kind() == Object && v.Len() == len(w)
		for name, m := range v.Members() {
			equal(t, m, w[name])
			if m != v.Get(name) {
				t.Fatalf("Get(%q) finds another member", name)
			}
		}
	}
	if !same {
		t.Fatalf("%s is not %v", v.Raw(), want)
	}
}
