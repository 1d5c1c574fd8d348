package wire

import (
	"bytes"
	"encoding/json"
	"reflect"
	"strings"
	"testing"
)

// FuzzForms: what a form reads, it writes, and reads back as the same.
func FuzzForms(f *testing.F) {
	file := load(f)
	all := forms(file)
	for _, form := range all {
		for _, c := range append(form.vectors.Valid, form.vectors.Invalid...) {
			f.Add([]byte(c.Text))
		}
	}
	for _, c := range file.Push.Valid {
		f.Add([]byte(c.Text))
	}
	for _, c := range file.Problem {
		f.Add([]byte(c.Text))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		for name, form := range all {
			if name == "push" {
				continue // may read what cannot be written, see FuzzPush
			}
			first, err := form.run(body)
			if err != nil {
				continue
			}
			if second, err := form.run(first); err != nil || !bytes.Equal(first, second) {
				t.Fatalf("%s: %s then %s (%v)", name, first, second, err)
			}
		}
		_, _ = ParseProblem(body)
	})
}

// FuzzPush: a body that encoding/json reads as a short list of strings is read
// as the same list, whatever stands beside it; nothing else panics.
func FuzzPush(f *testing.F) {
	for _, c := range load(f).Push.Valid {
		f.Add([]byte(c.Text))
	}
	f.Add([]byte(`{"records":["\ud83d\ude00","\udc00"],"device":[]}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := ParsePush(body)
		if err == nil && len(p.Records) > MaxRecords {
			t.Fatalf("%d records", len(p.Records))
		}
		var plain struct{ Records []string }
		if err != nil || json.Unmarshal(body, &plain) != nil {
			return
		}
		for i, text := range plain.Records {
			if p.Records[i] != text && !strings.Contains(text, "\ufffd") && !bytes.Contains(body, []byte("null")) {
				t.Fatalf("record %d is %q, not %q", i, p.Records[i], text)
			}
		}
	})
}

// FuzzTexts: codes, cursors, links, queries and headers are read in one way.
func FuzzTexts(f *testing.F) {
	file := load(f)
	for _, c := range file.Code.Cases {
		f.Add(*c[0])
	}
	for _, c := range file.Link.Cases {
		f.Add(c.Text)
	}
	for _, c := range file.Cursor.Valid {
		f.Add(c.Text)
	}
	for _, c := range file.Tus.Metadata {
		f.Add(c.Text)
	}
	for _, c := range file.Tus.Checksum {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := ParseCode(text); err == nil {
			if back, err := ParseCode(c.Spaced()); err != nil || back != c || len(c) != codeDigits {
				t.Fatalf("code %q of %q", c, text)
			}
		}
		if c, root, err := ParseEnrolLink(text); err == nil && !root.IsZero() {
			if c2, r2, err := ParseEnrolLink(EnrolLink("https://x", c, root)); err != nil || c2 != c || r2 != root {
				t.Fatalf("link %q", text)
			}
		}
		if c, err := ParseCursor(text); err == nil && c.String() != text {
			t.Fatalf("cursor %q is written %q", text, c)
		}
		if q, err := ParseFeedQuery("", text); err == nil && (q.Limit < 1 || q.Limit > MaxChanges) {
			t.Fatalf("limit %d", q.Limit)
		}
		if m, err := ParseUploadMetadata(text); err == nil {
			if back, err := ParseUploadMetadata(m.String()); err != nil || back != m {
				t.Fatalf("metadata %q", text)
			}
		}
		if c, err := ParseChecksum(text); err == nil {
			if back, err := ParseChecksum(c.String()); err != nil || !reflect.DeepEqual(back, c) {
				t.Fatalf("checksum %q", text)
			}
		}
	})
}

// A batch of 50 visits of metadata: 150 records of 2 KiB.
func BenchmarkParsePush(b *testing.B) {
	p := Push{Device: &Status{}}
	for range 150 {
		p.Records = append(p.Records, strings.Repeat("eyJhbGciOiJFUzI1NiIs.", 100))
	}
	body, err := p.Marshal()
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(body)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := ParsePush(body); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkMarshalAnswer(b *testing.B) {
	a := PushAnswer{Standing: Standing{Origin: "t.example/1"}}
	for range 150 {
		a.Results = append(a.Results, Result{Hash: strings.Repeat("A", 43), Status: Accepted, Receipt: strings.Repeat("a", 420)})
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := a.Marshal(); err != nil {
			b.Fatal(err)
		}
	}
}
