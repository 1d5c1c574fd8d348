package client_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"net"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"crypto/rand"

	"tachiai/server"
	"tachiai/server/client/clienttest"
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

const publicURL = "https://tachiai.example"

// site is one server with its people, and a visit that has brought a declaration and a photo.
type site struct {
	t       *testing.T
	db      *postgres.DB
	objects *objects.Store
	keys    *keys.Set
	jobs    *jobs.Jobs
	url     string
	http    *http.Client
	ahead   atomic.Int64 // how far the site's clock is ahead of this machine's
	stopped atomic.Int64 // the UnixNano at which the site's clock stands still; 0: it runs
	owner   string       // URL of the schema's owner

	admin, rep, reviewer, approver record.ID
	maker, second                  clienttest.Desk

	phone              *fieldtest.Phone
	caseID, visit      record.ID
	declaration, photo *fieldtest.Entry
}

// newSite's passcodes are stretched little: the race detector makes it take seconds.
func newSite(t *testing.T) *site {
	t.Helper()
	return newSlowSite(t, 10_000)
}

// newSlowSite stretches them by so many rounds; 0: as the product does.
func newSlowSite(t *testing.T, rounds int) *site {
	t.Helper()
	s := &site{t: t}
	dir := t.TempDir()
	var err error
	s.keys, err = keys.Create(dir + "/keys")
	s.must(err)
	s.objects, err = objects.Open(t.Context(), embeddedtest.Bucket(t))
	s.must(err)
	owner, app := embeddedtest.Cloned(t, "client", func(owner, _ string) error { return postgres.Migrate(context.Background(), owner, "tachiai_app") })
	s.owner = owner
	receipt, err := seal.Thumbprint(s.keys.Receipt.Public())
	s.must(err)
	s.db, err = postgres.Open(t.Context(), postgres.Config{
		URL: app, Origin: "tachiai.example/test", ReceiptKeyID: receipt, Office: s.keys.Office, App: "test", MaxConns: 8,
		PasscodeRounds: rounds,
	})
	s.must(err)
	t.Cleanup(s.db.Close)
	s.jobs = jobs.New(jobs.Config{DB: s.db, Objects: s.objects, Key: s.keys.Ledger, Dir: dir, Now: s.now})
	srv, err := server.New(server.Config{
		DB: s.db, Objects: s.objects, Keys: s.keys, Jobs: s.jobs, PublicURL: publicURL, SpoolDir: t.TempDir(), Agency: "株式会社みなと人材", Now: s.now,
		Drain: 2 * time.Second,
	})
	s.must(err)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	s.must(err)
	s.url = "http://" + listener.Addr().String()
	ctx, stop := context.WithCancel(context.Background())
	done := make(chan struct{})
	go func() { defer close(done); _ = srv.Serve(ctx, listener, nil) }()
	t.Cleanup(func() { stop(); <-done })
	transport := &http.Transport{MaxIdleConnsPerHost: 32}
	t.Cleanup(transport.CloseIdleConnections)
	s.http = &http.Client{Transport: transport}

	s.admin = s.member("管理者", record.RoleAdmin)
	s.rep, s.reviewer = s.member("山﨑 誠", record.RoleRep), s.member("審査 花子", record.RoleReviewer)
	s.approver = s.member("承認 太郎", record.RoleApprover)
	s.maker, s.second = s.desk(s.member("作成 次郎", record.RoleReviewer)), s.desk(s.approver)
	return s
}

func (s *site) must(err error) {
	s.t.Helper()
	if err != nil {
		s.t.Fatal(err)
	}
}

func (s *site) now() time.Time {
	if at := s.stopped.Load(); at != 0 {
		return time.Unix(0, at)
	}
	return time.Now().Add(time.Duration(s.ahead.Load()))
}

func (s *site) member(name string, roles ...record.Role) record.ID {
	s.t.Helper()
	id := record.NewID(s.now(), rand.Reader)
	actor := s.admin
	if actor.IsZero() {
		actor = id
	}
	_, err := s.db.ChangeMember(s.t.Context(), postgres.Member{ID: id, Name: name, Roles: roles, Active: true}, actor, s.now())
	s.must(err)
	return id
}

// desk signs a member in.
func (s *site) desk(member record.ID) clienttest.Desk {
	s.t.Helper()
	code, err := s.db.NewEnrolmentCode(s.t.Context(), member, s.now())
	s.must(err)
	d, err := clienttest.SignIn(s.t.Context(), s.url, s.http, code)
	s.must(err)
	return d
}

// snapshot is a picture as a phone makes one.
func snapshot(t *testing.T, shade uint8, w, h int) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, w, h))
	for i := range m.Pix {
		m.Pix[i] = shade + uint8(i%97)
	}
	m.SetGray(1, 1, color.Gray{})
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// exif is an APP1 segment that somebody's place could stand in.
var exif = append([]byte{0xFF, 0xE1, 0, 16}, "Exif\x00\x00MM secret"[:14]...)

// visited plays a visit: a photo with a preview, a declaration, the end; and syncs it.
func (s *site) visited(more ...seal.Content) {
	s.t.Helper()
	ctx := s.t.Context()
	var err error
	s.caseID, err = s.db.OpenCase(ctx, postgres.NewCase{Members: []record.ID{s.rep}, Facts: []seal.Content{
		{Name: "number", Value: "2026-0147"}, {Name: "worker_name", Value: "髙橋 健"}, {Name: "client", Value: "株式会社東都ホールディングス"},
		{Name: "item", Value: "入館証"}, {Name: "address", Value: "東京都港区三田一丁目2番3号"},
	}}, s.admin, s.now())
	s.must(err)
	s.visit = record.NewID(s.now(), rand.Reader)
	s.phone, err = fieldtest.New(fieldtest.Options{Server: s.url, Public: publicURL, HTTP: s.http, Now: s.now})
	s.must(err)
	code, err := s.db.NewEnrolmentCode(ctx, s.rep, s.now())
	s.must(err)
	_, err = s.phone.Enrol(ctx, publicURL+wire.EnrolPath+"#"+code+"."+s.keys.RootID().String())
	s.must(err)
	original := snapshot(s.t, 30, 64, 48)
	original = slices.Concat(original[:2], exif, original[2:])
	s.sealed(fieldtest.Draft{Kind: record.KindVisitStarted, Fields: []seal.Content{{Name: "place", Value: "doorstep"}}})
	s.photo = s.sealed(fieldtest.Draft{Kind: record.KindPhotoCaptured, Fields: []seal.Content{{Name: "source", Value: "camera"}, {Name: "note", Value: "玄関の内側が写らないようにした"}}, Photos: []fieldtest.Photo{
		{ID: "p1", Role: "badge_pieces", Type: blob.JPEG, Bytes: original}, {ID: "p1s", Role: "preview", Type: blob.JPEG, Of: "p1", Bytes: snapshot(s.t, 30, 32, 24)},
	}})
	paper, err := fieldtest.Paper(s.now(), append([]seal.Content{
		{Name: "note", Value: "終始落ち着いていた"}, {Name: "companions", Value: []any{}},
		{Name: "geo", Value: map[string]any{"lat": 356581000, "lng": 1397016000, "accuracy_m": 12, "age_ms": 900}},
		{Name: "place_match", Value: map[string]any{"verdict": "match", "distance_band": "le_50", "accuracy_m": 12}},
	}, more...)...)
	s.must(err)
	s.declaration = s.sealed(paper)
	var list []any
	for _, e := range s.phone.Journal() {
		list = append(list, e.Hash.String())
	}
	s.sealed(fieldtest.Draft{Kind: record.KindVisitEnded, Fields: []seal.Content{{Name: "outcome", Value: "discarded_claimed"}, {Name: "records", Value: list}}})
	_, err = s.phone.Sync(ctx)
	s.must(err)
}

func (s *site) sealed(d fieldtest.Draft) *fieldtest.Entry {
	s.t.Helper()
	d.Case, d.Visit = s.caseID, s.visit
	e, err := s.phone.Seal(d)
	s.must(err)
	return e
}

// append adds an office record of the case.
func (s *site) append(d postgres.Draft) {
	s.t.Helper()
	d.Case = s.caseID
	_, err := s.db.AppendOffice(s.t.Context(), s.now(), d)
	s.must(err)
}

func (s *site) review() {
	s.t.Helper()
	s.append(postgres.Draft{Kind: record.KindReviewDecided, Visit: s.visit, Actor: s.reviewer, Fields: []seal.Content{{Name: "decision", Value: "approved"}}})
}

func (s *site) withdraw(scope string) {
	s.t.Helper()
	s.append(postgres.Draft{Kind: record.KindConsentWithdrawn, Actor: s.reviewer, Fields: []seal.Content{{Name: "scope", Value: []string{scope}}}})
}

type m = map[string]any

// prepare asks for a disclosure with the photo, or without.
func (s *site) prepare(photos ...m) (record.ID, error) {
	s.t.Helper()
	var answer struct{ ID record.ID }
	err := s.maker.Do(s.t.Context(), "cases/"+s.caseID.String()+"/disclosures", m{
		"documents": []record.Hash{s.declaration.Hash}, "photos": append([]m{}, photos...), "purpose": "社内報告のため",
		"recipient": m{"name": "大野 部長", "organisation": "株式会社東都ホールディングス", "department": "情報システム統括本部"}, "sessions": 5,
	}, &answer)
	return answer.ID, err
}

func (s *site) thePhoto() m { return m{"record": s.photo.Hash, "id": "p1"} }

func (s *site) approve(ids ...record.ID) error {
	return s.second.Do(s.t.Context(), "disclosures/approve", m{"disclosures": ids, "decision": "approved"}, nil)
}

func (s *site) issue(id record.ID) clienttest.Issued {
	s.t.Helper()
	var issued clienttest.Issued
	s.must(s.maker.Do(s.t.Context(), "disclosures/"+id.String()+"/link", nil, &issued))
	return issued
}

// linked is a disclosure on its way to its recipient.
func (s *site) linked(photos ...m) (record.ID, clienttest.Issued) {
	s.t.Helper()
	id, err := s.prepare(photos...)
	s.must(err)
	s.must(s.approve(id))
	return id, s.issue(id)
}

func (s *site) open(issued clienttest.Issued) (clienttest.Recipient, error) {
	return clienttest.Open(s.t.Context(), s.url, s.http, issued.Token(), issued.Passcode)
}

// ready is a site with a link, and who has opened it.
func ready(t *testing.T) (*site, record.ID, clienttest.Issued, clienttest.Recipient) {
	t.Helper()
	s := newSite(t)
	s.visited()
	s.review()
	id, issued := s.linked(s.thePhoto())
	r, err := s.open(issued)
	s.must(err)
	return s, id, issued, r
}

// code is the code of a problem, "" for none.
func code(err error) string {
	var p *clienttest.Problem
	if errors.As(err, &p) {
		return p.Code
	}
	if err != nil {
		return err.Error()
	}
	return ""
}

func wants(t *testing.T, what string, err error, want string) {
	t.Helper()
	if got := code(err); got != want {
		t.Errorf("%s: %q, want %q", what, got, want)
	}
}

// size is that of the ledger.
func (s *site) size() int64 {
	s.t.Helper()
	head, err := s.db.Head(s.t.Context())
	s.must(err)
	return head.Size
}
