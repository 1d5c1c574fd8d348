package field_test

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// L09: one submit, ten records (formhub #678, collect #3517). The same batch ten times, in parallel, on two servers, is one of each, with the
// same receipts byte for byte.
func TestL09OneSubmitTenRecords(t *testing.T) {
	s := newSite(t)
	nodes := []*node{s.node(), s.node()}
	p := s.rep(nodes[0])
	records := texts(noted(t, p.Phone, s.theCase(p.id), 20))
	before := s.size()
	answers := make([]wire.PushAnswer, 10)
	faults := make([]error, len(answers))
	var all sync.WaitGroup
	for i := range answers {
		twin, err := fieldtest.New(fieldtest.Options{Server: nodes[i%2].url, Public: publicURL, HTTP: client(t), Like: p.Phone})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() { answers[i], faults[i] = twin.Push(t.Context(), records...) })
	}
	all.Wait()
	accepted := 0
	for i, answer := range answers {
		if faults[i] != nil {
			t.Fatal(faults[i])
		}
		for j, r := range answer.Results {
			if r.Receipt == "" || r.Receipt != answers[0].Results[j].Receipt || r.Hash != answers[0].Results[j].Hash {
				t.Fatalf("push %d, record %d: another receipt", i, j)
			}
			if r.Status == wire.Accepted {
				accepted++
			}
		}
	}
	if grown := s.size() - before; accepted != len(records) || grown != int64(len(records)) {
		t.Fatalf("%d accepted, ledger grew by %d; want %d", accepted, grown, len(records))
	}
}

// L13: one bad item blocks the queue or is retried for ever (collect #1939). Item 7 of 50 is malformed: 49 are accepted, one is quarantined
// with a receipt that stops its resending, and a second push resends nothing to any effect.
func TestL13OneBadItem(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	records := texts(noted(t, p.Phone, s.theCase(p.id), 50))
	for name, spoil := range map[string]func(string) string{
		"bad signature": func(r string) string { return flip(r, strings.LastIndexByte(r[:strings.IndexByte(r, '~')], '.')+9) },
		"cut":           func(r string) string { return r[:len(r)/2] },
		"no record":     func(string) string { return "{}" },
		"empty":         func(string) string { return "" },
		"control":       func(r string) string { return "\x00" + r },
		"lone half":     func(r string) string { return r + "\ufffd" },
		"too long":      func(r string) string { return r + strings.Repeat("A", record.MaxSize) + "~" },
	} {
		batch := slices.Clone(records)
		batch[6] = spoil(batch[6])
		for round := range 2 {
			answer := push(t, p.Phone, batch...)
			for i, r := range answer.Results {
				quarantined := r.Status == wire.Quarantined
				if quarantined != (i == 6) || r.Receipt == "" {
					t.Fatalf("%s, push %d, item %d: %+v", name, round, i, r)
				}
			}
			bad := answer.Results[6]
			receipt, err := seal.OpenQuarantineReceipt(bad.Receipt, s.keys.Receipt.Public())
			if err != nil || receipt.SHA256 != blob.Of([]byte(batch[6])).String() || receipt.SHA256 != bad.Hash || bad.Problem == "" || receipt.Code != bad.Problem {
				t.Fatalf("%s: %+v, %+v, %v", name, bad, receipt, err)
			}
		}
	}
}

// flip changes one character of a sealed text into another of base64url.
func flip(text string, at int) string {
	b := []byte(text)
	if b[at] == 'A' {
		b[at] = 'B'
	} else {
		b[at] = 'A'
	}
	return string(b)
}

// L14: over quota, closed form, wrong role: field data stranded on phones (Kobo, ODK). Whatever the office has decided meanwhile, the record is
// accepted, and flagged.
func TestL14DecidedMeanwhile(t *testing.T) {
	for name, test := range map[string]struct {
		flag   record.Flag
		decide func(s *site, p *rep, caseID record.ID)
	}{
		"reassigned": {record.FlagReassigned, func(s *site, p *rep, caseID record.ID) {
			other := s.rep(s.node())
			if err := s.db.AssignCase(s.t.Context(), caseID, []record.ID{other.id}, "", s.admin, s.now()); err != nil {
				s.t.Fatal(err)
			}
		}},
		"case closed": {record.FlagCaseClosed, func(s *site, _ *rep, caseID record.ID) { s.closeCase(caseID) }},
		"key revoked": {record.FlagRevokedKey, func(s *site, p *rep, _ record.ID) {
			if err := s.db.RevokeDevice(s.t.Context(), p.Kid(), s.admin, "lost", s.now()); err != nil {
				s.t.Fatal(err)
			}
		}},
		"member removed":  {"", func(s *site, p *rep, _ record.ID) { s.removeMember(p.id) }},
		"old template":    {record.FlagUnknownTemplate, func(*site, *rep, record.ID) {}},
		"unknown case":    {record.FlagUnknownCase, func(*site, *rep, record.ID) {}},
		"sixty days late": {record.FlagLate, func(s *site, _ *rep, _ record.ID) { s.ahead.Store(int64(60 * 24 * time.Hour)) }},
	} {
		t.Run(name, func(t *testing.T) {
			s := newSite(t)
			p := s.rep(s.node())
			caseID := s.theCase(p.id)
			draft := fieldtest.Draft{Kind: record.KindNoteWritten, Case: caseID, Fields: []seal.Content{{Name: "note", Value: "封印済み"}}}
			switch test.flag {
			case record.FlagUnknownTemplate:
				draft = declined(caseID)
			case record.FlagUnknownCase:
				draft.Case = record.NewID(s.now(), strings.NewReader("ten random bytes"))
			}
			entry := sealed(t, p.Phone, draft)
			photo, data := photographed(t, p.Phone, draft.Case, 4096)
			test.decide(s, p, caseID)
			answer := push(t, p.Phone, entry.Compact, photo.Compact)
			if got := statuses(answer); got != "accepted accepted" {
				t.Fatalf("%s: %+v", got, answer.Results)
			}
			if test.flag != "" && !slices.Contains(answer.Results[0].Flags, test.flag) {
				t.Errorf("flags %v, want %s", answer.Results[0].Flags, test.flag)
			}
			if receipt, err := p.PutBlob(t.Context(), photo.Hash.String(), data); err != nil || receipt == "" {
				t.Errorf("photo: %v", err)
			}
		})
	}
}

// TestRevokedKey: a revoked key loses everything except push and upload, and is slowed down; a removed member's phone the same.
func TestRevokedKey(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	caseID := s.theCase(p.id)
	entry := noted(t, p.Phone, caseID, 1)[0]
	if got := statuses(push(t, p.Phone, entry.Compact)); got != "accepted" {
		t.Fatal(got)
	}
	if err := s.db.RevokeDevice(t.Context(), p.Kid(), s.admin, "lost", s.now()); err != nil {
		t.Fatal(err)
	}
	s.ahead.Add(int64(5 * time.Second)) // as long as its standing is believed where it may push all the same
	var limited int
	for range 100 {
		_, err := p.Push(t.Context(), entry.Compact)
		switch code := fieldtest.Code(err); {
		case err == nil:
		case code == "rate_limited":
			limited++
		default:
			t.Fatal(err)
		}
	}
	if limited == 0 || limited == 100 {
		t.Fatalf("%d of 100 pushes limited", limited)
	}
	if _, err := p.Feed(t.Context(), wire.Cursor{}, 10); fieldtest.Code(err) != "device_revoked" {
		t.Fatalf("feed: %v", err)
	}
	heir := s.stranger(s.node())
	if _, err := heir.EnrolBy(t.Context(), p.Phone); err == nil {
		t.Fatal("a revoked key authorised a new one")
	}
	member := s.rep(s.node())
	if _, err := member.Push(t.Context()); err != nil {
		t.Fatal(err)
	}
	s.removeMember(member.id)
	if _, err := member.Feed(t.Context(), wire.Cursor{}, 10); fieldtest.Code(err) != "member_removed" {
		t.Fatalf("feed of a removed member: %v", err)
	}
	if got := statuses(push(t, member.Phone, noted(t, member.Phone, caseID, 1)[0].Compact)); got != "accepted" {
		t.Fatalf("push of a removed member: %s", got)
	}
}

// TestWrongClock: a phone whose clock is a year off enrols, pushes, pulls and uploads; its records say so by a flag, or by a corrected time.
func TestWrongClock(t *testing.T) {
	for _, off := range []time.Duration{-365 * 24 * time.Hour, 365 * 24 * time.Hour} {
		t.Run(off.String(), func(t *testing.T) {
			s := newSite(t)
			p := s.rep(s.node(), func(o *fieldtest.Options) { o.Now = func() time.Time { return time.Now().Add(off) } })
			entry, data := photographed(t, p.Phone, s.theCase(p.id), 1000)
			summary, err := p.Sync(t.Context())
			if err != nil || summary.Accepted != 1 || summary.Blobs != 1 {
				t.Fatalf("%+v, %v", summary, err)
			}
			if _, err := p.Feed(t.Context(), wire.Cursor{}, 10); err != nil {
				t.Fatal(err)
			}
			receipt, err := seal.OpenReceipt(entry.Receipt, s.keys.Receipt.Public())
			if err != nil || receipt.SkewMS == nil || max(*receipt.SkewMS, -*receipt.SkewMS) > time.Minute.Milliseconds() {
				t.Fatalf("%+v, %v: the measured clock was not used", receipt, err)
			}
			_ = data
		})
	}
}

// TestRelay: any enrolled phone brings records of another key, and their photos; the receipts are for the key that sealed.
func TestRelay(t *testing.T) {
	s := newSite(t)
	n := s.node()
	owner, helper := s.rep(n), s.rep(n)
	entry, data := photographed(t, owner.Phone, s.theCase(owner.id), 5000)
	answer := push(t, helper.Phone, entry.Compact)
	if statuses(answer) != "accepted" || slices.Contains(answer.Results[0].Flags, record.FlagActor) {
		t.Fatalf("%+v", answer.Results)
	}
	if answer.Heads[owner.Kid()].Seq != 1 || answer.Heads[helper.Kid()] != record.Genesis(helper.Kid()) {
		t.Fatalf("heads %+v", answer.Heads)
	}
	if _, err := helper.PutBlob(t.Context(), entry.Hash.String(), data); err != nil {
		t.Fatal(err)
	}
	summary, err := owner.Sync(t.Context())
	if err != nil || summary.Duplicate != 1 || summary.Accepted != 0 || len(summary.Missing) != 0 || summary.Blobs != 0 {
		t.Fatalf("%+v, %v", summary, err)
	}
}

// TestQuarantineAndRelease: a record of a key that was never enrolled goes to quarantine, its photo under q/; the office releases it, the pusher
// hears of it by the feed, and a repeated push then finds the record.
func TestQuarantineAndRelease(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p, stranger := s.rep(n), s.stranger(n)
	caseID := s.theCase(p.id)
	if _, err := stranger.Push(t.Context()); fieldtest.Code(err) != "device_unknown" {
		t.Fatalf("push by an unknown key: %v", err)
	}
	stranger.Act(p.id)
	entry, data := photographed(t, stranger, caseID, 3000)
	bad := noted(t, stranger, caseID, 1)[0]
	answer := push(t, p.Phone, entry.Compact, bad.Compact)
	if got := statuses(answer); got != "quarantined quarantined" || answer.Results[0].Problem != "unknown_key" {
		t.Fatalf("%s %+v", got, answer.Results)
	}
	for _, name := range []string{answer.Results[0].Hash, entry.Hash.String()} {
		if receipt, err := p.PutBlob(t.Context(), name, data); err != nil || receipt == "" {
			t.Fatalf("photo of %s: %v", name, err)
		}
	}
	if _, err := p.PutBlob(t.Context(), entry.Hash.String(), []byte("another photo")); fieldtest.Code(err) != "blob_not_named" {
		t.Fatalf("a photo that it does not name: %v", err)
	}
	_, cursor, err := p.FeedAll(t.Context(), wire.Cursor{})
	if err != nil {
		t.Fatal(err)
	}
	s.release(answer.Results[0].Hash)
	s.reject(answer.Results[1].Hash)
	changes, _, err := p.FeedAll(t.Context(), cursor)
	if err != nil {
		t.Fatal(err)
	}
	told := map[string]string{}
	for _, c := range changes {
		if c.Type == "quarantine" {
			told[c.ID] = string(c.Body)
		}
	}
	if len(told) != 2 || !strings.Contains(told[answer.Results[0].Hash], "released") || !strings.Contains(told[answer.Results[1].Hash], "rejected") {
		t.Fatalf("the feed tells %v", told)
	}
	again := push(t, p.Phone, entry.Compact)
	if again.Results[0].Status == wire.Quarantined && again.Results[0].Receipt != answer.Results[0].Receipt {
		t.Fatalf("%+v", again.Results[0])
	}
}

// TestL10Fork: two records with one key and one place are both kept and flagged (collect #5317: one overwrote the other).
func TestL10Fork(t *testing.T) {
	s := newSite(t)
	n := s.node()
	p := s.rep(n)
	caseID := s.theCase(p.id)
	twin, err := fieldtest.New(fieldtest.Options{Server: n.url, Public: publicURL, HTTP: client(t), Like: p.Phone})
	if err != nil {
		t.Fatal(err)
	}
	one, two := noted(t, p.Phone, caseID, 1)[0], noted(t, twin, caseID, 1)[0]
	if one.Seq != two.Seq || one.Hash == two.Hash {
		t.Fatal("not a fork")
	}
	first, second := push(t, p.Phone, one.Compact), push(t, p.Phone, two.Compact)
	if statuses(first) != "accepted" || statuses(second) != "accepted" || !slices.Contains(second.Results[0].Flags, record.FlagFork) {
		t.Fatalf("%+v %+v", first.Results, second.Results)
	}
	for _, e := range []*fieldtest.Entry{one, two} {
		held, err := s.db.Held(t.Context(), e.Hash)
		if err != nil || held.Compact != e.Compact || !slices.Contains(held.Flags, record.FlagFork) {
			t.Fatalf("%v, flags %v", err, held.Flags)
		}
	}
}

// TestTwoServers: one phone, two servers, no sticky session: every request goes to the other one than the last.
func TestTwoServers(t *testing.T) {
	s := newSite(t)
	nodes := []*node{s.node(), s.node()}
	p := s.rep(nodes[0])
	caseID := s.theCase(p.id)
	for i := range 6 {
		p.Use(nodes[i%2].url)
		_, _ = photographed(t, p.Phone, caseID, 2000)
		summary, err := p.Sync(t.Context())
		if err != nil || summary.Accepted != 1 || summary.Blobs != 1 {
			t.Fatalf("round %d: %+v, %v", i, summary, err)
		}
		p.Use(nodes[(i+1)%2].url)
		if _, _, err := p.FeedAll(t.Context(), wire.Cursor{}); err != nil {
			t.Fatal(err)
		}
	}
	journal := p.Journal()
	records := make([]*record.Record, len(journal))
	for i, e := range journal {
		records[i] = e.Record
	}
	if head, err := record.CheckJournal(records); err != nil || head.Seq != 6 {
		t.Fatalf("%+v, %v", head, err)
	}
}

// TestBatchLimits: 200 records pass, 201 are a clear problem that names the limit.
func TestBatchLimits(t *testing.T) {
	s := newSite(t)
	p := s.rep(s.node())
	records := texts(noted(t, p.Phone, s.theCase(p.id), wire.MaxRecords+1))
	if _, err := p.Push(t.Context(), records...); fieldtest.Code(err) != "too_many_records" {
		t.Fatal(err)
	}
	if answer := push(t, p.Phone, records[:wire.MaxRecords]...); strings.Contains(statuses(answer), wire.Quarantined) {
		t.Fatal(statuses(answer))
	}
	if summary, err := p.Sync(t.Context()); err != nil || summary.Accepted != 1 || summary.Duplicate != wire.MaxRecords {
		t.Fatalf("%+v, %v", summary, err)
	}
	if answer := push(t, p.Phone); len(answer.Heads) != 1 || answer.Heads[p.Kid()].Seq != int64(len(records)) {
		t.Fatalf("empty push: %v", fmt.Sprint(answer.Heads))
	}
}
