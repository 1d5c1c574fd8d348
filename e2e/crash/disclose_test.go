package crash

import (
	"context"
	"errors"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/client/clienttest"
)

// left is what there is of a disclosure: records by kind, links in force, documents in the object store.
type left struct{ redacted, prepared, approved, links, opened, downloaded, acknowledged, revoked, documents int }

// handings are the places of a disclosure where a crash is worth a test: what is left there before anybody has said anything more, and in the end,
// when everybody has repeated what got no answer and has gone on.
var handings = []struct {
	failpoint  string
	found, end left
}{
	{"redact.stored", left{}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"redact.noted", left{redacted: 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.stored", left{redacted: 1, documents: 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.prepared", left{1, 1, 0, 0, 0, 0, 0, 0, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.approved", left{1, 1, 1, 0, 0, 0, 0, 0, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.linked", left{1, 1, 1, 1, 0, 0, 0, 0, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.written", left{1, 1, 1, 1, 0, 0, 0, 0, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.opened", left{1, 1, 1, 1, 1, 0, 0, 0, 1}, left{1, 1, 1, 1, 2, 1, 1, 1, 1}},
	{"disclose.read", left{1, 1, 1, 1, 1, 0, 0, 0, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.downloaded", left{1, 1, 1, 1, 1, 1, 0, 0, 1}, left{1, 1, 1, 1, 1, 2, 1, 1, 1}},
	{"disclose.acted", left{1, 1, 1, 1, 1, 1, 1, 0, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
	{"disclose.revoked", left{1, 1, 1, 1, 1, 1, 1, 1, 1}, left{1, 1, 1, 1, 1, 1, 1, 1, 1}},
}

// L31: crash between object store, database and answer, at named failpoints of preparing, approving, linking, opening, downloading, acknowledging
// and revoking a disclosure.
func TestL31DiscloseAtFailpoint(t *testing.T) {
	for seed, c := range handings {
		t.Run(c.failpoint, func(t *testing.T) {
			t.Parallel()
			h := newHome(t)
			h.start(c.failpoint)
			p, link := h.newPhone(uint64(seed))
			s := h.lay(p, link)
			d := s.begin()
			var err error
			for _, step := range append(s.steps(d), func(ctx context.Context) error { return s.revoke(ctx, d) }) {
				if err = step(t.Context()); err != nil {
					break
				}
			}
			if died := h.await(); died != syscall.SIGKILL {
				t.Fatalf("the program did not die there: %v; the last step: %v", died, err)
			}
			h.start("")
			if found := s.left(); found != c.found {
				t.Errorf("left after the crash: %+v, want %+v", found, c.found)
			}
			s.goOn(d)
			if err := s.revoke(t.Context(), d); err != nil {
				t.Error(err)
			}
			var p2 *clienttest.Problem
			if _, err := d.reader.File(t.Context(), "document"); !errors.As(err, &p2) || p2.Code != "link_revoked" {
				t.Errorf("a view of what was revoked: %v", err)
			}
			s.audit()
			if end := s.left(); end != c.end {
				t.Errorf("left in the end: %+v, want %+v", end, c.end)
			}
			h.verify(p)
		})
	}
}

// left counts what is there of all disclosures of the case.
func (s *table) left() (l left) {
	s.t.Helper()
	ctx := s.t.Context()
	conn, err := pgx.Connect(ctx, s.Owner)
	if err != nil {
		s.t.Fatal(err)
	}
	defer conn.Close(ctx)
	for kind, n := range map[string]*int{
		"photo.redacted": &l.redacted, "disclosure.prepared": &l.prepared, "disclosure.approved": &l.approved, "disclosure.opened": &l.opened,
		"disclosure.downloaded": &l.downloaded, "disclosure.acknowledged": &l.acknowledged, "disclosure.revoked": &l.revoked,
	} {
		if err := conn.QueryRow(ctx, "select count(*) from records where case_id = $1 and kind = $2", s.caseID.String(), kind).Scan(n); err != nil {
			s.t.Fatal(err)
		}
	}
	if err := conn.QueryRow(ctx, "select count(*) from links where ended_at is null").Scan(&l.links); err != nil {
		s.t.Fatal(err)
	}
	l.documents = len(s.keys("d/"))
	return l
}

// L31: kill -9 of the server, of Postgres, of the object store and of everything at once, while disclosures are prepared, approved, linked, opened,
// downloaded and acknowledged.
func TestL31DiscloseKill9(t *testing.T) {
	for seed, victim := range []string{"server", "postgres", "objects", "everything"} {
		t.Run(victim, func(t *testing.T) {
			t.Parallel()
			random := rand.New(rand.NewPCG(uint64(seed), 31)) //nolint:gosec // repeatable
			h := newHome(t)
			h.start("")
			p, link := h.newPhone(uint64(100 + seed))
			s := h.lay(p, link)
			stop, done := make(chan struct{}), make(chan struct{})
			go func() {
				defer close(done)
				for {
					s.goOn(s.begin())
					select {
					case <-stop:
						return
					case <-t.Context().Done():
						return
					default:
					}
				}
			}()
			for range rounds {
				for goal := s.count.Load() + 3 + random.Int64N(6); s.count.Load() < goal && !t.Failed() && t.Context().Err() == nil; {
					time.Sleep(time.Millisecond)
				}
				time.Sleep(time.Duration(random.Int64N(40_000)) * time.Microsecond)
				h.strike(victim)
			}
			close(stop)
			<-done
			h.reopen()
			s.audit()
			if l := s.left(); l.redacted != 1 || l.prepared != len(s.told) || l.approved != len(s.told) || l.acknowledged != len(s.told) || l.links != len(s.told) {
				t.Errorf("%d disclosures, left %+v", len(s.told), l)
			}
			t.Logf("%d disclosures", len(s.told))
			h.verify(p)
		})
	}
}
