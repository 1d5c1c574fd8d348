package blob

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"testing"
	"testing/iotest"
)

type vectors struct {
	Refs []struct {
		Name, Ref string
		Bytes     []byte
	}
	Reads []struct {
		Name, Ref, Code string
		Bytes           []byte
		Size            int64
	}
	Digests []struct {
		Name, Field, Ref string
		Canonical        bool
	}
	Sniffs []struct {
		Name, Type string
		First      []byte
	}
	Plans          []plan
	InvalidRefs    []struct{ Name, Text, Code string }  `json:"invalid_refs"`
	InvalidDigests []struct{ Name, Field, Code string } `json:"invalid_digests"`
	InvalidPlans   []plan                               `json:"invalid_plans"`
}

type plan struct {
	Name, Code                    string
	Size, Offset, Chunk, From, To int64
	Last                          bool
}

func load(t testing.TB) (v vectors) {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/blob.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{len(v.Refs), len(v.Reads), len(v.Digests), len(v.Sniffs), len(v.Plans), len(v.InvalidRefs), len(v.InvalidDigests), len(v.InvalidPlans)} {
		if n == 0 {
			t.Fatalf("part %d of the vectors is empty", i)
		}
	}
	return v
}

var codes = map[string]error{
	"": nil, "ErrRef": ErrRef, "ErrDigest": ErrDigest, "ErrMismatch": ErrMismatch, "ErrSize": ErrSize, "ErrPlan": ErrPlan,
}

// isCode reports whether err is the error that a vector names, and nothing else.
func isCode(t testing.TB, err error, code string) bool {
	t.Helper()
	want, known := codes[code]
	if !known {
		t.Fatalf("the vectors use an unknown code %q", code)
	}
	return want == nil && err == nil || want != nil && errors.Is(err, want)
}

func TestVectorsRefs(t *testing.T) {
	v := load(t)
	for _, c := range v.Refs {
		r, err := ParseRef(c.Ref)
		if err != nil || r != Of(c.Bytes) || r.String() != c.Ref {
			t.Errorf("%s: %v, %v", c.Name, r, err)
		}
	}
	for _, c := range v.InvalidRefs {
		if r, err := ParseRef(c.Text); !isCode(t, err, c.Code) || !r.IsZero() {
			t.Errorf("%s: %v, %v", c.Name, r, err)
		}
	}
}

// Every vector is read in several ways: whole, byte by byte, with io.EOF beside
// the last bytes, and with empty reads between.
func TestVectorsReads(t *testing.T) {
	ways := map[string]func(io.Reader) io.Reader{
		"whole": func(r io.Reader) io.Reader { return r }, "bytes": iotest.OneByteReader, "halves": iotest.HalfReader, "early EOF": iotest.DataErrReader,
		"stutter": func(r io.Reader) io.Reader { return &stutter{r: r} },
	}
	for _, c := range load(t).Reads {
		want, err := ParseRef(c.Ref)
		if err != nil {
			t.Fatal(err)
		}
		for way, wrap := range ways {
			from := &counter{r: bytes.NewReader(c.Bytes)}
			r := NewReader(wrap(from), want, c.Size)
			got, err := io.ReadAll(r)
			if !isCode(t, err, c.Code) {
				t.Errorf("%s, %s: %v", c.Name, way, err)
			}
			if err == nil && !bytes.Equal(got, c.Bytes) {
				t.Errorf("%s, %s: other bytes", c.Name, way)
			}
			if int64(len(got)) > max(c.Size, 0) || from.n > max(c.Size, 0)+1 {
				t.Errorf("%s, %s: %d bytes passed, %d read of %d", c.Name, way, len(got), from.n, c.Size)
			}
			for range 2 {
				if _, again := r.Read(make([]byte, 8)); again == nil || err != nil && !errors.Is(again, err) {
					t.Errorf("%s, %s: read again after the end: %v", c.Name, way, again)
				}
			}
		}
	}
}

type counter struct {
	r io.Reader
	n int64
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	return n, err
}

// stutter returns 0, nil before each read, as io.Reader allows.
type stutter struct {
	r    io.Reader
	read bool
}

func (s *stutter) Read(p []byte) (int, error) {
	s.read = !s.read
	if s.read {
		return 0, nil
	}
	return s.r.Read(p)
}

func TestVectorsDigests(t *testing.T) {
	v := load(t)
	for _, c := range v.Digests {
		r, err := ParseContentDigest(c.Field)
		if err != nil || r.String() != c.Ref {
			t.Errorf("%s: %v, %v", c.Name, r, err)
		}
		if got := FormatContentDigest(r); (got == c.Field) != c.Canonical {
			t.Errorf("%s: written as %s", c.Name, got)
		}
	}
	for _, c := range v.InvalidDigests {
		if r, err := ParseContentDigest(c.Field); !isCode(t, err, c.Code) || !r.IsZero() {
			t.Errorf("%s: %v, %v", c.Name, r, err)
		}
	}
}

func TestVectorsSniffs(t *testing.T) {
	for _, c := range load(t).Sniffs {
		if got := Sniff(c.First); got != c.Type {
			t.Errorf("%s: %s, want %s", c.Name, got, c.Type)
		}
		if padded := append(bytes.Clone(c.First), make([]byte, 512)...); c.Type != Unknown && Sniff(padded) != c.Type {
			t.Errorf("%s with more bytes: %s", c.Name, Sniff(padded))
		}
	}
}

func TestVectorsPlans(t *testing.T) {
	v := load(t)
	for _, c := range append(v.Plans, v.InvalidPlans...) {
		from, to, last, err := Plan(c.Size, c.Offset, c.Chunk)
		if !isCode(t, err, c.Code) || from != c.From || to != c.To || last != c.Last {
			t.Errorf("%s: %d %d %v %v", c.Name, from, to, last, err)
		}
	}
}
