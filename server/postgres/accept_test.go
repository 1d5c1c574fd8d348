package postgres_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

func TestAcceptGivesPlaces(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	before, err := h.db.Standing(h.ctx, noon)
	h.must(err)
	records := p.visit(c, 5)
	a := p.push(records...)
	for i, o := range a.Outcomes {
		if o.Status != postgres.StatusAccepted || o.Index != before.Size+int64(i) || o.Hash != records[i].Hash.String() || len(o.Flags) > 1 {
			t.Errorf("record %d: %+v", i, o)
		}
		receipt, err := seal.ParseReceiptCore(o.ReceiptCore)
		h.must(err)
		if receipt.Hash != records[i].Hash || receipt.Index != o.Index || receipt.Seq != int64(i+1) || receipt.Origin != origin {
			t.Errorf("receipt %d: %+v", i, receipt)
		}
	}
	if want := (record.Head{Seq: 5, Hash: records[4].Hash}); a.Heads[p.kid] != want || a.Size != before.Size+5 {
		t.Errorf("head %+v size %d", a.Heads[p.kid], a.Size)
	}
	visit, err := h.db.Visit(h.ctx, c, records[0].Visit)
	h.must(err)
	if !visit.Complete {
		t.Errorf("visit is not complete: %+v", visit)
	}
	h.sound()
}

func TestAcceptNothing(t *testing.T) {
	h := newHouse(t)
	p := h.newPhone(h.member("髙橋", record.RoleRep))
	a := p.push()
	if a.Heads[p.kid] != record.Genesis(p.kid) || len(a.Outcomes) != 0 {
		t.Errorf("%+v", a)
	}
}

func TestL09SameBatchTenTimesOnTwoServers(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	batch := arrivals(p.visit(c, 40)...)
	before, err := h.db.Standing(h.ctx, noon)
	h.must(err)
	servers := []*postgres.DB{h.db, h.server()}
	answers := make([]*postgres.Acceptance, 10)
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			a, err := servers[i%2].Accept(h.ctx, batch, p.caller(), p.now.Add(time.Duration(i)*time.Second))
			if err != nil {
				t.Errorf("push %d: %v", i, err)
				return
			}
			answers[i] = a
		})
	}
	all.Wait()
	if t.Failed() {
		return
	}
	accepted := 0
	for i, a := range answers {
		for j, o := range a.Outcomes {
			if o.Status == postgres.StatusAccepted {
				accepted++
			}
			if first := answers[0].Outcomes[j]; o.ReceiptCore != first.ReceiptCore || o.Index != first.Index || !slices.Equal(o.Flags, first.Flags) {
				t.Errorf("push %d, record %d: another receipt", i, j)
			}
		}
	}
	if accepted != len(batch) {
		t.Errorf("%d accepted of %d", accepted, len(batch))
	}
	after, err := h.db.Standing(h.ctx, noon)
	h.must(err)
	if after.Size != before.Size+int64(len(batch)) {
		t.Errorf("ledger grew by %d", after.Size-before.Size)
	}
	h.sound()
}

func TestSameRecordTwiceInOneBatch(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r := p.note(c, "一")
	a := p.push(r, r)
	if a.Outcomes[0].Status != postgres.StatusAccepted || a.Outcomes[1].Status != postgres.StatusDuplicate || a.Outcomes[0].ReceiptCore != a.Outcomes[1].ReceiptCore {
		t.Errorf("%+v", a.Outcomes)
	}
	h.sound()
}

func TestL10ForkIsKeptAndFlagged(t *testing.T) {
	for _, together := range []bool{true, false} {
		t.Run(fmt.Sprintf("in one batch %v", together), func(t *testing.T) {
			h := newHouse(t)
			rep := h.member("髙橋", record.RoleRep)
			p, c := h.newPhone(rep), h.openCase(rep)
			id := newID()
			same := func(s *record.Structure) { s.ID = id }
			one := p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: "一"}}, edit: same, keepJournal: true})
			two := p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: "二"}}, edit: same})
			var outcomes []postgres.Outcome
			if together {
				outcomes = p.push(one, two).Outcomes
				if !hasFlag(outcomes[0], record.FlagFork) {
					t.Errorf("first: %+v", outcomes[0])
				}
			} else {
				outcomes = append(p.push(one).Outcomes, p.push(two).Outcomes...)
			}
			if o := outcomes[1]; o.Status != postgres.StatusAccepted || !hasFlag(o, record.FlagFork) || !hasFlag(o, record.FlagIDReuse) {
				t.Errorf("second: %+v", o)
			}
			for _, r := range []*record.Record{one, two} {
				held, err := h.db.Held(h.ctx, r.Hash)
				h.must(err)
				if !slices.Contains(held.Flags, record.FlagFork) {
					t.Errorf("held without the flag: %v", held.Flags)
				}
			}
			if again := p.push(one).Outcomes[0]; again.Status != postgres.StatusDuplicate || !hasFlag(again, record.FlagFork) {
				t.Errorf("again: %+v", again)
			}
			h.sound()
		})
	}
}

func TestGapClosesLater(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r := []*record.Record{p.note(c, "一"), p.note(c, "二"), p.note(c, "三"), p.note(c, "四")}
	if a := p.push(r[3], r[1]); !hasFlag(a.Outcomes[0], record.FlagGap) || !hasFlag(a.Outcomes[1], record.FlagGap) || a.Heads[p.kid].Seq != 0 {
		t.Errorf("%+v", a)
	}
	if a := p.push(r[0]); len(a.Outcomes[0].Flags) != 0 || a.Heads[p.kid] != (record.Head{Seq: 2, Hash: r[1].Hash}) {
		t.Errorf("%+v", a)
	}
	if a := p.push(r[2]); hasFlag(a.Outcomes[0], record.FlagGap) || a.Heads[p.kid] != (record.Head{Seq: 4, Hash: r[3].Hash}) {
		t.Errorf("%+v", a)
	}
	h.sound()
}

func TestJournalIsJudgedBackwardsToo(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	first := p.note(c, "一")
	wrong := func(s *record.Structure) { s.Prev = record.Hash{9} }
	note := func(text string, edit func(*record.Structure), keep bool) *record.Record {
		return p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: text}}, edit: edit, keepJournal: keep})
	}
	// Of two that stand at seq 2 the first to arrive counts for the head; the other is chained to nothing that there is.
	good, bad := note("二", nil, true), note("二の二", wrong, true)
	p.push(good)
	p.push(bad)
	a := p.push(first)
	if a.Heads[p.kid] != (record.Head{Seq: 2, Hash: good.Hash}) {
		t.Errorf("head %+v", a.Heads[p.kid])
	}
	for r, chained := range map[*record.Record]bool{good: true, bad: false} {
		held, err := h.db.Held(h.ctx, r.Hash)
		h.must(err)
		if slices.Contains(held.Flags, record.FlagChain) == chained {
			t.Errorf("%s: %v", r.Text("note"), held.Flags)
		}
	}
	h.sound()
}

func TestL14EvidenceIsNeverRefused(t *testing.T) {
	h := newHouse(t)
	rep, other := h.member("髙橋", record.RoleRep), h.member("山﨑", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	cases := []struct {
		name string
		flag record.Flag
		make func() *record.Record
	}{
		{"unknown case", record.FlagUnknownCase, func() *record.Record { return p.note(newID(), "一") }},
		{"another actor", record.FlagActor, func() *record.Record {
			return p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: "一"}}, edit: func(s *record.Structure) { s.Actor = other }})
		}},
		{"wrong prev", record.FlagChain, func() *record.Record {
			return p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: "一"}}, edit: func(s *record.Structure) { s.Prev = record.Hash{1} }})
		}},
		{"clock ahead", record.FlagClock, func() *record.Record {
			return p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: "一"}}, edit: func(s *record.Structure) { s.At += 400000000000 }})
		}},
		{"late", record.FlagLate, func() *record.Record {
			return p.seal(draft{kind: record.KindNoteWritten, caseID: c, fields: []seal.Content{{Name: "note", Value: "一"}}, edit: func(s *record.Structure) { s.At -= 90000000 }})
		}},
		{"unknown kind", record.FlagUnknownKind, func() *record.Record {
			return p.seal(draft{kind: "visit.filmed", caseID: c})
		}},
		{"schema", record.FlagSchema, func() *record.Record { return p.seal(draft{kind: record.KindNoteWritten, caseID: c}) }},
		{"unknown template", record.FlagUnknownTemplate, func() *record.Record {
			return p.seal(draft{kind: record.KindDeclarationDeclined, caseID: c, visit: newID(), fields: []seal.Content{
				{Name: "reason", Value: "読みたくない"}, {Name: "template", Value: map[string]any{"id": "own_form", "version": 7}},
			}})
		}},
		{"policy", record.FlagPolicy, func() *record.Record { return p.visit(c, 2)[0] }},
		{"reassigned", record.FlagReassigned, func() *record.Record {
			h.must(h.db.AssignCase(h.ctx, c, []record.ID{other}, "", h.admin, noon))
			return p.note(c, "一")
		}},
		{"closed", record.FlagCaseClosed, func() *record.Record {
			h.must(h.db.ChangeCase(h.ctx, c, []seal.Content{{Name: "to", Value: "closed"}}, h.admin, noon))
			return p.note(c, "一")
		}},
		{"member removed", record.FlagReassigned, func() *record.Record {
			_, err := h.db.ChangeMember(h.ctx, postgres.Member{ID: rep, Name: "髙橋", Active: false}, h.admin, noon)
			h.must(err)
			return p.note(c, "一")
		}},
		{"revoked", record.FlagRevokedKey, func() *record.Record {
			h.must(h.db.RevokeDevice(h.ctx, p.kid, h.admin, "紛失", noon))
			return p.note(c, "一")
		}},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			r := test.make()
			o := p.push(r).Outcomes[0]
			if o.Status != postgres.StatusAccepted || !hasFlag(o, test.flag) {
				t.Errorf("%+v", o)
			}
		})
	}
	h.sound()
}

func TestL13OneBadItemAmongFifty(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	var batch []postgres.Arrival
	for i := range 50 {
		batch = append(batch, arrivals(p.note(c, fmt.Sprint(i)))...)
	}
	bad := &postgres.Suspect{Text: []byte("no record at all"), Code: "form"}
	batch[6] = postgres.Arrival{Suspect: bad}
	a, err := h.db.Accept(h.ctx, batch, p.caller(), p.now)
	h.must(err)
	for i, o := range a.Outcomes {
		want := postgres.StatusAccepted
		if i == 6 {
			want = postgres.StatusQuarantined
		}
		if o.Status != want {
			t.Errorf("item %d: %+v", i, o)
		}
	}
	again, err := h.db.Accept(h.ctx, batch, p.caller(), p.now.Add(time.Hour))
	h.must(err)
	for i, o := range again.Outcomes {
		if o.ReceiptCore != a.Outcomes[i].ReceiptCore {
			t.Errorf("item %d: another receipt", i)
		}
	}
	waiting, err := h.db.QuarantineList(h.ctx, 10)
	h.must(err)
	if len(waiting) != 1 || waiting[0].Member != rep {
		t.Fatalf("%+v", waiting)
	}
	kept, err := h.db.Quarantine(h.ctx, waiting[0].SHA256)
	h.must(err)
	if string(kept.Text) != string(bad.Text) {
		t.Errorf("%+v", kept)
	}
	h.sound()
}

func TestMissingFieldsAreFilledIn(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r := p.seal(draft{kind: record.KindContactLogged, caseID: c, fields: []seal.Content{{Name: "channel", Value: "phone"}, {Name: "result", Value: "no_answer"}, {Name: "note", Value: "留守"}}})
	withheld := *r
	withheld.Fields = r.Fields[:1]
	p.push(&withheld)
	held, err := h.db.Held(h.ctx, r.Hash)
	h.must(err)
	if len(held.Fields) != 1 {
		t.Fatalf("%d fields", len(held.Fields))
	}
	a := p.push(r)
	if a.Outcomes[0].Status != postgres.StatusDuplicate {
		t.Errorf("%+v", a.Outcomes[0])
	}
	held, err = h.db.Held(h.ctx, r.Hash)
	h.must(err)
	if len(held.Fields) != 3 || held.Compact == "" {
		t.Errorf("%d fields", len(held.Fields))
	}
	state, err := h.db.Case(h.ctx, c)
	h.must(err)
	if len(state.Attempts) != 1 || state.Attempts[0].Channel != "phone" || state.Attempts[0].Withheld != 0 {
		t.Errorf("%+v", state.Attempts)
	}
	h.sound()
}
