package field_test

import (
	"context"
	"net/http"
	"strings"
	"testing"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/field/fieldtest"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// L15, the server's half: cursors lose rows, restored databases lose acknowledged ones. A database from an older backup is recognised by what was
// published about it: red, reads only, by name. After the loss is accepted it has a new origin, an old cursor is gone (410), and the phone, which
// sees both, pushes again all that the server forgot; its unsent work survives.
func TestL15RestoredOlderDatabase(t *testing.T) {
	s := bareSite(t)
	var p *rep
	var caseID record.ID
	story := func(ownerURL, appURL string) error { // up to the backup
		if err := migrate(ownerURL, appURL); err != nil {
			return err
		}
		s.use(appURL)
		s.begin()
		n := s.node()
		p = s.rep(n)
		caseID = s.theCase(p.id)
		noted(t, p.Phone, caseID, 5)
		if _, err := p.Sync(t.Context()); err != nil {
			return err
		}
		n.stop()
		<-n.done
		s.db.Close()
		return nil
	}
	_, live := embeddedtest.Cloned(t, t.Name(), story)
	_, backup := embeddedtest.Cloned(t, t.Name(), story)

	s.use(live)
	n := s.node()
	p.Use(n.url)
	_, data := photographed(t, p.Phone, caseID, 4000)
	noted(t, p.Phone, caseID, 6)
	if _, err := p.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := n.jobs.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	_, cursor, err := p.FeedAll(t.Context(), wire.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	n.stop()
	<-n.done
	s.db.Close()
	unsent := noted(t, p.Phone, caseID, 1)[0]

	s.use(backup)
	red := s.node()
	if err := red.jobs.Start(t.Context()); err != nil {
		t.Fatal(err)
	}
	if why := red.jobs.State().Red; len(why) == 0 || !strings.Contains(why[0], "older") {
		t.Fatalf("not recognised: %v", why)
	}
	p.Use(red.url)
	if _, err := p.Push(t.Context(), unsent.Compact); fieldtest.Code(err) != "ledger_red" {
		t.Fatalf("push to a red server: %v", err)
	}
	ready, err := p.Do(t.Context(), fieldtest.Request{Method: http.MethodGet, Path: "/readyz", NoProof: true})
	if err != nil || ready.Status != http.StatusServiceUnavailable || !strings.Contains(string(ready.Body), `"ledger":"red"`) {
		t.Fatalf("%d %s, %v", ready.Status, ready.Body, err)
	}
	if _, err := p.Feed(t.Context(), wire.Cursor{}, 10); err != nil {
		t.Fatalf("a red server reads: %v", err)
	}
	red.stop()
	<-red.done

	lost := s.acceptLoss(t.Context(), red)
	green := s.node()
	if err := green.jobs.Start(t.Context()); err != nil || len(green.jobs.State().Red) > 0 {
		t.Fatalf("%v, %v", err, green.jobs.State().Red)
	}
	for s.size() <= lost { // the new origin passes the size at which the old one's checkpoint lies
		s.member(s.admin, "管理者", record.RoleAdmin)
		if err := green.jobs.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	p.Use(green.url)
	if _, err := p.Feed(t.Context(), cursor, 10); fieldtest.Code(err) != "cursor_gone" {
		t.Fatalf("an old cursor: %v", err)
	}
	if _, _, err := p.FeedAll(t.Context(), wire.Cursor{}); err != nil {
		t.Fatal(err)
	}
	if _, err := p.Sync(t.Context()); err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Journal() {
		if _, err := s.db.Held(t.Context(), e.Hash); err != nil || e.Receipt == "" {
			t.Fatalf("record %d is lost: %v", e.Seq, err)
		}
	}
	if _, err := s.objects.Stat(t.Context(), caseKey(caseID, data)); err != nil {
		t.Fatal(err)
	}
	if answer := push(t, p.Phone); len(answer.MissingBlobs) != 0 || answer.Origin == "tachiai.example/test" {
		t.Fatalf("missing %v, origin %s", answer.MissingBlobs, answer.Origin)
	}
	if err := green.jobs.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	again := s.node()
	if err := again.jobs.Start(t.Context()); err != nil || len(again.jobs.State().Red) > 0 {
		t.Fatalf("the next start: %v, %v", err, again.jobs.State().Red)
	}
}

// acceptLoss is what tachiai restore --accept-loss does; it returns the size that was lost.
func (s *site) acceptLoss(ctx context.Context, n *node) int64 {
	s.t.Helper()
	highest, err := n.jobs.Highest(ctx)
	if err != nil || len(highest) != 1 {
		s.t.Fatalf("%v, %v", highest, err)
	}
	if _, err := s.db.AcceptLoss(ctx, highest[0], "tachiai.example/test/2", s.admin, s.now()); err != nil {
		s.t.Fatal(err)
	}
	return highest[0].Size
}

// TestPublicLedger: whoever has only the public pages can check that a receipt's record stands in the ledger, and that the ledger only grows.
func TestPublicLedger(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	caseID := s.theCase(p.id)
	key, err := ledger.NewKey("tachiai.example/test", publicOf(s.keys.Ledger))
	if err != nil {
		t.Fatal(err)
	}
	get := func(path string) []byte {
		t.Helper()
		answer, err := p.Do(t.Context(), fieldtest.Request{Method: http.MethodGet, Path: path, NoProof: true})
		if err != nil || answer.Err() != nil {
			t.Fatalf("%s: %v, %v", path, err, answer.Err())
		}
		return answer.Body
	}
	var earlier ledger.Checkpoint
	for round := range 3 {
		e := noted(t, p.Phone, caseID, 1)[0]
		if _, err := p.Sync(t.Context()); err != nil {
			t.Fatal(err)
		}
		if err := n.jobs.Publish(t.Context()); err != nil {
			t.Fatal(err)
		}
		c, err := ledger.Open(get("/checkpoint"), key)
		if err != nil {
			t.Fatal(err)
		}
		proof, err := ledger.ParseInclusion(get("/ledger/v1/inclusion?index=" + itoa(e.Index) + "&size=" + itoa(c.Size)))
		if err != nil {
			t.Fatal(err)
		}
		core := e.Receipt[:strings.LastIndexByte(e.Receipt, '.')]
		if err := proof.In(c, []byte(core)); err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if round > 0 {
			grown, err := ledger.ParseConsistency(get("/ledger/v1/consistency?from=" + itoa(earlier.Size) + "&to=" + itoa(c.Size)))
			if err != nil {
				t.Fatal(err)
			}
			if err := grown.Between(earlier, c); err != nil {
				t.Fatalf("round %d: %v", round, err)
			}
		}
		earlier = c
	}
	for _, path := range []string{"/ledger/v1/inclusion?index=5&size=5", "/ledger/v1/inclusion?index=-1&size=5", "/ledger/v1/inclusion",
		"/ledger/v1/inclusion?index=0&size=9999", "/ledger/v1/consistency?from=2&to=1", "/ledger/v1/consistency?from=1&to=9999"} {
		answer, err := p.Do(t.Context(), fieldtest.Request{Method: http.MethodGet, Path: path, NoProof: true})
		if err != nil || answer.Status/100 != 4 || fieldtest.Code(answer.Err()) == "" {
			t.Errorf("%s: %d", path, answer.Status)
		}
	}
}

// TestRedSince: a ledger that turns red while the server runs refuses what would write, from that moment on.
func TestRedSince(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	e := noted(t, p.Phone, s.theCase(p.id), 1)[0]
	if err := n.jobs.Publish(t.Context()); err != nil {
		t.Fatal(err)
	}
	head, err := s.db.Head(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	forged := ledger.Checkpoint{Origin: head.Origin, Size: head.Size + 1, Root: ledger.EmptyRoot()}
	signed, err := forged.Sign(s.keys.Ledger)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.objects.Create(t.Context(), "checkpoints/"+pad(forged.Size), signed); err != nil {
		t.Fatal(err)
	}
	push(t, p.Phone, e.Compact)
	if err := n.jobs.Publish(t.Context()); err == nil {
		t.Fatal("a checkpoint was published beside another of its size")
	}
	if _, err := p.Push(t.Context(), e.Compact); fieldtest.Code(err) != "ledger_red" {
		t.Fatalf("push: %v", err)
	}
	if _, err := p.Feed(t.Context(), wire.Cursor{}, 1); err != nil {
		t.Fatal(err)
	}
}
