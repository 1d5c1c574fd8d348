package field_test

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

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

// publicURL is what proofs name. No server of the tests listens there: like behind a proxy.
const publicURL = "https://tachiai.example"

// site is one deployment: a database, a bucket, keys, and as many servers as a test starts.
type site struct {
	t       *testing.T
	db      *postgres.DB
	objects *objects.Store
	keys    *keys.Set
	dir     string
	ahead   atomic.Int64 // how far the site's clock is ahead of this machine's
	admin   record.ID
	log     *safeBuffer
}

// safeBuffer collects log lines of several goroutines.
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

// newSite makes a deployment of its own for one test.
func newSite(t *testing.T) *site {
	t.Helper()
	s := bareSite(t)
	_, appURL := embeddedtest.Cloned(t, "migrated", migrate)
	s.use(appURL)
	s.begin()
	return s
}

func migrate(ownerURL, _ string) error {
	return postgres.Migrate(context.Background(), ownerURL, "tachiai_app")
}

// bareSite is a deployment without a database: keys and a bucket.
func bareSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t, dir: t.TempDir(), log: &safeBuffer{}}
	var err error
	if s.keys, err = keys.Create(s.dir + "/keys"); err != nil {
		t.Fatal(err)
	}
	if s.objects, err = objects.Open(t.Context(), embeddedtest.Bucket(t)); err != nil {
		t.Fatal(err)
	}
	return s
}

// use opens a database for the servers that are started from now on.
func (s *site) use(appURL string) {
	s.t.Helper()
	receipt, err := seal.Thumbprint(s.keys.Receipt.Public())
	if err != nil {
		s.t.Fatal(err)
	}
	s.db, err = postgres.Open(s.t.Context(), postgres.Config{
		URL: appURL, Origin: "tachiai.example/test", ReceiptKeyID: receipt, Office: s.keys.Office, App: "test", MaxConns: 8,
	})
	if err != nil {
		s.t.Fatal(err)
	}
	s.t.Cleanup(s.db.Close)
}

// begin creates the first member.
func (s *site) begin() {
	s.t.Helper()
	s.admin = record.NewID(s.now(), rand.Reader)
	s.member(s.admin, "管理者", record.RoleAdmin)
}

func (s *site) now() time.Time { return time.Now().Add(time.Duration(s.ahead.Load())) }

// node is one server of a site, listening on loopback.
type node struct {
	url  string
	addr string
	jobs *jobs.Jobs
	stop context.CancelFunc
	done chan struct{}
	err  error // of Serve, once done
}

// node starts a server.
func (s *site) node(change ...func(*server.Config)) *node {
	s.t.Helper()
	j := jobs.New(jobs.Config{DB: s.db, Objects: s.objects, Key: s.keys.Ledger, Dir: s.dir, Now: s.now})
	c := server.Config{
		DB: s.db, Objects: s.objects, Keys: s.keys, Jobs: j, PublicURL: publicURL, SpoolDir: s.t.TempDir(), Now: s.now,
		Log: slog.New(slog.NewJSONHandler(s.log, nil)), Drain: 2 * time.Second,
	}
	for _, f := range change {
		f(&c)
	}
	srv, err := server.New(c)
	if err != nil {
		s.t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		s.t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	n := &node{addr: listener.Addr().String(), jobs: j, stop: stop, done: make(chan struct{})}
	n.url = "http://" + n.addr
	go func() {
		defer close(n.done)
		n.err = srv.Serve(ctx, listener, nil)
	}()
	s.t.Cleanup(func() { stop(); <-n.done })
	return n
}

// member creates or changes a member.
func (s *site) member(id record.ID, name string, roles ...record.Role) {
	s.t.Helper()
	if _, err := s.db.ChangeMember(s.t.Context(), postgres.Member{ID: id, Name: name, Roles: roles, Active: true}, s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
}

// rep is a member with one enrolled phone.
type rep struct {
	*fieldtest.Phone
	id record.ID
}

// rep creates a rep and enrols a phone on n.
func (s *site) rep(n *node, change ...func(*fieldtest.Options)) *rep {
	s.t.Helper()
	id := record.NewID(s.now(), rand.Reader)
	s.member(id, "髙橋 一郎", record.RoleRep)
	return &rep{Phone: s.phone(n, id, change...), id: id}
}

// phone enrols a phone for a member.
func (s *site) phone(n *node, member record.ID, change ...func(*fieldtest.Options)) *fieldtest.Phone {
	s.t.Helper()
	p := s.stranger(n, change...)
	code, err := s.db.NewEnrolmentCode(s.t.Context(), member, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := p.Enrol(s.t.Context(), publicURL+wire.EnrolPath+"#"+code+"."+s.keys.RootID().String()); err != nil {
		s.t.Fatal(err)
	}
	return p
}

// stranger is a phone that nobody has enrolled.
func (s *site) stranger(n *node, change ...func(*fieldtest.Options)) *fieldtest.Phone {
	s.t.Helper()
	o := fieldtest.Options{Server: n.url, Public: publicURL, HTTP: client(s.t)}
	for _, f := range change {
		f(&o)
	}
	p, err := fieldtest.New(o)
	if err != nil {
		s.t.Fatal(err)
	}
	return p
}

// client is an HTTP client with connections of its own.
func client(t *testing.T) *http.Client {
	transport := &http.Transport{MaxIdleConnsPerHost: 64}
	t.Cleanup(transport.CloseIdleConnections)
	return &http.Client{Transport: transport}
}

// theCase opens a case that is assigned to a rep.
func (s *site) theCase(member record.ID) record.ID {
	s.t.Helper()
	id, err := s.db.OpenCase(s.t.Context(), newCase(), s.admin, s.now())
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.db.AssignCase(s.t.Context(), id, []record.ID{member}, "", s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
	return id
}

// noted seals n notes of a case.
func noted(t *testing.T, p *fieldtest.Phone, caseID record.ID, n int) []*fieldtest.Entry {
	t.Helper()
	entries := make([]*fieldtest.Entry, n)
	for i := range entries {
		entries[i] = sealed(t, p, fieldtest.Draft{
			Kind: record.KindNoteWritten, Case: caseID, Fields: []seal.Content{{Name: "note", Value: "玄関先で在宅を確認。応答なし。"}},
		})
	}
	return entries
}

func sealed(t *testing.T, p *fieldtest.Phone, d fieldtest.Draft) *fieldtest.Entry {
	t.Helper()
	e, err := p.Seal(d)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// photographed seals one photo of size bytes.
func photographed(t *testing.T, p *fieldtest.Phone, caseID record.ID, size int) (*fieldtest.Entry, []byte) {
	t.Helper()
	data := make([]byte, size)
	_, _ = rand.Read(data)
	copy(data, "\xff\xd8\xff\xe0\x00\x10JFIF")
	return sealed(t, p, photoDraft(caseID, data)), data
}

func photoDraft(caseID record.ID, data ...[]byte) fieldtest.Draft {
	d := fieldtest.Draft{Kind: record.KindPhotoCaptured, Case: caseID, Fields: []seal.Content{{Name: "source", Value: "camera"}}}
	for i, b := range data {
		d.Photos = append(d.Photos, fieldtest.Photo{ID: "p" + string(rune('1'+i)), Role: "badge_front", Type: blob.JPEG, Bytes: b})
	}
	return d
}

func texts(entries []*fieldtest.Entry) []string {
	out := make([]string, len(entries))
	for i, e := range entries {
		out[i] = e.Compact
	}
	return out
}

// push pushes and fails the test when the batch as a whole is refused.
func push(t *testing.T, p *fieldtest.Phone, records ...string) wire.PushAnswer {
	t.Helper()
	answer, err := p.Push(t.Context(), records...)
	if err != nil {
		t.Fatal(err)
	}
	if len(answer.Results) != len(records) {
		t.Fatalf("%d results for %d records", len(answer.Results), len(records))
	}
	return answer
}

// statuses lists what became of each record.
func statuses(answer wire.PushAnswer) string {
	words := make([]string, len(answer.Results))
	for i, r := range answer.Results {
		words[i] = r.Status
	}
	return strings.Join(words, " ")
}

// count asks the database, as a superuser would in psql.
func (s *site) size() int64 {
	s.t.Helper()
	head, err := s.db.Head(s.t.Context())
	if err != nil {
		s.t.Fatal(err)
	}
	return head.Size
}

// newCase is a case as an office opens it.
func newCase() postgres.NewCase {
	return postgres.NewCase{Facts: []seal.Content{
		{Name: "number", Value: "2026-0117"}, {Name: "worker_name", Value: "𠮷田 辻󠄀子"}, {Name: "client", Value: "株式会社T社ホールディングス 情報システム統括本部"},
		{Name: "item", Value: "entry_badge"},
	}}
}

// closeCase ends a case.
func (s *site) closeCase(id record.ID) {
	s.t.Helper()
	fields := []seal.Content{{Name: "to", Value: string(record.StateClosed)}}
	if err := s.db.ChangeCase(s.t.Context(), id, fields, s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
}

// removeMember takes a member off the list.
func (s *site) removeMember(id record.ID) {
	s.t.Helper()
	m, err := s.db.Member(s.t.Context(), id)
	if err != nil {
		s.t.Fatal(err)
	}
	m.Active = false
	if _, err := s.db.ChangeMember(s.t.Context(), m, s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
}

// release takes a quarantined text into the ledger.
func (s *site) release(sha256 string) {
	s.t.Helper()
	digest, err := postgres.ParseDigest(sha256)
	if err != nil {
		s.t.Fatal(err)
	}
	if _, err := s.db.ReleaseQuarantine(s.t.Context(), digest, "", s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
}

// reject leaves a quarantined text out for good.
func (s *site) reject(sha256 string) {
	s.t.Helper()
	digest, err := postgres.ParseDigest(sha256)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := s.db.RejectQuarantine(s.t.Context(), digest, "unreadable", s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
}

// declined is a declaration that the worker did not sign, on a template that nobody published.
func declined(caseID record.ID) fieldtest.Draft {
	return fieldtest.Draft{Kind: record.KindDeclarationDeclined, Case: caseID, Visit: caseID, Fields: []seal.Content{
		{Name: "template", Value: map[string]any{"id": "disposal_declaration", "version": 999}}, {Name: "reason", Value: "署名しない"},
	}}
}

func publicOf(key ed25519.PrivateKey) ed25519.PublicKey { return key.Public().(ed25519.PublicKey) }

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// pad writes a size as it stands in the name of a checkpoint.
func pad(n int64) string { return fmt.Sprintf("%020d", n) }
