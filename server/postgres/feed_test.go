package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// drain reads pages until there are no more, and returns the changes and the cursor behind them.
func (h *house) drain(member record.ID, cursor wire.Cursor, limit int) ([]wire.Change, wire.Cursor) {
	h.t.Helper()
	var all []wire.Change
	for {
		page, err := h.db.Feed(h.ctx, member, cursor, limit, noon)
		h.must(err)
		for i, c := range page.Changes {
			if i > 0 && (c.Index < page.Changes[i-1].Index || c.Index == page.Changes[i-1].Index && c.N <= page.Changes[i-1].N) {
				h.t.Errorf("out of order: %d.%d after %d.%d", c.Index, c.N, page.Changes[i-1].Index, page.Changes[i-1].N)
			}
		}
		if n := len(all); n > 0 && len(page.Changes) > 0 && all[n-1].Index == page.Changes[0].Index {
			h.t.Errorf("index %d is split", all[n-1].Index)
		}
		all, cursor = append(all, page.Changes...), page.Cursor
		if !page.More {
			return all, cursor
		}
		if len(page.Changes) == 0 {
			h.t.Fatal("more, and nothing")
		}
	}
}

func TestL15OpenWriterHidesNothing(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	_, cursor := h.drain(rep, wire.Cursor{}, 10)

	// A writer that has taken the ledger and does not get on.
	conn, err := pgx.Connect(h.ctx, h.ownerURL)
	h.must(err)
	defer conn.Close(h.ctx)
	stalled, err := conn.Begin(h.ctx)
	h.must(err)
	_, err = stalled.Exec(h.ctx, `select size from ledger for update`)
	h.must(err)

	second := h.server()
	opened := make(chan record.ID, 1)
	go func() {
		id, err := second.OpenCase(h.ctx, postgres.NewCase{Facts: facts, Members: []record.ID{rep}}, h.admin, noon)
		if err != nil {
			t.Error(err)
		}
		opened <- id
	}()
	time.Sleep(50 * time.Millisecond) // it waits for the lock now, or will
	changes, between := h.drain(rep, cursor, 10)
	if len(changes) != 0 || between != cursor {
		t.Errorf("a poll between saw %v and moved to %v", changes, between)
	}
	h.must(stalled.Rollback(h.ctx))
	id := <-opened
	changes, _ = h.drain(rep, between, 10)
	if len(changes) != 1 || changes[0].ID != id.String() {
		t.Errorf("after it: %v", changes)
	}
}

var facts = []seal.Content{{Name: "number", Value: "1"}, {Name: "worker_name", Value: "K"}, {Name: "client", Value: "T社"}, {Name: "item", Value: "入館証"}}

func TestL15PollingBesideWritersLosesNothing(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	servers := []*postgres.DB{h.db, h.server()}
	const writers, each = 4, 15
	var mu sync.Mutex
	opened := map[string]bool{}
	var all sync.WaitGroup
	for w := range writers {
		all.Go(func() {
			for range each {
				id, err := servers[w%2].OpenCase(h.ctx, postgres.NewCase{Facts: facts, Members: []record.ID{rep}}, h.admin, noon)
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				opened[id.String()] = true
				mu.Unlock()
			}
		})
	}
	done := make(chan struct{})
	go func() { all.Wait(); close(done) }()
	seen := map[string]bool{}
	var cursor wire.Cursor
	for last := false; ; {
		var changes []wire.Change
		changes, cursor = h.drain(rep, cursor, 3)
		for _, c := range changes {
			seen[c.ID] = true
		}
		if last {
			break
		}
		select {
		case <-done:
			last = true
		default:
		}
	}
	for id := range opened {
		if !seen[id] {
			t.Errorf("case %s was never delivered", id)
		}
	}
	if len(opened) != writers*each {
		t.Errorf("%d opened", len(opened))
	}
	h.sound()
}

func TestFeedPages(t *testing.T) {
	h := newHouse(t)
	rep, other := h.member("髙橋", record.RoleRep), h.member("山﨑", record.RoleRep)
	_, cursor := h.drain(rep, wire.Cursor{}, 100)
	p := h.newPhone(rep)
	var ids []record.ID
	for range 7 {
		ids = append(ids, h.openCase(rep))
	}
	// One batch that moves five cases: five changes, of which none is lost at any page size.
	var batch []*record.Record
	for _, id := range ids[:5] {
		batch = append(batch, p.seal(draft{kind: record.KindContactLogged, caseID: id, fields: []seal.Content{{Name: "channel", Value: "phone"}, {Name: "result", Value: "no_answer"}}}))
	}
	p.push(batch...)
	// One record that moves two cases: two changes at one index.
	h.must(h.db.VoidCase(h.ctx, ids[5], ids[2], "重複", h.admin, noon))
	for limit := 1; limit <= 9; limit++ {
		changes, _ := h.drain(rep, cursor, limit)
		if len(changes) != 8 { // seven cases and the device
			t.Errorf("limit %d: %d changes", limit, len(changes))
		}
	}
	h.must(h.db.AssignCase(h.ctx, ids[0], []record.ID{other}, "", h.admin, noon))
	_, theirs := h.drain(other, wire.Cursor{}, 100)
	mine, after := h.drain(rep, cursor, 100)
	if last := mine[len(mine)-1]; last.Op != wire.Remove || last.ID != ids[0].String() || last.Body != nil {
		t.Errorf("no remove: %+v", last)
	}
	if after != theirs {
		t.Errorf("cursors of one moment differ: %v %v", after, theirs)
	}
	changes, _ := h.drain(other, wire.Cursor{}, 100)
	if last := changes[len(changes)-1]; last.Op != wire.Put || last.ID != ids[0].String() || len(last.Body) == 0 {
		t.Errorf("no whole case: %+v", last)
	}
}

func TestCursorOfAnotherLedgerIsGone(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	h.openCase(rep)
	_, cursor := h.drain(rep, wire.Cursor{}, 100)
	for name, bad := range map[string]wire.Cursor{
		"beyond the end": {Index: cursor.Index + 1, Leaf: cursor.Leaf},
		"another leaf":   {Index: cursor.Index, Leaf: [16]byte{1}},
	} {
		if _, err := h.db.Feed(h.ctx, rep, bad, 10, noon); !errors.Is(err, postgres.ErrCursorGone) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// newsOfHeld: fields that come without a ledger entry reach a phone that has read everything.
func TestFeedTellsOfFilledFields(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r := p.seal(draft{kind: record.KindContactLogged, caseID: c, fields: []seal.Content{{Name: "channel", Value: "phone"}, {Name: "result", Value: "no_answer"}}})
	bare := *r
	bare.Fields = nil
	p.push(&bare)
	_, cursor := h.drain(rep, wire.Cursor{}, 100)
	p.push(r)
	for _, limit := range []int{1, 100} {
		changes, _ := h.drain(rep, cursor, limit)
		if len(changes) != 1 || changes[0].ID != c.String() {
			t.Errorf("%+v", changes)
		}
	}
	h.openCase(rep)
	changes, _ := h.drain(rep, cursor, 1)
	if len(changes) != 2 {
		t.Errorf("%+v", changes)
	}
}
