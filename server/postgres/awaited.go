package postgres

import (
	"sync"
	"time"

	"tachiai/sync/record"
)

// Blobs follow their records at once, as a rule, and to the same server: it need not ask the database about what it has just written there.
const (
	awaitedLife = time.Minute
	awaitedMost = 4096
)

// awaited remembers the slots of records that this process has accepted. It is an aid, and may forget anything.
type awaited struct {
	mu    sync.Mutex
	slots map[[64]byte]awaitedSlot
}

type awaitedSlot struct {
	slot Slot
	at   time.Time
}

// note remembers the slots of new records, after their commit.
func (a *awaited) note(entries []*entry) {
	a.mu.Lock()
	defer a.mu.Unlock()
	for _, e := range entries {
		if !e.fresh || e.record == nil {
			continue
		}
		for _, b := range e.record.BlobFields() {
			sum, err := ParseDigest(b.SHA256)
			if err != nil {
				continue // not a well-formed field; flagged schema
			}
			s := Slot{Owner: e.record.Hash, SHA256: sum, Case: e.record.Case, KeyID: e.record.KeyID, Size: b.Size, owner: e.record.Hash, index: e.index}
			s.Key = objectKey(s)
			if a.slots == nil || len(a.slots) >= awaitedMost {
				a.slots = map[[64]byte]awaitedSlot{}
			}
			a.slots[s.name()] = awaitedSlot{s, e.now}
		}
	}
}

// AwaitedSlot is BlobSlot for a blob whose record this process has accepted within the last minute, without a question to the database. Each is
// given out once, so whoever repeats a request, and may find the blob stored, asks the database. StoreBlob judges again, as ever.
func (db *DB) AwaitedSlot(owner record.Hash, sha256 Digest, now time.Time) (Slot, bool) {
	a := &db.awaited
	name := slotName(owner[:], sha256[:])
	a.mu.Lock()
	defer a.mu.Unlock()
	held, ok := a.slots[name]
	delete(a.slots, name)
	age := now.Sub(held.at)
	return held.slot, ok && age >= 0 && age < awaitedLife
}
