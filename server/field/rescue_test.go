package field_test

import (
	"net/http"
	"strings"
	"testing"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/blob"
)

// L33: what is no rescue file of this server is a clear problem, and nothing of it is taken. That one of this server arrives is e2e/phone's.
func TestL33HostileRescue(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	push(t, p.Phone) // connection and nonce
	file := http.Header{"Content-Type": {"application/octet-stream"}}
	before := s.size()
	for name, test := range map[string]struct {
		body   string
		header http.Header
		status int
		code   string
	}{
		"JSON":             {"{}", http.Header{"Content-Type": {"application/json"}}, 415, "unsupported_media_type"},
		"nothing":          {"", file, 400, "bad_request"},
		"something else":   {"\xff\xd8\xff\xe0" + strings.Repeat("x", 1000), file, 400, "bad_request"},
		"no head":          {"tachiai-rescue 1\n", file, 400, "bad_request"},
		"a head of a list": {"tachiai-rescue 1\n[]\n", file, 400, "bad_request"},
		"no wrap of ours":  {"tachiai-rescue 1\n" + `{"v":1,"made_at":1,"member":"m","origin":"o","wraps":[{"generation":1,"age":"AAAA"}]}` + "\n", file, 400, "bad_request"},
		"too large":        {strings.Repeat("x", blob.MaxSize+2<<20), file, 413, "body_too_large"},
	} {
		answer, err := p.Do(t.Context(), fieldtest.Request{Method: http.MethodPost, Path: "/api/field/v1/rescue", Body: strings.NewReader(test.body), Header: test.header})
		if err != nil {
			t.Fatal(err)
		}
		if code := fieldtest.Code(answer.Err()); answer.Status != test.status || code != test.code {
			t.Errorf("%s: %d %s, want %d %s", name, answer.Status, code, test.status, test.code)
		}
	}
	if s.size() != before {
		t.Error("something was taken")
	}
}
