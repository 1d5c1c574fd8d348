package postgres_test

import (
	"context"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/base64"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

func TestMain(m *testing.M) { embeddedtest.Main(m) }

// noon is when tests happen: within the hours in which a visit is free.
var noon = time.Date(2026, 11, 20, 12, 0, 0, 0, time.FixedZone("JST", 9*3600))

const origin = "test.example/ledger/1"

// house is a migrated database with one server on it.
type house struct {
	t        testing.TB
	ctx      context.Context
	db       *postgres.DB
	config   postgres.Config
	ownerURL string
	receipt  ed25519.PrivateKey
	admin    record.ID
}

func newHouse(t testing.TB) *house {
	t.Helper()
	ctx := context.Background()
	if url := os.Getenv("BENCH_DATABASE_URL"); url != "" {
		conn, err := pgx.Connect(ctx, url)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close(ctx)
		if _, err := conn.Exec(ctx, "drop schema public cascade; create schema public"); err != nil {
			t.Fatal(err)
		}
		if err := postgres.Migrate(ctx, url, ""); err != nil {
			t.Fatal(err)
		}
		return openHouse(t, url, url)
	}
	owner, app := embeddedtest.Cloned(t, "postgres", func(owner, _ string) error { return postgres.Migrate(ctx, owner, "tachiai_app") })
	return openHouse(t, owner, app)
}

func openHouse(t testing.TB, owner, app string) *house {
	t.Helper()
	_, office, _ := ed25519.GenerateKey(rand.Reader)
	_, receipt, _ := ed25519.GenerateKey(rand.Reader)
	kid, err := seal.Thumbprint(receipt.Public())
	h := &house{t: t, ctx: context.Background(), ownerURL: owner, receipt: receipt, admin: newID()}
	h.must(err)
	h.config = postgres.Config{URL: app, Origin: origin, ReceiptKeyID: kid, Office: office, App: "test", MaxConns: 8}
	h.db = h.server()
	return h
}

// server opens one more pool on the same database, as a second server does.
func (h *house) server() *postgres.DB {
	h.t.Helper()
	db, err := postgres.Open(h.ctx, h.config)
	h.must(err)
	h.t.Cleanup(db.Close)
	return db
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// superuser runs SQL as somebody with all rights and no triggers, on the same database.
func (h *house) superuser(sql string, args ...any) {
	h.t.Helper()
	config, err := pgx.ParseConfig(h.ownerURL)
	h.must(err)
	super, err := pgx.ParseConfig(embeddedtest.Start(h.t).SuperuserURL)
	h.must(err)
	super.Database = config.Database
	conn, err := pgx.ConnectConfig(h.ctx, super)
	h.must(err)
	defer conn.Close(h.ctx)
	_, err = conn.Exec(h.ctx, "set session_replication_role = replica")
	h.must(err)
	_, err = conn.Exec(h.ctx, sql, args...)
	h.must(err)
}

func newID() record.ID { return record.NewID(noon, rand.Reader) }

// member makes a member with a role.
func (h *house) member(name string, roles ...record.Role) record.ID {
	h.t.Helper()
	id, err := h.db.ChangeMember(h.ctx, postgres.Member{Name: name, Roles: roles, Active: true}, h.admin, noon)
	h.must(err)
	return id
}

// openCase opens a case for members.
func (h *house) openCase(members ...record.ID) record.ID {
	h.t.Helper()
	id, err := h.db.OpenCase(h.ctx, postgres.NewCase{Facts: []seal.Content{
		{Name: "number", Value: "2026-001"}, {Name: "worker_name", Value: "𠮷田 健"}, {Name: "client", Value: "株式会社T"}, {Name: "item", Value: "入館証"},
	}, Members: members}, h.admin, noon)
	h.must(err)
	return id
}

// phone is a device key with its journal.
type phone struct {
	h      *house
	key    *ecdsa.PrivateKey
	kid    record.KeyID
	member record.ID
	head   record.Head
	boot   string
	now    time.Time
}

func (h *house) newPhone(member record.ID) *phone {
	h.t.Helper()
	p := h.stranger(member)
	code, err := h.db.NewEnrolmentCode(h.ctx, member, noon)
	h.must(err)
	_, err = h.db.Enrol(h.ctx, p.enrolment(code), noon)
	h.must(err)
	return p
}

// stranger is a phone that is not enrolled.
func (h *house) stranger(member record.ID) *phone {
	h.t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	h.must(err)
	kid, err := seal.Thumbprint(&key.PublicKey)
	h.must(err)
	var boot [16]byte
	_, _ = rand.Read(boot[:])
	return &phone{h: h, key: key, kid: kid, member: member, head: record.Genesis(kid), boot: base64.RawURLEncoding.EncodeToString(boot[:]), now: noon}
}

func (p *phone) enrolment(code string) postgres.Enrolment {
	jwk, err := seal.MarshalJWK(&p.key.PublicKey)
	p.h.must(err)
	return postgres.Enrolment{Code: code, KeyID: p.kid, Public: &p.key.PublicKey, JWK: string(jwk), Label: "電話"}
}

// draft is what a phone seals; edit may bend the structure.
type draft struct {
	kind        record.Kind
	caseID      record.ID
	visit       record.ID
	fields      []seal.Content
	blobs       []record.BlobSlot
	edit        func(*record.Structure)
	keepJournal bool // do not move the head: the next record forks
}

func (p *phone) seal(d draft) *record.Record {
	p.h.t.Helper()
	p.now = p.now.Add(time.Second)
	s := record.Structure{
		ID: record.NewID(p.now, rand.Reader), Seq: p.head.Seq + 1, Prev: p.head.Hash, Kind: d.kind, Case: d.caseID, Visit: d.visit,
		At: p.now.UnixMilli(), TZ: "Asia/Tokyo", Boot: p.boot, Mono: p.now.Sub(noon).Milliseconds(), Actor: p.member, App: "test", Policy: "jp-1", Blobs: d.blobs,
	}
	if d.edit != nil {
		d.edit(&s)
	}
	_, r, err := seal.Seal(s, d.fields, p.key, rand.Reader)
	p.h.must(err)
	if !d.keepJournal {
		p.head = record.Head{Seq: r.Seq, Hash: r.Hash}
	}
	return r
}

// note is the smallest record.
func (p *phone) note(caseID record.ID, text string) *record.Record {
	p.h.t.Helper()
	return p.seal(draft{kind: record.KindNoteWritten, caseID: caseID, fields: []seal.Content{{Name: "note", Value: text}}})
}

// visit is a visit of n records: started, notes, ended.
func (p *phone) visit(caseID record.ID, n int) []*record.Record {
	p.h.t.Helper()
	id := record.NewID(p.now, rand.Reader)
	list := []*record.Record{p.seal(draft{kind: record.KindVisitStarted, caseID: caseID, visit: id, fields: []seal.Content{{Name: "place", Value: "doorstep"}}})}
	for len(list) < n-1 {
		list = append(list, p.seal(draft{kind: record.KindNoteWritten, caseID: caseID, visit: id, fields: []seal.Content{{Name: "note", Value: "玄関先で話した"}}}))
	}
	hashes := make([]record.Hash, len(list))
	for i, r := range list {
		hashes[i] = r.Hash
	}
	return append(list, p.seal(draft{kind: record.KindVisitEnded, caseID: caseID, visit: id, fields: []seal.Content{
		{Name: "outcome", Value: "met_only"}, {Name: "records", Value: hashes},
	}}))
}

func arrivals(records ...*record.Record) []postgres.Arrival {
	list := make([]postgres.Arrival, len(records))
	for i, r := range records {
		list[i].Record = r
	}
	return list
}

func (p *phone) caller() postgres.Caller { return postgres.Caller{KeyID: p.kid, Member: p.member} }

// push accepts records at the phone's time.
func (p *phone) push(records ...*record.Record) *postgres.Acceptance {
	p.h.t.Helper()
	a, err := p.h.db.Accept(p.h.ctx, arrivals(records...), p.caller(), p.now)
	p.h.must(err)
	return a
}

func hasFlag(o postgres.Outcome, f record.Flag) bool { return slices.Contains(o.Flags, f) }

// sound fails unless the whole database verifies and every state can be rebuilt as it is.
func (h *house) sound() {
	h.t.Helper()
	summary, err := h.db.Verify(h.ctx, nil, noon, func(f postgres.Finding) { h.t.Errorf("finding: %+v", f) })
	h.must(err)
	head, err := h.db.Head(h.ctx)
	h.must(err)
	if summary.Size != head.Size || summary.Root != head.Root {
		h.t.Errorf("verified %+v, head %+v", summary, head)
	}
	_, err = h.db.Rebuild(h.ctx, false, func(d postgres.Difference) { h.t.Errorf("rebuild differs: %+v", d) })
	h.must(err)
}
