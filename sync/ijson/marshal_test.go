package ijson

import (
	"errors"
	"math"
	"testing"
	"time"
)

type word string

func TestMarshal(t *testing.T) {
	at := time.Date(2026, 11, 23, 19, 0, 0, 0, time.FixedZone("", 9*3600))
	parsed := parse(t, ` {"z" : [1 , "A"], "a":{} } `)
	for _, c := range []struct {
		name string
		in   any
		want string
	}{
		{"ordered", Members{M("v", 1), M("a", "x"), M("none", nil), M("ok", true)}, `{"v":1,"a":"x","none":null,"ok":true}`},
		{"sorted map", map[string]any{"b": 1, "a": []any{"x", nil}}, `{"a":["x",null],"b":1}`},
		{"map of named", map[word]int{"b": 1, "a": 2}, `{"a":2,"b":1}`},
		{"no HTML escaping", "<&>\u2028", "\"<&>\u2028\""},
		{"named string", word("w"), `"w"`},
		{"slices", []Members{{M("i", []int64{1, -2})}, {}}, `[{"i":[1,-2]},{}]`},
		{"empty", []string(nil), `[]`},
		{"array of text", [2]word{"a", "b"}, `["a","b"]`},
		{"unsigned", uint32(7), `7`},
		{"text marshaler", at, `"2026-11-23T19:00:00+09:00"`},
		{"parsed", M("p", parsed).Value, `{"z":[1,"A"],"a":{}}`},
		{"limits of integers", []int64{MaxInt, -MaxInt}, `[9007199254740991,-9007199254740991]`},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Marshal(c.in)
			if err != nil || string(got) != c.want {
				t.Fatalf("got %s, %v, want %s", got, err, c.want)
			}
			if _, err := Parse(got, Limits{}); err != nil {
				t.Error("not readable:", err)
			}
		})
	}
}

func TestMarshalRefuses(t *testing.T) {
	for _, c := range []struct {
		name    string
		in      any
		want    error
		pointer string
	}{
		{"duplicate", Members{M("a", 1), M("b", Members{M("x", 1), M("x", 2)})}, ErrDuplicate, "/b/x"},
		{"float", []any{1, 1.0}, ErrType, "/1"},
		{"bytes", Members{M("b", []byte("x"))}, ErrType, "/b"},
		{"struct", struct{ A int }{}, ErrType, ""},
		{"map by number", map[int]int{1: 1}, ErrType, ""},
		{"too large", MaxInt + 1, ErrNumber, ""},
		{"too small", int64(math.MinInt64), ErrNumber, ""},
		{"unsigned too large", uint64(math.MaxUint64), ErrNumber, ""},
		{"not UTF-8", "\xff", ErrUTF8, ""},
		{"name not UTF-8", map[string]int{"\xff": 1}, ErrUTF8, ""},
		{"surrogate as bytes", "\xed\xa0\x80", ErrUTF8, ""},
		{"noncharacter", "a\uffff", ErrNoncharacter, ""},
		{"absent value", Members{M("v", Value{})}, ErrMissing, "/v"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := Marshal(c.in)
			e, ok := errors.AsType[*Error](err)
			if !ok || got != nil || !errors.Is(err, c.want) || e.Pointer != c.pointer {
				t.Errorf("got %s, %v", got, err)
			}
		})
	}
}

func TestAppendKeepsWhatIsThere(t *testing.T) {
	got, err := Append([]byte("x="), Members{M("a", 1)})
	if err != nil || string(got) != `x={"a":1}` {
		t.Errorf("%s, %v", got, err)
	}
}
