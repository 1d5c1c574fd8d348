package postgres_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// stall takes the ledger, as another server does that does not get on, until the returned function is called.
func (h *house) stall() (release func()) {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.ownerURL)
	h.must(err)
	h.t.Cleanup(func() { _ = conn.Close(h.ctx) })
	tx, err := conn.Begin(h.ctx)
	h.must(err)
	_, err = tx.Exec(h.ctx, `select size from ledger for update`)
	h.must(err)
	return func() { h.must(tx.Rollback(h.ctx)) }
}

func TestPushesThatWaitGoTogether(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	c := h.openCase(rep)
	const pushers = 6
	phones := make([]*phone, pushers)
	batches := make([][]postgres.Arrival, pushers)
	for i := range phones {
		phones[i] = h.newPhone(rep)
		batches[i] = arrivals(phones[i].visit(c, 3)...)
	}
	// One of them makes the transaction fail: Postgres takes no U+0000 in a text. One gives up. One brings what another brings too.
	batches[2] = append(batches[2], postgres.Arrival{Suspect: &postgres.Suspect{Text: []byte("x"), Code: "a\x00b"}})
	batches[4] = append(batches[4], batches[3]...)
	givesUp, giveUp := context.WithCancel(h.ctx)
	release := h.stall()
	answers := make([]*postgres.Acceptance, pushers)
	errs := make([]error, pushers)
	done := make(chan int, pushers)
	for i := range phones {
		ctx := h.ctx
		if i == 5 {
			ctx = givesUp
		}
		go func() {
			answers[i], errs[i] = h.db.Accept(ctx, batches[i], phones[i].caller(), phones[i].now)
			done <- i
		}()
		time.Sleep(20 * time.Millisecond) // so that the first leads and the others wait; any order gives the same answers
	}
	for !h.db.PushesWait() { // all but the one that leads
		time.Sleep(time.Millisecond)
	}
	giveUp()
	if i := <-done; i != 5 || !errors.Is(errs[5], context.Canceled) {
		t.Errorf("push %d: %v", i, errs[i])
	}
	release()
	for range pushers - 1 {
		<-done
	}
	if h.db.PushesWait() {
		t.Error("a push waits when all have gone")
	}
	for i, a := range answers {
		switch i {
		case 5:
			continue
		case 2:
			if errs[i] == nil {
				t.Error("the bad push was accepted")
			}
			continue
		}
		if errs[i] != nil {
			t.Errorf("push %d: %v", i, errs[i])
			continue
		}
		if len(a.Outcomes) != len(batches[i]) || a.Heads[phones[i].kid].Seq != 3 {
			t.Errorf("push %d: %+v", i, a)
		}
		for j, o := range a.Outcomes[:3] {
			if o.Hash != batches[i][j].Record.Hash.String() {
				t.Errorf("push %d: answer %d is another's", i, j)
			}
		}
	}
	// The line is free again.
	if o := phones[5].push(batches[5][0].Record).Outcomes[0]; o.Status == postgres.StatusQuarantined {
		t.Errorf("%+v", o)
	}
	h.sound()
}

func TestSecondTextOfABatchBringsFields(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r := p.note(c, "一")
	bare := *r
	bare.Fields = nil
	p.push(&bare, r)
	held, err := h.db.Held(h.ctx, r.Hash)
	h.must(err)
	if len(held.Fields) != 1 {
		t.Errorf("%d fields", len(held.Fields))
	}
	h.sound()
}

// TestSpoiltStateStopsNobody: evidence goes before screens.
func TestSpoiltStateStopsNobody(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	h.superuser(`update states set body = '{"id": 7}' where type = 'case'`)
	if o := p.push(p.visit(c, 3)...).Outcomes[0]; o.Status != postgres.StatusAccepted {
		t.Errorf("%+v", o)
	}
	_, err := h.db.Rebuild(h.ctx, true, func(postgres.Difference) {})
	h.must(err)
	state, err := h.db.Case(h.ctx, c)
	h.must(err)
	if !state.Known() || len(state.Visits) != 1 {
		t.Errorf("%+v", state)
	}
	h.sound()
}
