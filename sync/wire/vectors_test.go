package wire

import (
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"reflect"
	"testing"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

type formVector struct{ Name, Text, Written, Code, Pointer string }

type formVectors struct{ Valid, Invalid []formVector }

type vectorFile struct {
	Push struct {
		Valid []struct {
			Name, Text string
			Records    []string
			Device     json.RawMessage
		}
		Invalid []formVector
	}
	PushAnswer  formVectors `json:"push_answer"`
	Enrol       formVectors
	EnrolAnswer formVectors `json:"enrol_answer"`
	FeedAnswer  formVectors `json:"feed_answer"`
	Inclusion   formVectors
	Consistency formVectors
	Problem     []problemVector
	Cursor      cursorVectors
	Code        struct{ Cases [][2]*string }
	Link        struct{ Cases []linkVector }
	FeedQuery   struct{ Cases []queryVector } `json:"feed_query"`
	Tus         struct {
		Metadata []struct {
			Text string
			Want *struct{ Record, SHA256 string }
		}
		Checksum []struct {
			Text string
			Want *[2]string
		}
	}
}

type problemVector struct {
	Name, Text string
	Want       *struct {
		Status       int
		Code         string
		Retryable    bool
		RetryAfterMS int64 `json:"retry_after_ms"`
		Errors       [][2]string
	}
}

type cursorVectors struct {
	Valid []struct {
		Text  string
		Index int64
		Leaf  string
	}
	Invalid []string
}

type linkVector struct {
	Text, Code string
	Root       *string
	Error      bool
}

type queryVector struct {
	Cursor, Limit string
	Want          *struct {
		Index int64
		Limit int
	}
}

func load(t testing.TB) (f vectorFile) {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/wire.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &f); err != nil {
		t.Fatal(err)
	}
	return f
}

// written reads a form and writes it again.
type written func(body []byte) ([]byte, error)

func again[T interface{ Marshal() ([]byte, error) }](parse func([]byte) (T, error)) written {
	return func(body []byte) ([]byte, error) {
		form, err := parse(body)
		if err != nil {
			return nil, err
		}
		return form.Marshal()
	}
}

func forms(f vectorFile) map[string]struct {
	vectors formVectors
	run     written
} {
	type form = struct {
		vectors formVectors
		run     written
	}
	return map[string]form{
		"push":         {formVectors{Invalid: f.Push.Invalid}, again(ParsePush)},
		"push_answer":  {f.PushAnswer, again(ParsePushAnswer)},
		"enrol":        {f.Enrol, again(ParseEnrolRequest)},
		"enrol_answer": {f.EnrolAnswer, again(ParseEnrolAnswer)},
		"feed_answer":  {f.FeedAnswer, again(ParseFeedAnswer)},
		"inclusion":    {f.Inclusion, again(ParseInclusion)},
		"consistency":  {f.Consistency, again(ParseConsistency)},
	}
}

func TestForms(t *testing.T) {
	for name, form := range forms(load(t)) {
		if len(form.vectors.Invalid) == 0 {
			t.Errorf("%s has no vectors", name)
		}
		for _, c := range form.vectors.Valid {
			t.Run(name+"/"+c.Name, func(t *testing.T) {
				got, err := form.run([]byte(c.Text))
				if err != nil || string(got) != c.Written {
					t.Errorf("%s\nwant %s (%v)", got, c.Written, err)
				}
			})
		}
		for _, c := range form.vectors.Invalid {
			t.Run(name+"/"+c.Name, func(t *testing.T) {
				got, err := form.run([]byte(c.Text))
				faults := ijson.List(err)
				if len(faults) == 0 {
					t.Fatalf("read %s (%v)", got, err)
				}
				code := faults[0].Code()
				if errors.Is(err, ErrTooMany) {
					code = "too_many"
				}
				if code != c.Code || faults[0].Pointer != c.Pointer {
					t.Errorf("%s at %q, want %s at %q (%v)", code, faults[0].Pointer, c.Code, c.Pointer, err)
				}
			})
		}
	}
}

func TestPush(t *testing.T) {
	for _, c := range load(t).Push.Valid {
		t.Run(c.Name, func(t *testing.T) {
			p, err := ParsePush([]byte(c.Text))
			if err != nil {
				t.Fatal(err)
			}
			if len(p.Records) != len(c.Records) || len(c.Records) > 0 && !reflect.DeepEqual(p.Records, c.Records) {
				t.Errorf("records %q, want %q", p.Records, c.Records)
			}
			device, err := json.Marshal(p.Device)
			if err != nil || !sameJSON(t, device, c.Device) {
				t.Errorf("device %s, want %s (%v)", device, c.Device, err)
			}
			var back *Status
			if err := json.Unmarshal(device, &back); err != nil || !reflect.DeepEqual(back, p.Device) {
				t.Errorf("status read back as %+v (%v)", back, err)
			}
		})
	}
}

func sameJSON(t testing.TB, a, b []byte) bool {
	t.Helper()
	var x, y any
	if err := errors.Join(json.Unmarshal(a, &x), json.Unmarshal(b, &y)); err != nil {
		t.Fatal(err)
	}
	return reflect.DeepEqual(x, y)
}

func TestCursor(t *testing.T) {
	f := load(t).Cursor
	for _, c := range f.Valid {
		leaf, err := hex.DecodeString(c.Leaf)
		if err != nil {
			t.Fatal(err)
		}
		want := Cursor{c.Index, [16]byte(leaf)}
		if got, err := ParseCursor(c.Text); err != nil || got != want || want.String() != c.Text {
			t.Errorf("%q is %v, want %v; written %q (%v)", c.Text, got, want, want.String(), err)
		}
	}
	for _, text := range f.Invalid {
		if got, err := ParseCursor(text); !errors.Is(err, ErrCursor) {
			t.Errorf("%q is %v (%v)", text, got, err)
		}
	}
	if got := CursorAt(6, [32]byte{1, 2}); got.Index != 7 || got.Leaf != [16]byte{1, 2} {
		t.Errorf("after leaf 6: %v", got)
	}
}

func TestCode(t *testing.T) {
	for _, c := range load(t).Code.Cases {
		got, err := ParseCode(*c[0])
		if want := c[1]; want == nil && !errors.Is(err, ErrCode) || want != nil && string(got) != *want {
			t.Errorf("%q is %q (%v), want %v", *c[0], got, err, want)
		}
	}
}

func TestEnrolLink(t *testing.T) {
	for _, c := range load(t).Link.Cases {
		code, root, err := ParseEnrolLink(c.Text)
		if c.Error != errors.Is(err, ErrCode) || string(code) != c.Code {
			t.Errorf("%q is %q (%v)", c.Text, code, err)
		}
		if c.Root == nil && !root.IsZero() || c.Root != nil && root.String() != *c.Root {
			t.Errorf("%q pins %v", c.Text, root)
		}
	}
	code, root := NewCode(countingReader(7)), record.KeyID{9}
	for _, public := range []string{"https://t.example", "https://t.example/"} {
		link := EnrolLink(public, code, root)
		if c, r, err := ParseEnrolLink(link); err != nil || c != code || r != root || link != "https://t.example/field/enrol#"+string(code)+"."+root.String() {
			t.Errorf("%s: %v", link, err)
		}
	}
	if got := Code("ABCDEFGH1234").Spaced(); got != "ABCD-EFGH-1234" {
		t.Error(got)
	}
}

// countingReader gives bytes that grow by itself.
type countingReader byte

func (r countingReader) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = byte(i) * byte(r)
	}
	return len(p), nil
}

func TestFeedQuery(t *testing.T) {
	for _, c := range load(t).FeedQuery.Cases {
		q, err := ParseFeedQuery(c.Cursor, c.Limit)
		switch {
		case c.Want == nil && err == nil:
			t.Errorf("%+v is %+v", c, q)
		case c.Want != nil && (err != nil || q.Cursor.Index != c.Want.Index || q.Limit != c.Want.Limit):
			t.Errorf("%+v is %+v (%v)", c, q, err)
		}
	}
}

func TestProofQueries(t *testing.T) {
	for _, c := range []struct {
		a, b          string
		inclusion, ok bool
	}{
		{"0", "1", true, true}, {"4", "5", true, true}, {"5", "5", true, false}, {"-1", "5", true, false}, {"", "5", true, false},
		{"1", "1", false, true}, {"0", "1", false, false}, {"2", "1", false, false}, {"1", "9007199254740992", false, false}, {"1", "0x2", false, false},
	} {
		parse := ParseConsistencyQuery
		if c.inclusion {
			parse = ParseInclusionQuery
		}
		if _, _, err := parse(c.a, c.b); (err == nil) != c.ok || err != nil && !errors.Is(err, ErrQuery) {
			t.Errorf("%+v: %v", c, err)
		}
	}
}

func TestTusHeaders(t *testing.T) {
	f := load(t).Tus
	for _, c := range f.Metadata {
		m, err := ParseUploadMetadata(c.Text)
		switch {
		case c.Want == nil && !errors.Is(err, ErrHeader):
			t.Errorf("%q is %+v (%v)", c.Text, m, err)
		case c.Want != nil && (err != nil || m.Record.String() != c.Want.Record || m.SHA256 != c.Want.SHA256):
			t.Errorf("%q is %+v (%v)", c.Text, m, err)
		}
		if back, err2 := ParseUploadMetadata(m.String()); err == nil && (err2 != nil || back != m) {
			t.Errorf("%q is written %q", c.Text, m)
		}
	}
	for _, c := range f.Checksum {
		sum, err := ParseChecksum(c.Text)
		switch {
		case c.Want == nil && !errors.Is(err, ErrHeader):
			t.Errorf("%q is %+v (%v)", c.Text, sum, err)
		case c.Want != nil && (err != nil || sum.Algorithm != c.Want[0] || hex.EncodeToString(sum.Sum) != c.Want[1] || sum.String() != c.Text):
			t.Errorf("%q is %+v (%v)", c.Text, sum, err)
		}
	}
}

func TestProblem(t *testing.T) {
	for _, c := range load(t).Problem {
		p, err := ParseProblem([]byte(c.Text))
		if c.Want == nil {
			if err == nil {
				t.Errorf("%s: read %+v", c.Name, p)
			}
			continue
		}
		if err != nil || p.Status != c.Want.Status || p.Code != c.Want.Code || p.Retryable != c.Want.Retryable ||
			p.RetryAfter.Milliseconds() != c.Want.RetryAfterMS || len(p.Errors) != len(c.Want.Errors) {
			t.Errorf("%s: read %+v (%v)", c.Name, p, err)
		}
		for i, e := range c.Want.Errors {
			if (ProblemError{e[0], e[1]}) != p.Errors[i] {
				t.Errorf("%s: error %+v", c.Name, p.Errors[i])
			}
		}
	}
}
