package postgres_test

import (
	"errors"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// story is a case whose visit has brought a signed declaration, and the people of the office.
type story struct {
	*house
	rep, reviewer, maker, approver record.ID
	phone                          *phone
	caseID, visit                  record.ID
	declaration                    postgres.Held
}

// tell plays a visit up to its end; given are the consents.
func tell(t testing.TB, given map[string]bool, facts ...seal.Content) *story {
	t.Helper()
	h := newHouse(t)
	s := &story{house: h, rep: h.member("営業", record.RoleRep), reviewer: h.member("審査", record.RoleReviewer), maker: h.member("作成", record.RoleReviewer),
		approver: h.member("承認", record.RoleApprover)}
	s.phone = h.newPhone(s.rep)
	s.caseID = h.openCase(s.rep)
	if len(facts) > 0 {
		h.must(h.db.ChangeCase(h.ctx, s.caseID, facts, h.admin, noon))
	}
	s.visit = newID()
	consents := []map[string]any{}
	for _, key := range []string{"consent_client", "consent_gps", "consent_photos"} {
		if value, asked := given[key]; asked {
			consents = append(consents, map[string]any{"key": key, "given": value, "after_ms": 1})
		}
	}
	started := s.phone.seal(draft{kind: record.KindVisitStarted, caseID: s.caseID, visit: s.visit, fields: []seal.Content{{Name: "place", Value: "doorstep"}}})
	signed := s.phone.seal(draft{kind: record.KindDeclarationSigned, caseID: s.caseID, visit: s.visit, fields: []seal.Content{
		{Name: "presentation", Value: map[string]any{"consents": consents}}, {Name: "text_sha256", Value: zeros},
	}})
	ended := s.phone.seal(draft{kind: record.KindVisitEnded, caseID: s.caseID, visit: s.visit, fields: []seal.Content{
		{Name: "outcome", Value: "discarded_claimed"}, {Name: "records", Value: []record.Hash{started.Hash, signed.Hash}},
	}})
	s.phone.push(started, signed, ended)
	var err error
	s.declaration, err = h.db.Held(h.ctx, signed.Hash)
	h.must(err)
	return s
}

const zeros = "0000000000000000000000000000000000000000000000000000000000000000"

var agreed = map[string]bool{"consent_client": true, "consent_gps": true, "consent_photos": true}

func (s *story) append(d postgres.Draft) {
	s.t.Helper()
	d.Case = s.caseID
	_, err := s.db.AppendOffice(s.ctx, noon, d)
	s.must(err)
}

func (s *story) review(decision string, by record.ID) {
	s.t.Helper()
	s.append(postgres.Draft{Kind: record.KindReviewDecided, Visit: s.visit, Actor: by, Fields: []seal.Content{
		{Name: "decision", Value: decision}, {Name: "reason", Value: "確認した"},
	}})
}

func (s *story) withdraw(scope string) {
	s.t.Helper()
	s.append(postgres.Draft{Kind: record.KindConsentWithdrawn, Actor: s.reviewer, Fields: []seal.Content{{Name: "scope", Value: []string{scope}}}})
}

func (s *story) prepare(photos ...postgres.PhotoRef) (record.ID, error) {
	s.t.Helper()
	id := newID()
	_, err := s.db.PrepareDisclosure(s.ctx, postgres.NewDisclosure{
		ID: id, Declaration: s.declaration, Photos: photos, Recipient: history.Recipient{Name: "O部長", Organisation: "株式会社T"},
		ExpiresAt: noon.Add(14 * 24 * time.Hour), Sessions: 3,
		Document: postgres.NewBlob{ID: "document", Role: "document", SHA256: postgres.Digest{1}, Size: 7, Type: "application/pdf", Key: "d/" + id.String()},
	}, s.maker, noon)
	return id, err
}

func (s *story) decide(verdict string, by record.ID, ids ...record.ID) error {
	return s.db.DecideDisclosures(s.ctx, ids, postgres.Decision{Verdict: verdict, Reason: "確認"}, by, noon)
}

// approved is a disclosure that may be linked.
func (s *story) approved() record.ID {
	s.t.Helper()
	s.review("approved", s.reviewer)
	id, err := s.prepare()
	s.must(err)
	s.must(s.decide("approved", s.approver, id))
	return id
}

func wants(t testing.TB, what string, err, want error) {
	t.Helper()
	if !errors.Is(err, want) || (want == nil) != (err == nil) {
		t.Errorf("%s: %v, want %v", what, err, want)
	}
}

func TestDisclosure(t *testing.T) {
	s := tell(t, agreed)
	id := s.approved()
	h, err := s.db.Handout(s.ctx, id)
	s.must(err)
	if h.State.State != "approved" || h.Document.SHA256 != (postgres.Digest{1}).String() || h.Declaration.Hash != s.declaration.Hash || h.Approved == nil {
		t.Errorf("handout %+v", h)
	}
	blob, err := s.db.StoredBlob(s.ctx, h.Prepared.Hash, postgres.Digest{1})
	if err != nil || blob.Key != "d/"+id.String() {
		t.Errorf("document %+v, %v", blob, err)
	}
	wants(t, "approved again by himself", s.decide("approved", s.approver, id), nil)
	wants(t, "refused afterwards", s.decide("refused", s.approver, id), postgres.ErrDecided)
	wants(t, "approved again by another", s.decide("approved", s.member("別の承認者", record.RoleApprover), id), postgres.ErrDecided)
	s.must(s.db.RevokeDisclosure(s.ctx, id, "取り違え", s.reviewer, noon))
	s.must(s.db.RevokeDisclosure(s.ctx, id, "取り違え", s.reviewer, noon))
	if h, _ := s.db.Disclosure(s.ctx, id); h.State != "revoked" {
		t.Errorf("state %s", h.State)
	}
	wants(t, "link of a revoked one", issue(s, id), postgres.ErrLinkRevoked)
	s.sound()
}

func issue(s *story, id record.ID) error {
	_, err := s.db.IssueLink(s.ctx, id, noon)
	return err
}

// Four eyes: the maker, and whoever reviewed the visit at any time, cannot approve.
func TestFourEyes(t *testing.T) {
	s := tell(t, agreed)
	s.review("held", s.approver)
	s.review("approved", s.reviewer)
	id, err := s.prepare()
	s.must(err)
	for name, who := range map[string]record.ID{"the maker": s.maker, "the reviewer": s.reviewer, "who held it first": s.approver} {
		wants(t, name, s.decide("approved", who, id), postgres.ErrSamePerson)
		wants(t, name+" refuses", s.decide("refused", who, id), postgres.ErrSamePerson)
	}
	other := s.member("別の承認者", record.RoleApprover)
	second, err := s.prepare()
	s.must(err)
	wants(t, "not approved yet", issue(s, id), postgres.ErrNotApproved)
	wants(t, "one unknown among them", s.decide("approved", other, id, newID()), postgres.ErrNotFound)
	if d, _ := s.db.Disclosure(s.ctx, id); d.State != "prepared" {
		t.Errorf("half of a decision was taken: %s", d.State)
	}
	wants(t, "another", s.decide("approved", other, id, second), nil)
	wants(t, "linked", issue(s, second), nil)
}

// Whatever a disclosure stands on is judged at every step.
func TestGrounds(t *testing.T) {
	refusals := []struct {
		name    string
		consent map[string]bool
		facts   []seal.Content
		before  func(s *story)
		want    error
	}{
		{"no review", agreed, nil, func(*story) {}, postgres.ErrNotReviewed},
		{"sent back", agreed, nil, func(s *story) { s.review("returned", s.reviewer) }, postgres.ErrNotReviewed},
		{"consent refused", map[string]bool{"consent_client": false}, nil, func(s *story) { s.review("approved", s.reviewer) }, postgres.ErrConsent},
		{"consent not asked", map[string]bool{}, nil, func(s *story) { s.review("approved", s.reviewer) }, postgres.ErrConsent},
		{"consent withdrawn", agreed, nil, func(s *story) { s.review("approved", s.reviewer); s.withdraw("disclosure") }, postgres.ErrConsent},
		{"all withdrawn", agreed, nil, func(s *story) { s.review("approved", s.reviewer); s.withdraw("all") }, postgres.ErrConsent},
		{"practice", agreed, []seal.Content{{Name: "practice", Value: true}}, func(s *story) { s.review("approved", s.reviewer) }, postgres.ErrPractice},
		{"voided", agreed, nil, func(s *story) {
			s.review("approved", s.reviewer)
			s.must(s.db.VoidCase(s.ctx, s.caseID, record.ID{}, "誤り", s.reviewer, noon))
		}, postgres.ErrVoid},
	}
	for _, c := range refusals {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s := tell(t, c.consent, c.facts...)
			c.before(s)
			size, _ := s.db.Head(s.ctx)
			_, err := s.prepare()
			wants(t, "prepare", err, c.want)
			if after, _ := s.db.Head(s.ctx); after.Size != size.Size {
				t.Error("something was appended")
			}
		})
	}
	t.Run("later", func(t *testing.T) {
		t.Parallel()
		s := tell(t, agreed)
		s.review("approved", s.reviewer)
		id, err := s.prepare()
		s.must(err)
		s.review("returned", s.reviewer)
		wants(t, "approve", s.decide("approved", s.approver, id), postgres.ErrNotReviewed)
		wants(t, "refuse", s.decide("refused", s.approver, id), nil)
		s.review("approved", s.reviewer)
		id = s.approved()
		link, err := s.db.IssueLink(s.ctx, id, noon)
		s.must(err)
		session, token, err := s.open(link.JTI, noon)
		s.must(err)
		s.withdraw("photos")
		_, err = s.db.ClientSession(s.ctx, token, noon)
		wants(t, "no photo in it", err, nil)
		s.withdraw("disclosure")
		wants(t, "link", issue(s, id), postgres.ErrConsent)
		_, _, err = s.open(link.JTI, noon)
		wants(t, "open", err, postgres.ErrLinkRevoked)
		_, err = s.db.ClientSession(s.ctx, token, noon)
		wants(t, "in mid-view", err, postgres.ErrLinkRevoked)
		wants(t, "a download under way", s.db.Download(s.ctx, session, noon), postgres.ErrLinkRevoked)
	})
	t.Run("photos", func(t *testing.T) {
		t.Parallel()
		s := tell(t, map[string]bool{"consent_client": true, "consent_photos": false})
		s.review("approved", s.reviewer)
		_, err := s.prepare(postgres.PhotoRef{Record: s.declaration.Hash, ID: "p1"})
		wants(t, "photos were not agreed to", err, postgres.ErrConsent)
	})
}
