package blob

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"
)

func TestRefText(t *testing.T) {
	type holder struct{ Sha256 Ref }
	in := holder{Of([]byte("abc"))}
	text, err := json.Marshal(in)
	if err != nil || !strings.Contains(string(text), `"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"`) {
		t.Fatalf("%s, %v", text, err)
	}
	var out holder
	if err := json.Unmarshal(text, &out); err != nil || out != in {
		t.Errorf("%v, %v", out, err)
	}
	if err := json.Unmarshal([]byte(`{"Sha256":"BA"}`), &out); !errors.Is(err, ErrRef) {
		t.Errorf("a bad name: %v", err)
	}
}

// An error of the source is not taken for an end, wherever it comes.
func TestReaderSourceFails(t *testing.T) {
	broken := errors.New("link lost")
	data := []byte("abc")
	for k := range 4 {
		r := NewReader(io.MultiReader(bytes.NewReader(data[:k]), iotest.ErrReader(broken)), Of(data), 3)
		if got, err := io.ReadAll(r); !errors.Is(err, broken) || len(got) != k {
			t.Errorf("after %d bytes: %d, %v", k, len(got), err)
		}
	}
}

// Any single flipped bit is seen.
func TestReaderBitFlip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		data := rapid.SliceOfN(rapid.Byte(), 1, 200).Draw(t, "data")
		want := Of(data)
		bit := rapid.IntRange(0, len(data)*8-1).Draw(t, "bit")
		data[bit/8] ^= 1 << (bit % 8)
		if _, err := io.Copy(io.Discard, NewReader(bytes.NewReader(data), want, int64(len(data)))); !errors.Is(err, ErrMismatch) {
			t.Fatal(err)
		}
	})
}

// Following the plan from any offset sends each byte once, in order, and ends.
func TestPlanCovers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 10_000).Draw(t, "size")
		chunk := rapid.Int64Range(1, 12_000).Draw(t, "chunk")
		offset := rapid.Int64Range(0, size-1).Draw(t, "offset")
		for last := false; !last; {
			var from, to int64
			var err error
			from, to, last, err = Plan(size, offset, chunk)
			if err != nil || from != offset || to <= from || to-from > chunk || last != (to == size) {
				t.Fatalf("%d-%d last %v, %v", from, to, last, err)
			}
			offset = to
		}
	})
}

func FuzzParseRef(f *testing.F) {
	v := load(f)
	for _, c := range v.Refs {
		f.Add(c.Ref)
	}
	for _, c := range v.InvalidRefs {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if r, err := ParseRef(s); err == nil && r.String() != s {
			t.Errorf("%q is taken, but written %q", s, r)
		}
	})
}

func FuzzParseContentDigest(f *testing.F) {
	v := load(f)
	for _, c := range v.Digests {
		f.Add(c.Field)
	}
	for _, c := range v.InvalidDigests {
		f.Add(c.Field)
	}
	f.Fuzz(func(t *testing.T, s string) {
		r, err := ParseContentDigest(s)
		if err != nil {
			return
		}
		if canonical := FormatContentDigest(r); !strings.Contains(s, canonical) {
			t.Errorf("%q gives %s, which it does not say", s, canonical)
		}
	})
}

func FuzzSniff(f *testing.F) {
	for _, c := range load(f).Sniffs {
		f.Add(c.First)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		if got := Sniff(b); got == "" || got != Sniff(b[:min(len(b), 512)]) {
			t.Errorf("%s depends on bytes after the first 512", got)
		}
	})
}
