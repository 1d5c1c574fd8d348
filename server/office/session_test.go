package office_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

func TestSessionOutOfACode(t *testing.T) {
	s := newSite(t)
	member := s.member(record.ID{}, "審査 花子", record.RoleReviewer)
	code := s.code(member)
	stranger := &desk{s: s}
	typed := strings.ToLower(wire.Code(code).Spaced())
	answer := stranger.post("session", map[string]any{"code": typed})
	got := read[struct {
		Member struct {
			ID    record.ID
			Name  string
			Roles []record.Role
		}
		Agency    string
		ExpiresAt int64 `json:"expires_at"`
	}](t, answer)
	if got.Member.ID != member || got.Member.Name != "審査 花子" || len(got.Member.Roles) != 1 || got.Agency != agency {
		t.Errorf("%s", answer)
	}
	if left := time.UnixMilli(got.ExpiresAt).Sub(s.now()); left < 11*time.Hour || left > 12*time.Hour {
		t.Errorf("expires in %v", left)
	}
	set := answer.header.Get("Set-Cookie")
	for _, rule := range []string{"__Host-tachiai=", "; Path=/", "; HttpOnly", "; Secure", "; SameSite=Strict", "; Max-Age="} {
		if !strings.Contains(set, rule) {
			t.Errorf("the cookie %q lacks %q", set, rule)
		}
	}
	if strings.Contains(set, "Domain") {
		t.Errorf("the cookie is for other hosts too: %q", set)
	}
	if again := stranger.post("session", map[string]any{"code": code}); again.status != 409 || again.code() != "enrolment_code_used" || again.cookie != "" {
		t.Errorf("a code works twice: %s", again)
	}
	before := s.deskOf(member)
	if after := before.post("session", map[string]any{"code": s.code(member)}); after.status != 200 || after.cookie == before.cookie || before.get("session").status != 401 {
		t.Errorf("the session that a new one replaces goes on: %s", after)
	}
	d := &desk{s: s, cookie: answer.cookie}
	if me := d.get("session"); me.status != 200 || strings.Contains(string(me.body), answer.cookie) {
		t.Errorf("%s", me)
	}
	if out := d.do(http.MethodDelete, "session", nil); out.status != 204 || !strings.Contains(out.header.Get("Set-Cookie"), "Max-Age=0") {
		t.Errorf("%s", out)
	}
	if gone := d.get("session"); gone.status != 401 || gone.code() != "session_required" {
		t.Errorf("a closed session works: %s", gone)
	}
}

// A rep's code is refused and stays his phone's.
func TestCodeOfARep(t *testing.T) {
	s := newSite(t)
	member := s.member(record.ID{}, "営業 一郎", record.RoleRep)
	code := s.code(member)
	if refused := (&desk{s: s}).post("session", map[string]any{"code": code}); refused.status != 403 || refused.code() != "forbidden" || refused.cookie != "" {
		t.Errorf("%s", refused)
	}
	if _, err := s.phone().Enrol(t.Context(), code); err != nil {
		t.Errorf("the code was used up: %v", err)
	}
	both := s.member(record.ID{}, "兼任 次郎", record.RoleRep, record.RoleReviewer)
	code = s.code(both)
	if opened := (&desk{s: s}).post("session", map[string]any{"code": code}); opened.status != 200 {
		t.Errorf("%s", opened)
	}
	if _, err := s.phone().Enrol(t.Context(), code); err == nil {
		t.Error("one code gave a session and a key")
	}
}

func TestBadCodes(t *testing.T) {
	s := newSite(t)
	member := s.member(record.ID{}, "審査 花子", record.RoleReviewer)
	late, removed := s.code(member), s.member(record.ID{}, "退職 者", record.RoleReviewer)
	codeOfRemoved := s.code(removed)
	_, err := s.db.ChangeMember(t.Context(), postgres.Member{ID: removed, Name: "退職 者", Roles: []record.Role{record.RoleReviewer}}, s.admin, s.now())
	s.must(err)
	if got := (&desk{s: s}).post("session", map[string]any{"code": codeOfRemoved}); got.status != 403 || got.code() != "enrolment_code_invalid" {
		t.Errorf("removed: %s", got)
	}
	s.pass(10 * time.Minute)
	for _, code := range []string{late, "", "x", "0000-0000-0000", strings.Repeat("0", 5000)} {
		if got := (&desk{s: s}).post("session", map[string]any{"code": code}); got.status != 403 || got.code() != "enrolment_code_invalid" {
			t.Errorf("%.20q: %s", code, got)
		}
	}
	limited := false
	for range 40 {
		got := (&desk{s: s}).post("session", map[string]any{"code": "0000-0000-0000"})
		limited = limited || got.status == 429 && got.header.Get("Retry-After") != ""
	}
	if !limited {
		t.Error("guesses are not bounded")
	}
}

func TestSessionEnds(t *testing.T) {
	s := newSite(t)
	idle, busy := s.desk(record.RoleReviewer), s.desk(record.RoleReviewer)
	for range 11 {
		s.pass(59 * time.Minute)
		if got := busy.get("session"); got.status != 200 {
			t.Fatalf("a busy session ended early: %s", got)
		}
	}
	if got := idle.get("session"); got.status != 401 {
		t.Errorf("idle for eleven hours: %s", got)
	}
	s.pass(75 * time.Minute)
	if got := busy.get("session"); got.status != 401 {
		t.Errorf("older than twelve hours: %s", got)
	}
	fired, demoted := s.desk(record.RoleReviewer), s.desk(record.RoleReviewer)
	_, err := s.db.ChangeMember(t.Context(), postgres.Member{ID: fired.member, Name: "x", Roles: []record.Role{record.RoleReviewer}}, s.admin, s.now())
	s.must(err)
	if got := fired.get("session"); got.status != 401 {
		t.Errorf("a removed member: %s", got)
	}
	s.member(demoted.member, "x", record.RoleRep)
	if got := demoted.get("session"); got.status != 401 {
		t.Errorf("a member who is only a rep now: %s", got)
	}
	for name, cookie := range map[string]string{
		"another": strings.Repeat("A", 43), "short": "abc", "long": strings.Repeat("A", 4000), "other": strings.Repeat("_", 43), "two": "x; __Host-tachiai=y",
	} {
		if got := (&desk{s: s, cookie: cookie}).get("session"); got.status != 401 {
			t.Errorf("%s: %s", name, got)
		}
	}
	good := s.desk(record.RoleReviewer)
	two := &desk{s: s, cookie: good.cookie + "; __Host-tachiai=" + good.cookie}
	if got := two.get("session"); got.status != 401 {
		t.Errorf("two cookies: %s", got)
	}
	if got := good.get("session", func(r *http.Request) { r.Header.Set("Cookie", "tachiai="+good.cookie) }); got.status != 401 {
		t.Errorf("the cookie of a plain connection: %s", got)
	}
	s.code(s.member(record.ID{}, "来ない 人", record.RoleReviewer))
	const held = `select (select count(*) from sessions) + (select count(*) from enrolment_codes where session_at is null)`
	var kept, left int
	s.must(s.row(held, &kept))
	s.pass(25 * time.Hour)
	s.must(s.jobs.Expire(t.Context()))
	s.must(s.row(held, &left))
	if kept < 2 || left != 0 {
		t.Errorf("%d sessions and codes, %d after they ran out", kept, left)
	}
}

// TestSameSite: what another site's page can make a browser send changes nothing.
func TestSameSite(t *testing.T) {
	s := newSite(t)
	d := s.desk(record.RoleAdmin)
	before := func() (n int) { s.must(s.row(`select count(*) from records`, &n)); return n }
	n := before()
	set := func(name, value string) func(*http.Request) {
		return func(r *http.Request) {
			if value == "" {
				r.Header.Del(name)
				return
			}
			r.Header.Set(name, value)
		}
	}
	body := map[string]any{"name": "偽 者", "roles": []any{"admin"}}
	for name, change := range map[string]func(*http.Request){
		"another site":       set("Sec-Fetch-Site", "cross-site"),
		"a sibling host":     set("Sec-Fetch-Site", "same-site"),
		"typed":              set("Sec-Fetch-Site", "none"),
		"another origin":     set("Origin", "https://evil.example"),
		"another scheme":     set("Origin", "http://tachiai.example"),
		"a longer host":      set("Origin", "https://tachiai.example.evil.example"),
		"null":               set("Origin", "null"),
		"two origins":        func(r *http.Request) { r.Header.Add("Origin", publicURL) },
		"a form":             set("Content-Type", "application/x-www-form-urlencoded"),
		"a plain form":       set("Content-Type", "text/plain"),
		"nearly JSON":        set("Content-Type", "application/json-seq"),
		"no type":            set("Content-Type", ""),
		"JSON in Shift_JIS":  set("Content-Type", "application/json; charset=shift_jis"),
		"two types in one":   set("Content-Type", "text/plain; application/json"),
		"JSON as a form too": set("Content-Type", "application/x-www-form-urlencoded, application/json"),
	} {
		if got := d.post("members", body, change); got.status != 403 || got.code() != "cross_site" {
			t.Errorf("%s: %s", name, got)
		}
		if got := d.do(http.MethodDelete, "session", nil, change); got.status != 403 {
			t.Errorf("%s: a foreign page ends the session: %s", name, got)
		}
	}
	if before() != n {
		t.Error("something was changed")
	}
	for _, site := range []string{"cross-site", "same-site"} {
		if got := d.get("members", set("Sec-Fetch-Site", site)); got.status != 403 {
			t.Errorf("%s reads: %s", site, got)
		}
	}
	if got := d.get("members", set("Sec-Fetch-Site", "none")); got.status != 200 {
		t.Errorf("an address that was typed: %s", got)
	}
	// no browser: neither header
	if got := d.post("members", body, set("Origin", ""), set("Sec-Fetch-Site", "")); got.status != 201 {
		t.Errorf("a program of the agency's: %s", got)
	}
	if got := d.post("members", body, set("Content-Type", "application/json; charset=UTF-8")); got.status != 201 {
		t.Errorf("with a charset: %s", got)
	}
}
