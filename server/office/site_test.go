package office_test

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server"
	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/field/fieldtest"
	"tachiai/server/jobs"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

const (
	publicURL = "https://tachiai.example"
	api       = "/api/office/v1/"
	agency    = "みなと派遣株式会社"
)

// site is one deployment with one server.
type site struct {
	t        *testing.T
	db       *postgres.DB
	objects  *objects.Store
	keys     *keys.Set
	jobs     *jobs.Jobs
	ownerURL string
	handler  *echo.Echo
	url      string
	ahead    atomic.Int64 // how far its clock is ahead of this machine's
	admin    record.ID
	log      *safeBuffer
}

type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *safeBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *safeBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, log: &safeBuffer{}}
	dir := t.TempDir()
	var err error
	s.keys, err = keys.Create(dir + "/keys")
	s.must(err)
	s.objects, err = objects.Open(t.Context(), embeddedtest.Bucket(t))
	s.must(err)
	var appURL string
	s.ownerURL, appURL = embeddedtest.Cloned(t, "migrated", func(ownerURL, _ string) error {
		return postgres.Migrate(context.Background(), ownerURL, "tachiai_app")
	})
	receipt, err := seal.Thumbprint(s.keys.Receipt.Public())
	s.must(err)
	s.db, err = postgres.Open(t.Context(), postgres.Config{
		URL: appURL, Origin: "tachiai.example/test", ReceiptKeyID: receipt, Office: s.keys.Office, App: "test", MaxConns: 8,
	})
	s.must(err)
	t.Cleanup(s.db.Close)
	s.jobs = jobs.New(jobs.Config{DB: s.db, Objects: s.objects, Key: s.keys.Ledger, Dir: dir, Now: s.now})
	srv, err := server.New(server.Config{
		DB: s.db, Objects: s.objects, Keys: s.keys, Jobs: s.jobs, PublicURL: publicURL, SpoolDir: t.TempDir(), Now: s.now, Agency: agency,
		OnPapers: wire.Agency{Name: agency, Contact: "個人情報窓口"}, Log: slog.New(slog.NewJSONHandler(s.log, nil)),
	})
	s.must(err)
	s.handler = srv.Handler().(*echo.Echo)
	listener := httptest.NewServer(srv.Handler())
	t.Cleanup(listener.Close)
	s.url = listener.URL
	s.admin = record.NewID(s.now(), rand.Reader)
	s.member(s.admin, "管理者", record.RoleAdmin)
	return s
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

func (s *site) pass(d time.Duration) { s.ahead.Add(int64(d)) }

// member creates or changes a member; a zero id is a new one.
func (s *site) member(id record.ID, name string, roles ...record.Role) record.ID {
	s.t.Helper()
	id, err := s.db.ChangeMember(s.t.Context(), postgres.Member{ID: id, Name: name, Roles: roles, Active: true}, s.admin, s.now())
	s.must(err)
	return id
}

func (s *site) code(member record.ID) string {
	s.t.Helper()
	code, err := s.db.NewEnrolmentCode(s.t.Context(), member, s.now())
	s.must(err)
	return code
}

// desk is a browser of the office.
type desk struct {
	s      *site
	member record.ID
	cookie string // the value; "" = no session
}

// desk opens a session for a new member.
func (s *site) desk(roles ...record.Role) *desk {
	s.t.Helper()
	return s.deskOf(s.member(record.ID{}, "髙橋 花子", roles...))
}

func (s *site) deskOf(member record.ID) *desk {
	s.t.Helper()
	d := &desk{s: s, member: member}
	answer := d.post("session", map[string]any{"code": s.code(member)})
	if answer.status != http.StatusOK {
		s.t.Fatalf("no session: %s", answer)
	}
	d.cookie = answer.cookie
	return d
}

// answer is what came back.
type answer struct {
	status int
	header http.Header
	body   []byte
	cookie string
	cut    error // the body ended before it should
}

func (a answer) String() string { return fmt.Sprintf("%d %s", a.status, a.body) }

// code is the problem's code.
func (a answer) code() string {
	var p struct{ Code string }
	_ = json.Unmarshal(a.body, &p)
	return p.Code
}

// read decodes the body.
func read[T any](t *testing.T, a answer) (v T) {
	t.Helper()
	if a.status/100 != 2 {
		t.Fatalf("refused: %s", a)
	}
	if err := json.Unmarshal(a.body, &v); err != nil {
		t.Fatalf("%v: %s", err, a.body)
	}
	return v
}

func (d *desk) get(path string, change ...func(*http.Request)) answer {
	d.s.t.Helper()
	return d.do(http.MethodGet, path, nil, change...)
}

func (d *desk) post(path string, body any, change ...func(*http.Request)) answer {
	d.s.t.Helper()
	return d.do(http.MethodPost, path, body, change...)
}

func (d *desk) do(method, path string, body any, change ...func(*http.Request)) answer {
	t := d.s.t
	t.Helper()
	var content io.Reader
	switch body := body.(type) {
	case nil:
	case string:
		content = strings.NewReader(body)
	default:
		text, err := json.Marshal(body)
		d.s.must(err)
		content = bytes.NewReader(text)
	}
	r, err := http.NewRequestWithContext(t.Context(), method, d.s.url+api+path, content)
	d.s.must(err)
	if method != http.MethodGet {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", publicURL)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	if d.cookie != "" {
		r.Header.Set("Cookie", "__Host-tachiai="+d.cookie)
	}
	for _, f := range change {
		f(r)
	}
	response, err := http.DefaultClient.Do(r)
	d.s.must(err)
	defer response.Body.Close()
	a := answer{status: response.StatusCode, header: response.Header}
	a.body, a.cut = io.ReadAll(response.Body)
	for _, c := range response.Cookies() {
		if c.Name == "__Host-tachiai" {
			a.cookie = c.Value
		}
	}
	return a
}

// rep is a member with one enrolled phone.
type rep struct {
	*fieldtest.Phone
	id record.ID
}

func (s *site) rep() *rep {
	s.t.Helper()
	id := s.member(record.ID{}, "営業 一郎", record.RoleRep)
	p := s.phone()
	_, err := p.Enrol(s.t.Context(), publicURL+wire.EnrolPath+"#"+s.code(id)+"."+s.keys.RootID().String())
	s.must(err)
	return &rep{p, id}
}

// phone is a phone that nobody has enrolled.
func (s *site) phone() *fieldtest.Phone {
	s.t.Helper()
	p, err := fieldtest.New(fieldtest.Options{Server: s.url, Public: publicURL, Now: s.now})
	s.must(err)
	return p
}

// facts are those of a case as an office opens it.
func facts(number string) map[string]any {
	return map[string]any{
		"number": number, "worker_name": "𠮷田 辻󠄀子", "worker_kana": "ヨシダ ツジコ", "client": "株式会社T社ホールディングス", "item": "入館証",
	}
}

// theCase opens a case that is assigned to a rep.
func (s *site) theCase(r *rep) record.ID {
	s.t.Helper()
	opener := s.desk(record.RoleReviewer)
	id := read[struct{ ID record.ID }](s.t, opener.post("cases", map[string]any{"facts": facts("2026-0117"), "members": []any{r.id}})).ID
	return id
}

// visit plays a visit with one photo of size bytes, and syncs.
func (r *rep) visit(s *site, caseID record.ID, size int) (visit record.ID, photo *fieldtest.Entry, data []byte) {
	s.t.Helper()
	visit = record.NewID(s.now(), rand.Reader)
	data = picture(size)
	r.seal(s, fieldtest.Draft{Kind: record.KindVisitStarted, Case: caseID, Visit: visit, Fields: []seal.Content{
		{Name: "place", Value: "doorstep"}, {Name: "planned_end", Value: s.now().Add(time.Hour).UnixMilli()},
	}})
	photo = r.seal(s, fieldtest.Draft{
		Kind: record.KindPhotoCaptured, Case: caseID, Visit: visit, Fields: []seal.Content{{Name: "source", Value: "camera"}},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "badge_front", Type: blob.JPEG, Bytes: data}},
	})
	r.sync(s)
	return visit, photo, data
}

// end seals the end of a visit.
func (r *rep) end(s *site, caseID, visit record.ID, outcome string) {
	s.t.Helper()
	var all []record.Hash
	for _, e := range r.Journal() {
		if e.Record.Visit == visit {
			all = append(all, e.Record.Hash)
		}
	}
	r.seal(s, fieldtest.Draft{Kind: record.KindVisitEnded, Case: caseID, Visit: visit, Fields: []seal.Content{
		{Name: "outcome", Value: outcome}, {Name: "records", Value: all},
	}})
}

func (r *rep) seal(s *site, d fieldtest.Draft) *fieldtest.Entry {
	s.t.Helper()
	e, err := r.Seal(d)
	s.must(err)
	return e
}

func (r *rep) sync(s *site) {
	s.t.Helper()
	_, err := r.Sync(s.t.Context())
	s.must(err)
}

// picture is the beginning of a JPEG and noise.
func picture(size int) []byte {
	data := make([]byte, size)
	_, _ = rand.Read(data)
	copy(data, "\xff\xd8\xff\xe0\x00\x10JFIF")
	return data
}

func hashes(list []*fieldtest.Entry) []string {
	var all []string
	for _, e := range list {
		all = append(all, e.Record.Hash.String())
	}
	return all
}
