package office_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

type change = wire.Change

var beginning wire.Cursor

type inboxAnswer struct {
	Visits []struct {
		Case, Visit, Actor                    record.ID
		Number, Client, Item, Outcome, Review string
		WorkerName                            string `json:"worker_name"`
		StartedAt                             int64  `json:"started_at"`
		EndedAt                               int64  `json:"ended_at"`
		Flags                                 int
		Complete, Late, Practice              bool
	}
	Quarantine, Approvals int
	Cursor                string
}

func (d *desk) inbox() inboxAnswer {
	d.s.t.Helper()
	return read[inboxAnswer](d.s.t, d.get("inbox"))
}

type visitAnswer struct {
	Case    *history.Case
	Visit   *history.Visit
	Records []heldAnswer
}

type heldAnswer struct {
	Record, Receipt string
	Index           int64
	ReceivedAt      int64 `json:"received_at"`
	Flags           []record.Flag
	Blobs           []struct {
		ID, Role, SHA256, Type string
		Size                   int64
		Of                     *string
		Stored                 bool
	}
}

// caseOnPhone is the case as the phone's feed has it.
func caseOnPhone(t *testing.T, r *rep, id record.ID) *history.Case {
	t.Helper()
	changes, _, err := r.FeedAll(t.Context(), beginning)
	if err != nil {
		t.Fatal(err)
	}
	at := slices.IndexFunc(changes, func(c change) bool { return c.Type == "case" && c.ID == id.String() })
	if at < 0 {
		t.Fatal("the phone does not have the case")
	}
	var c history.Case
	if err := json.Unmarshal(changes[at].Body, &c); err != nil {
		t.Fatal(err)
	}
	return &c
}

// A visit from the doorstep through the office and back: inbox, evidence, sent back with a reason that the phone shows, mended, approved.
func TestVisitIsReviewed(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleReviewer)
	caseID := s.theCase(r)
	visit, photo, data := r.visit(s, caseID, 5000)
	if got := d.inbox(); len(got.Visits) != 1 || got.Visits[0].Late || got.Visits[0].EndedAt != 0 || got.Visits[0].Complete {
		t.Errorf("%+v", got)
	}
	s.pass(2 * time.Hour)
	d = s.desk(record.RoleReviewer)
	if got := d.inbox(); len(got.Visits) != 1 || !got.Visits[0].Late {
		t.Errorf("the planned end has passed, and nobody is told: %+v", got)
	}
	r.end(s, caseID, visit, "discarded_claimed")
	r.sync(s)
	got := d.inbox().Visits[0]
	if got.Late || !got.Complete || got.Outcome != "discarded_claimed" || got.Number != "2026-0117" || got.WorkerName != "𠮷田 辻󠄀子" || got.Actor != r.id || got.EndedAt == 0 {
		t.Errorf("%+v", got)
	}

	path := "cases/" + caseID.String() + "/visits/" + visit.String()
	page := read[visitAnswer](t, d.get(path))
	if page.Visit.Visit != visit || page.Case.ID != caseID || len(page.Records) != 3 {
		t.Fatalf("%d records", len(page.Records))
	}
	for i, h := range page.Records {
		parsed, err := seal.Parse(h.Record)
		s.must(err)
		s.must(seal.Verify(parsed, &r.Key().PublicKey))
		receipt, err := seal.OpenReceipt(h.Receipt, s.keys.Receipt.Public())
		s.must(err)
		if receipt.Hash != parsed.Hash || receipt.Index != h.Index || parsed.Hash != page.Visit.Records[i].Record {
			t.Error("the receipt is another record's")
		}
	}
	shot := page.Records[1].Blobs[0]
	if shot.ID != "p1" || shot.Role != "badge_front" || !shot.Stored || shot.Size != int64(len(data)) || shot.SHA256 != photo.Record.BlobFields()[0].SHA256 {
		t.Errorf("%+v", shot)
	}
	if one := read[heldAnswer](t, d.get("records/"+photo.Record.Hash.String())); one.Record != page.Records[1].Record || one.Receipt != page.Records[1].Receipt {
		t.Error("one record is not the same as in its visit")
	}

	all := hashes(r.Journal())
	review := func(d *desk, decision, reason string, records []string) answer {
		return d.post(path+"/review", map[string]any{"decision": decision, "reason": reason, "records": records})
	}
	if got := review(d, "returned", " ", all); got.status != 400 || !strings.Contains(string(got.body), "/reason") {
		t.Errorf("no reason: %s", got)
	}
	if got := review(d, "approved", "", all[:2]); got.status != 409 || got.code() != "outdated" {
		t.Errorf("unseen evidence was approved: %s", got)
	}
	if got := review(d, "held", "x", []string{strings.Repeat("A", 43)}); got.status != 400 {
		t.Errorf("records of another visit: %s", got)
	}
	if got := review(d, "praised", "x", all); got.status != 400 {
		t.Errorf("an unknown decision: %s", got)
	}
	if got := review(d, "returned", strings.Repeat("長", 1001), all); got.status != 400 {
		t.Errorf("a reason that would not reach the phone whole: %s", got)
	}
	if got := review(d, "held", "所長に確認中", all); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := d.inbox(); len(got.Visits) != 1 || got.Visits[0].Review != "held" {
		t.Errorf("what was put off has left the inbox: %+v", got)
	}
	reason := strings.Repeat("切断片の写真がありません。", 76)
	if got := review(d, "returned", reason, all); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := d.inbox(); len(got.Visits) != 0 {
		t.Errorf("%+v", got)
	}
	told := caseOnPhone(t, r, caseID).Visits[0]
	if told.Review != "returned" || told.ReviewReason != reason || told.Reviewer != d.member || told.ReviewedAt == 0 {
		t.Errorf("the phone hears %+v", told)
	}
	late := r.seal(s, fieldtest.Draft{Kind: record.KindNoteWritten, Case: caseID, Visit: visit, Fields: []seal.Content{{Name: "note", Value: "切断片は本人が廃棄済み"}}})
	r.sync(s)
	if got := d.inbox(); len(got.Visits) != 1 || got.Visits[0].Review != "returned" {
		t.Errorf("more has come, and nobody is told: %+v", got)
	}
	if got := review(d, "approved", "", all); got.status != 409 || got.code() != "outdated" {
		t.Errorf("%s", got)
	}
	if got := review(d, "approved", "", append(all, late.Record.Hash.String())); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := d.inbox(); len(got.Visits) != 0 {
		t.Errorf("%+v", got)
	}
	if told := caseOnPhone(t, r, caseID).Visits[0]; told.Review != "approved" || told.ReviewReason != "" {
		t.Errorf("the phone hears %+v", told)
	}
}

// Nobody reviews a visit that he made, whatever his roles.
func TestOwnVisit(t *testing.T) {
	s := newSite(t)
	r := s.rep()
	caseID := s.theCase(r)
	visit, _, _ := r.visit(s, caseID, 2000)
	s.member(r.id, "兼任 次郎", record.RoleRep, record.RoleReviewer)
	d := s.deskOf(r.id)
	got := d.post("cases/"+caseID.String()+"/visits/"+visit.String()+"/review", map[string]any{"decision": "approved", "records": hashes(r.Journal())})
	if got.status != 409 || got.code() != "own_visit" {
		t.Errorf("%s", got)
	}
}

// A void case waits for nobody; a flag is explained; the phone's papers get the agency's name.
func TestFlagsVoidAndAgency(t *testing.T) {
	s := newSite(t)
	r, d := s.rep(), s.desk(record.RoleReviewer)
	caseID := s.theCase(r)
	d.post("cases/"+caseID.String()+"/assign", map[string]any{"members": []any{}})
	visit, photo, _ := r.visit(s, caseID, 2000)
	path := "cases/" + caseID.String()
	if page := read[visitAnswer](t, d.get(path+"/visits/"+visit.String())); !slices.Contains(page.Records[1].Flags, record.FlagReassigned) {
		t.Fatalf("%+v", page.Records[1].Flags)
	}
	explain := map[string]any{"record": photo.Record.Hash, "flag": "reassigned", "answer": "引き継ぎの当日のため"}
	if got := d.post(path+"/answer", explain); got.status != 204 {
		t.Errorf("%s", got)
	}
	page := read[visitAnswer](t, d.get(path+"/visits/"+visit.String()))
	if !slices.Contains(page.Visit.Records[1].Answered, record.FlagReassigned) {
		t.Errorf("%+v", page.Visit.Records[1])
	}
	explain["flag"] = "fork"
	if got := d.post(path+"/answer", explain); got.status != 404 {
		t.Errorf("a flag that it does not have: %s", got)
	}
	if got := d.inbox(); len(got.Visits) != 1 {
		t.Errorf("%+v", got)
	}
	if got := d.post(path+"/void", map[string]any{"reason": "誤登録"}); got.status != 204 {
		t.Errorf("%s", got)
	}
	if got := d.inbox(); len(got.Visits) != 0 {
		t.Errorf("%+v", got)
	}
	feed, err := r.Feed(t.Context(), beginning, 100)
	s.must(err)
	if feed.Agency.Name != agency || feed.Agency.Contact != "個人情報窓口" {
		t.Errorf("%+v", feed.Agency)
	}
}
