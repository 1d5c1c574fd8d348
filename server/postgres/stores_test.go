package postgres_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// stallStores has every store of a blob wait, until the returned function is called.
func (h *house) stallStores() (release func()) {
	h.t.Helper()
	conn, err := pgx.Connect(h.ctx, h.ownerURL)
	h.must(err)
	h.t.Cleanup(func() { _ = conn.Close(h.ctx) })
	tx, err := conn.Begin(h.ctx)
	h.must(err)
	_, err = tx.Exec(h.ctx, `select pg_advisory_xact_lock(x'7461636869616901'::bigint)`)
	h.must(err)
	return func() { h.must(tx.Rollback(h.ctx)) }
}

// TestBlobsThatWaitAreStoredTogether: each of those that share a transaction hears of its own blob, and nobody's trouble is another's.
func TestBlobsThatWaitAreStoredTogether(t *testing.T) {
	for _, broken := range []bool{false, true} {
		t.Run(fmt.Sprintf("one breaks the transaction: %v", broken), func(t *testing.T) {
			h := newHouse(t)
			rep := h.member("髙橋", record.RoleRep)
			p, c := h.newPhone(rep), h.openCase(rep)
			const n = 7
			slots := make([]postgres.Slot, n)
			for i := range slots {
				r, sum := p.photo(c, fmt.Sprint("photo ", i))
				p.push(r)
				var err error
				slots[i], err = h.db.BlobSlot(h.ctx, r.Hash, sum)
				h.must(err)
			}
			slots[3] = slots[2] // two bring one blob
			h.superuser(`delete from blob_slots where sha256 = '\x` + slots[4].SHA256.String() + `'`)
			_, _, _, slots[5] = h.suspected()
			if broken {
				slots[6].Key = "a\x00b" // Postgres takes no U+0000 in a text
			}
			release := h.stallStores()
			stored := make([]postgres.StoredBlob, n)
			fresh := make([]bool, n)
			errs := make([]error, n)
			done := make(chan int, n)
			givesUp, giveUp := context.WithCancel(h.ctx)
			for i := range slots {
				ctx := h.ctx
				if i == 1 {
					ctx = givesUp
				}
				go func() {
					stored[i], fresh[i], errs[i] = h.db.StoreBlob(ctx, slots[i], 5, noon)
					done <- i
				}()
				time.Sleep(20 * time.Millisecond) // so that the first leads and the others wait; any order gives the same answers
			}
			giveUp()
			if i := <-done; i != 1 || !errors.Is(errs[1], context.Canceled) {
				t.Errorf("blob %d: %v", i, errs[i])
			}
			release()
			for range n - 1 {
				<-done
			}
			for i, b := range stored {
				switch {
				case i == 1:
				case i == 4:
					if !errors.Is(errs[i], postgres.ErrBlobNotNamed) {
						t.Errorf("the slot is gone: %v", errs[i])
					}
				case i == 6 && broken:
					if errs[i] == nil {
						t.Error("the bad key was stored")
					}
				case errs[i] != nil || b.Key != slots[i].Key:
					t.Errorf("blob %d: %+v, %v", i, b, errs[i])
				}
			}
			if stored[2] != stored[3] || fresh[2] == fresh[3] {
				t.Errorf("two brought one blob: %+v %v, %+v %v", stored[2], fresh[2], stored[3], fresh[3])
			}
			for _, i := range []int{0, 2, 5} {
				if held, err := h.db.StoredBlob(h.ctx, slots[i].Owner, slots[i].SHA256); err != nil || held != stored[i] {
					t.Errorf("blob %d: told %+v, held %+v, %v", i, stored[i], held, err)
				}
			}
			missing, err := h.db.MissingBlobs(h.ctx, []record.KeyID{p.kid}, 10)
			h.must(err)
			want := 3 // of the one that gave up, and of two that nobody brought
			if broken {
				want = 4
			}
			if len(missing) != want {
				t.Errorf("%d missing: %+v", len(missing), missing)
			}
		})
	}
}

// TestAwaitedSlotIsGivenOnce: a server knows the slots that it has just written, each for one request, for a minute; who comes later asks the
// database, which alone knows what is stored.
func TestAwaitedSlotIsGivenOnce(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	r, sum := p.photo(c, "front")
	if _, ok := h.db.AwaitedSlot(r.Hash, sum, p.now); ok {
		t.Error("before the record")
	}
	p.push(r)
	slot, ok := h.db.AwaitedSlot(r.Hash, sum, p.now)
	found, err := h.db.BlobSlot(h.ctx, r.Hash, sum)
	h.must(err)
	if !ok || slot != found {
		t.Errorf("awaited %v %+v, found %+v", ok, slot, found)
	}
	if _, ok := h.db.AwaitedSlot(r.Hash, sum, p.now); ok {
		t.Error("given twice")
	}
	if _, fresh, err := h.db.StoreBlob(h.ctx, slot, 5, p.now); err != nil || !fresh {
		t.Errorf("fresh %v, %v", fresh, err)
	}
	p.push(r)
	if _, ok := h.db.AwaitedSlot(r.Hash, sum, p.now); ok {
		t.Error("awaited although the record was held already")
	}
	late, lateSum := p.photo(c, "back")
	p.push(late)
	if _, ok := h.db.AwaitedSlot(late.Hash, lateSum, p.now.Add(time.Minute)); ok {
		t.Error("after a minute")
	}
	gone, goneSum := p.photo(c, "side")
	p.push(gone)
	h.superuser(`delete from blob_slots where sha256 = '\x` + goneSum.String() + `'`)
	slot, ok = h.db.AwaitedSlot(gone.Hash, goneSum, p.now)
	if _, _, err := h.db.StoreBlob(h.ctx, slot, 4, p.now); !ok || !errors.Is(err, postgres.ErrBlobNotNamed) {
		t.Errorf("awaited %v; the slot is gone: %v", ok, err)
	}
}
