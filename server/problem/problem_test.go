package problem

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/sync/ijson"
)

func TestTableIsComplete(t *testing.T) {
	form := regexp.MustCompile(`^[a-z]+(_[a-z]+)*$`)
	japanese := regexp.MustCompile(`[\p{Hiragana}\p{Katakana}\p{Han}]`)
	types, titles := map[string]Code{}, map[string]Code{}
	for _, code := range Codes() {
		r := table[code]
		if !form.MatchString(string(code)) {
			t.Errorf("%q is not of the form of a code", code)
		}
		if !japanese.MatchString(r.ja) {
			t.Errorf("%s: no Japanese title: %q", code, r.ja)
		}
		if r.en == "" || japanese.MatchString(r.en) {
			t.Errorf("%s: no English title: %q", code, r.en)
		}
		if r.status < 400 || r.status > 599 || (http.StatusText(r.status) == "" && code != ChecksumMismatch) {
			t.Errorf("%s: status %d", code, r.status)
		}
		if r.after > 0 && !r.retryable {
			t.Errorf("%s: has a waiting time but cannot be retried", code)
		}
		p := Of(New(code))
		if p.Code != code || p.Status != r.status {
			t.Errorf("%s: document says %s, %d", code, p.Code, p.Status)
		}
		for _, unique := range []struct {
			in map[string]Code
			of string
		}{{types, p.Type}, {titles, r.ja}, {titles, r.en}} {
			if other, taken := unique.in[unique.of]; taken {
				t.Errorf("%s and %s share %q", code, other, unique.of)
			}
			unique.in[unique.of] = code
		}
	}
}

func TestEveryLineNamesARow(t *testing.T) {
	for _, s := range sentinels {
		if _, ok := table[s.code]; !ok {
			t.Errorf("%v: no row %q", s.err, s.code)
		}
		if got := Of(fmt.Errorf("while working: %w", s.err)).Code; got != s.code {
			t.Errorf("%v: became %s, want %s", s.err, got, s.code)
		}
	}
	for status, code := range statuses {
		if table[code].status != status {
			t.Errorf("Echo's %d became %s, which is %d", status, code, table[code].status)
		}
	}
}

func TestOf(t *testing.T) {
	secret := errors.New("password=hunter2 in /etc/tachiai")
	_, badJSON := ijson.Parse([]byte(`{"a":1,"a":2}`), ijson.Limits{})
	for _, c := range []struct {
		name string
		err  error
		code Code
	}{
		{"nil", nil, Internal},
		{"unknown", secret, Internal},
		{"outside the table", New("made_up"), Internal},
		{"wrapped deeply", fmt.Errorf("a: %w", fmt.Errorf("b: %w", New(CursorGone))), CursorGone},
		{"joined", errors.Join(secret, New(LedgerRed)), LedgerRed},
		{"the outer code wins", Wrap(RecordUnknown, New(NotFound)), RecordUnknown},
		{"an explicit code wins over a sentinel", Wrap(LedgerRed, context.Canceled), LedgerRed},
		{"cancelled", fmt.Errorf("query: %w", context.Canceled), Timeout},
		{"out of time", fmt.Errorf("query: %w", context.DeadlineExceeded), Unavailable},
		{"body limit of net/http", &http.MaxBytesError{Limit: 1}, BodyTooLarge},
		{"body limit of Echo", fmt.Errorf("read: %w", echo.ErrStatusRequestEntityTooLarge), BodyTooLarge},
		{"404 of Echo", echo.ErrNotFound, NotFound},
		{"an unlisted 4xx of Echo", echo.ErrTeapot, BadRequest},
		{"an unlisted 5xx of Echo", echo.ErrBadGateway, Internal},
		{"JSON", badJSON, BadJSON},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := Of(c.err)
			if p.Code != c.code {
				t.Fatalf("code %s, want %s", p.Code, c.code)
			}
			for _, lang := range []Language{Japanese, English} {
				if title := p.In(lang).Title; title == "" || title == secret.Error() {
					t.Errorf("title in %s: %q", lang, title)
				}
			}
		})
	}
}

func TestFaults(t *testing.T) {
	base := New(BadRequest)
	first := base.At("/records/3", "too_large")
	both := first.At("/device", "missing")
	other := first.At("/device/now", "type")
	if len(Of(base).Errors) != 0 || len(Of(first).Errors) != 1 {
		t.Error("At changed the error that it was called on")
	}
	if got := Of(both).Errors; len(got) != 2 || got[1] != (Fault{"/device", "missing"}) {
		t.Errorf("faults %v", got)
	}
	three := other.At("/x", "type") // room for a fourth is left in a grown array
	fourth := three.At("/first", "type")
	_ = three.At("/second", "type")
	if got := Of(fourth).Errors; len(got) != 4 || got[3].Pointer != "/first" {
		t.Errorf("two errors share an array: %v", got)
	}

	_, err := ijson.Parse([]byte(`{"a":[1,{"b":1.5}]}`), ijson.Limits{})
	got := Of(Wrap(BadJSON, fmt.Errorf("body: %w", err))).Errors
	if len(got) != 1 || got[0] != (Fault{"/a/1/b", "number"}) {
		t.Errorf("faults of ijson: %v", got)
	}
	many := New(BadRequest)
	for range 10 * maxFaults {
		many = many.At("/x", "missing")
	}
	if got := len(Of(many).Errors); got != maxFaults {
		t.Errorf("%d faults in one answer", got)
	}
}

func TestRetryAfter(t *testing.T) {
	for _, c := range []struct {
		err  error
		want int64
	}{
		{New(Unavailable), 2000},
		{New(Unavailable).After(90 * time.Second), 90_000},
		{New(NonceRequired), 0},
		{New(Forbidden).After(time.Second), 0},
	} {
		if got := Of(c.err).RetryAfterMS; got != c.want {
			t.Errorf("%v: %d ms, want %d", c.err, got, c.want)
		}
	}
}

func TestIdentity(t *testing.T) {
	sentinel := New(NotFound)
	if !errors.Is(fmt.Errorf("x: %w", New(NotFound).At("", "case")), sentinel) {
		t.Error("two errors of one code differ")
	}
	if errors.Is(New(Gone), sentinel) {
		t.Error("two codes are the same")
	}
	cause := errors.New("cause")
	if err := Wrap(Conflict, cause); !errors.Is(err, cause) {
		t.Error("the cause is lost")
	}
}
