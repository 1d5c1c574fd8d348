package postgres_test

import (
	"errors"
	"strings"
	"sync"
	"testing"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// TestWholeUploadFinishesOnce: of several servers whose one chunk was the whole blob exactly one finishes the upload; the others learn that it
// stands at its end, and everyone finds one receipt.
func TestWholeUploadFinishesOnce(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, c := h.newPhone(rep), h.openCase(rep)
	servers := []*postgres.DB{h.db, h.server()}
	for round := range 8 {
		r, sum := p.photo(c, strings.Repeat("x", 100+round))
		p.push(r)
		length := int64(100 + round)
		u, err := h.db.CreateUpload(h.ctx, postgres.Upload{Owner: r.Hash, SHA256: sum, KeyID: p.kid, Length: length}, noon)
		h.must(err)
		slot, err := h.db.BlobSlot(h.ctx, r.Hash, sum)
		h.must(err)
		errs := make([]error, 6)
		var all sync.WaitGroup
		for i := range errs {
			all.Go(func() { _, errs[i] = servers[i%2].FinishUpload(h.ctx, u, slot, noon) })
		}
		all.Wait()
		won := 0
		for _, err := range errs {
			var moved *postgres.OffsetError
			switch {
			case err == nil:
				won++
			case !errors.As(err, &moved) || moved.Offset != length:
				t.Errorf("%v", err)
			}
		}
		if won != 1 {
			t.Errorf("round %d: %d won", round, won)
		}
		if now, err := h.db.Upload(h.ctx, u.ID, noon); err != nil || !now.Done || now.Offset != length {
			t.Errorf("%+v, %v", now, err)
		}
		if _, err := h.db.StoredBlob(h.ctx, r.Hash, sum); err != nil {
			t.Error(err)
		}
	}
}
