package postgres_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

func (h *house) begin() wire.Cursor { return wire.Cursor{} }

// TestL30RestoredOlderDatabase: two databases with one past; phones and checkpoints know more than the one that is served.
func TestL30RestoredOlderDatabase(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	kept := p.visit(c, 3)
	p.push(kept...)
	head, err := h.db.Head(h.ctx)
	h.must(err)
	lost := ledger.Checkpoint{Origin: head.Origin, Size: head.Size + 40, Root: ledger.Hash{7}}
	h.must(h.db.CheckAgainst(h.ctx, head))
	if err := h.db.CheckAgainst(h.ctx, lost); !errors.Is(err, postgres.ErrBehind) {
		t.Errorf("%v", err)
	}
	other := head
	other.Root[0]++
	if err := h.db.CheckAgainst(h.ctx, other); !errors.Is(err, postgres.ErrForked) {
		t.Errorf("%v", err)
	}
	if err := h.db.CheckAgainst(h.ctx, ledger.Checkpoint{Origin: "elsewhere.example/1", Size: 1}); !errors.Is(err, postgres.ErrForked) {
		t.Errorf("%v", err)
	}
	if _, err := h.db.AcceptLoss(h.ctx, head, "test.example/ledger/2", h.admin, noon); !errors.Is(err, postgres.ErrConflict) {
		t.Errorf("nothing lost: %v", err)
	}
	opened, err := h.db.AcceptLoss(h.ctx, lost, "test.example/ledger/2", h.admin, noon)
	h.must(err)
	receipt, err := seal.ParseReceiptCore(opened.ReceiptCore)
	h.must(err)
	if receipt.Origin != "test.example/ledger/2" || receipt.Index != head.Size {
		t.Errorf("%+v", receipt)
	}
	h.must(h.db.CheckAgainst(h.ctx, lost)) // the loss is accepted
	more := lost
	more.Size++
	if err := h.db.CheckAgainst(h.ctx, more); !errors.Is(err, postgres.ErrBehind) {
		t.Errorf("more was lost than was accepted: %v", err)
	}
	origins, err := h.db.Origins(h.ctx)
	h.must(err)
	if !slices.Equal(origins, []string{origin, "test.example/ledger/2"}) {
		t.Errorf("%v", origins)
	}
	// Phones push again all that they hold.
	forgotten := p.visit(c, 3)
	a := p.push(append(kept, forgotten...)...)
	if a.Origin != "test.example/ledger/2" || a.Outcomes[0].Status != postgres.StatusDuplicate || a.Outcomes[3].Status != postgres.StatusAccepted {
		t.Errorf("%+v", a)
	}
	h.sound()
}

func TestSafeIndex(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	h.openCase(rep)
	safe := func(db *postgres.DB, at time.Time) int64 {
		t.Helper()
		s, err := db.Standing(h.ctx, at)
		h.must(err)
		return s.SafeIndex
	}
	checkpoint := h.publish()
	h.openCase(rep)
	if got := safe(h.db, noon.Add(6*24*time.Hour)); got != -1 {
		t.Errorf("after six days: %d", got)
	}
	if got := safe(h.db, noon.Add(8*24*time.Hour)); got != checkpoint.Size-1 {
		t.Errorf("after eight days: %d", got)
	}
	h.config.Backups = true
	backed := h.server()
	index, err := backed.BeginBackup(h.ctx, noon)
	h.must(err)
	if got := safe(backed, noon.Add(8*24*time.Hour)); got != -1 {
		t.Errorf("unfinished: %d", got)
	}
	h.openCase(rep)
	h.must(backed.FinishBackup(h.ctx, index, noon))
	if got := safe(backed, noon); got != index || index >= h.size()-1 {
		t.Errorf("finished: %d of %d", got, index)
	}
	if err := backed.FinishBackup(h.ctx, index, noon); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("finished twice: %v", err)
	}
}
