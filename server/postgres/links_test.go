package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// linked is a story with an approved disclosure and its link.
func linked(t testing.TB) (*story, record.ID, postgres.Issued) {
	t.Helper()
	s := tell(t, agreed)
	id := s.approved()
	link, err := s.db.IssueLink(s.ctx, id, noon)
	s.must(err)
	return s, id, link
}

// not is a passcode that is another one.
func not(code string) string {
	if strings.HasPrefix(code, "0") {
		return "1" + code[1:]
	}
	return "0" + code[1:]
}

func (s *story) guess(jti, code string, now time.Time) error {
	return s.db.TryPasscode(s.ctx, jti, code, now)
}

func (s *story) link(id record.ID, now time.Time) postgres.Link {
	s.t.Helper()
	links, err := s.db.Links(s.ctx, []record.ID{id}, now)
	s.must(err)
	return links[id]
}

// open begins a view as the client's API does, with the right passcode.
func (s *story) open(jti string, now time.Time) (view postgres.ClientSession, token string, err error) {
	if view, err = s.db.View(s.ctx, jti, now); err == nil {
		token, err = s.db.OpenDisclosure(s.ctx, view, now)
	}
	return view, token, err
}

func TestPasscode(t *testing.T) {
	s, id, link := linked(t)
	if len(link.Passcode) != 8 || strings.Trim(link.Passcode, "0123456789") != "" || len(link.JTI) != 22 {
		t.Errorf("%+v", link)
	}
	now := noon
	for round := 1; round <= 3; round++ {
		for n := 1; n < 5; n++ {
			wants(t, "wrong", s.guess(link.JTI, not(link.Passcode), now), postgres.ErrPasscode)
			if l := s.link(id, now); l.Wrong != n || l.Locked || !l.PausedAt.IsZero() {
				t.Errorf("round %d, guess %d: %+v", round, n, l)
			}
		}
		want := postgres.ErrPaused
		if round == 3 {
			want = postgres.ErrLocked
		}
		wants(t, "fifth", s.guess(link.JTI, not(link.Passcode), now), want)
		wants(t, "right, but too late", s.guess(link.JTI, link.Passcode, now.Add(15*time.Minute-time.Millisecond)), want)
		now = now.Add(15 * time.Minute)
	}
	wants(t, "locked for good", s.guess(link.JTI, link.Passcode, now.Add(1000*time.Hour)), postgres.ErrLocked)
	if l := s.link(id, now); !l.Locked {
		t.Errorf("%+v", l)
	}
	s.must(s.db.UnlockLink(s.ctx, id))
	wants(t, "unlocked", s.guess(link.JTI, link.Passcode, now), nil)
	wants(t, "unlock of nothing", s.db.UnlockLink(s.ctx, newID()), postgres.ErrNotFound)
}

// The right passcode forgets the wrong ones before it; a pause says how long it lasts.
func TestPasscodeRight(t *testing.T) {
	s, id, link := linked(t)
	for range 3 {
		for range 4 {
			wants(t, "wrong", s.guess(link.JTI, not(link.Passcode), noon), postgres.ErrPasscode)
		}
		wants(t, "right", s.guess(link.JTI, link.Passcode, noon), nil)
	}
	for range 5 {
		_ = s.guess(link.JTI, "", noon)
	}
	var paused *postgres.PausedError
	if err := s.guess(link.JTI, link.Passcode, noon); !errors.As(err, &paused) || !paused.Until.Equal(noon.Add(15*time.Minute)) {
		t.Errorf("%v", err)
	}
	if l := s.link(id, noon); !l.PausedAt.Equal(noon.Add(15 * time.Minute)) {
		t.Errorf("%+v", l)
	}
}

// However many guess at once, on two servers: no more are judged than a round allows.
func TestGuessesAtOnce(t *testing.T) {
	s, id, link := linked(t)
	servers := []*postgres.DB{s.db, s.server()}
	var judged, refused atomic.Int64
	var all sync.WaitGroup
	for n := range 40 {
		all.Go(func() {
			var paused *postgres.PausedError
			switch err := servers[n%2].TryPasscode(s.ctx, link.JTI, not(link.Passcode), noon); {
			case errors.Is(err, postgres.ErrPasscode):
				judged.Add(1)
			case errors.As(err, &paused):
				refused.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	if judged.Load() != 4 || refused.Load() != 36 {
		t.Errorf("%d were told wrong, %d to wait", judged.Load(), refused.Load())
	}
	if l := s.link(id, noon); l.Wrong != 0 || l.PausedAt.IsZero() || l.Locked {
		t.Errorf("%+v", l)
	}
}

// Whatever has become of a link, a wrong passcode hears the same, as often; the right one hears the truth.
func TestLinksLookTheSame(t *testing.T) {
	s, id, old := linked(t)
	now := noon
	second, err := s.db.IssueLink(s.ctx, id, now)
	s.must(err)
	expired := now.Add(14 * 24 * time.Hour)
	unknown := strings.Repeat("A", 22)
	for name, jti := range map[string]string{"replaced": old.JTI, "unknown": unknown, "expired": second.JTI} {
		for range 4 {
			wants(t, name, s.guess(jti, not(second.Passcode), expired), postgres.ErrPasscode)
		}
		wants(t, name+", fifth", s.guess(jti, not(second.Passcode), expired), postgres.ErrPaused)
	}
	later := expired.Add(time.Hour)
	wants(t, "unknown: no passcode is right", s.guess(unknown, "00000000", later), postgres.ErrPasscode)
	wants(t, "replaced: its own passcode is right", s.guess(old.JTI, old.Passcode, later), nil)
	wants(t, "replaced: the new passcode is wrong", s.guess(old.JTI, second.Passcode, later), postgres.ErrPasscode)
	wants(t, "expired: right", s.guess(second.JTI, second.Passcode, later), nil)
	_, _, err = s.open(old.JTI, later)
	wants(t, "replaced", err, postgres.ErrLinkRevoked)
	_, _, err = s.open(second.JTI, later)
	wants(t, "expired", err, postgres.ErrLinkExpired)
	wants(t, "no link of an expired disclosure", func() error { _, err := s.db.IssueLink(s.ctx, id, later); return err }(), postgres.ErrLinkExpired)
}

func TestViews(t *testing.T) {
	s, id, link := linked(t)
	before, err := s.db.Head(s.ctx)
	s.must(err)
	var opened, usedUp atomic.Int64
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			_, token, err := s.open(link.JTI, noon)
			switch {
			case err == nil:
				opened.Add(1)
				if v, err := s.db.ClientSession(s.ctx, token, noon.Add(15*time.Minute-time.Millisecond)); err != nil || v.State.ID != id {
					t.Errorf("%v", err)
				}
				_, err = s.db.ClientSession(s.ctx, token, noon.Add(15*time.Minute))
				wants(t, "a quarter of an hour later", err, postgres.ErrNoSession)
			case errors.Is(err, postgres.ErrLinkUsedUp):
				usedUp.Add(1)
			default:
				t.Errorf("%v", err)
			}
		})
	}
	all.Wait()
	after, err := s.db.Head(s.ctx)
	s.must(err)
	d, err := s.db.Disclosure(s.ctx, id)
	s.must(err)
	if opened.Load() != 3 || usedUp.Load() != 5 || after.Size != before.Size+3 || d.Opened.Count != 3 || s.link(id, noon).ViewsLeft != 0 {
		t.Errorf("%d opened, %d refused, ledger %d to %d, %+v", opened.Load(), usedUp.Load(), before.Size, after.Size, d)
	}
	_, err = s.db.ClientSession(s.ctx, "nobody's", noon)
	wants(t, "no token", err, postgres.ErrNoSession)
	s.sound()
}

func TestRecipientActs(t *testing.T) {
	s, id, link := linked(t)
	view, token, err := s.open(link.JTI, noon)
	s.must(err)
	s.must(s.db.Download(s.ctx, view, noon.Add(time.Second)))
	first, err := s.db.Acknowledge(s.ctx, view, "大野", "情報システム部", noon.Add(2*time.Second))
	s.must(err)
	again, err := s.db.Acknowledge(s.ctx, view, "別人", "", noon.Add(3*time.Second))
	s.must(err)
	if first != again {
		t.Errorf("acknowledged at %d, and again at %d", first, again)
	}
	_, err = s.db.Ask(s.ctx, view, "原本はどこですか", noon.Add(4*time.Second))
	s.must(err)
	d, err := s.db.Disclosure(s.ctx, id)
	s.must(err)
	events, err := s.db.DisclosureEvents(s.ctx, d)
	s.must(err)
	if len(events) != 4 || events[0].Kind != record.KindDisclosureOpened || events[1].Kind != record.KindDisclosureDownloaded || events[2].Name != "大野" ||
		events[2].Department != "情報システム部" || events[3].Question == "" || events[3].Session != view.Name {
		t.Errorf("%+v", events)
	}
	if d.State != "acknowledged" || d.Acknowledged.At != first || d.Downloaded.Count != 1 || d.Asked.Count != 1 {
		t.Errorf("%+v", d)
	}
	_, err = s.db.IssueLink(s.ctx, id, noon)
	s.must(err)
	_, err = s.db.ClientSession(s.ctx, token, noon)
	wants(t, "a newer link ends the view", err, postgres.ErrNoSession)
	wants(t, "and what it was doing", s.db.Download(s.ctx, view, noon), postgres.ErrLinkRevoked)
	s.sound()
}
