package postgres

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
)

// storeLock is held shared by every transaction that stores a blob, and alone by those that must see what is being stored: for a moment by
// BeginBackup, so that a backup that is safe up to an index holds every blob whose receipt names a smaller one; to its commit by
// ReleaseQuarantine, so that a blob comes to the released record whether it was stored before or is stored after.
const storeLock = 0x7461636869616901

const (
	lockStore = `select pg_advisory_xact_lock_shared($1)`
	// the slots of records, by the place of the record; what has no slot is not stored
	storeBlobs = `
with asked as materialized (
  select * from unnest($1::bigint[], $2::bytea[], $3::bytea[], $4::bigint[], $5::text[], $6::bigint[]) as a (index, owner, sha256, size, key, at)
  where exists (select from blob_slots s where s.index = a.index and s.sha256 = a.sha256)
), filled as (
  update blob_slots s set stored = true from asked a where s.index = a.index and s.sha256 = a.sha256 and not s.stored
)
insert into blobs (owner, sha256, size, key, stored_at, index, origin)
select a.owner, a.sha256, a.size, a.key, a.at, l.size, l.origin from asked a, ledger l` + firstBlob
	// one slot, by the hash of its record
	storeBlob = `
with slot as (
  select s.index, s.id, s.stored from records r join blob_slots s on s.index = r.index where r.hash = $1 and s.sha256 = $2
), filled as (
  update blob_slots s set stored = true from slot where s.index = slot.index and s.id = slot.id and not slot.stored
)` + insertBlob + ` where exists (select from slot)` + firstBlob
	storeSuspected = insertBlob + firstBlob
	insertBlob     = `
insert into blobs (owner, sha256, size, key, stored_at, index, origin)
select $1, $2, $3, $4, $5, l.size, l.origin from ledger l`
	firstBlob = `
on conflict (owner, sha256) do update set size = blobs.size
returning owner, sha256, key, size, stored_at, index, origin, xmax = 0`
	adoptBlob = `
with adopted as (
  insert into blobs (owner, sha256, size, key, stored_at, index, origin)
  select r.hash, b.sha256, b.size, b.key, b.stored_at, b.index, b.origin
  from quarantine q join records r on r.index = q.index join blobs b on b.owner = q.sha256
  where q.sha256 = $1 and q.decision = 'released' and b.sha256 = $2
  on conflict do nothing
)
update blob_slots s set stored = true from quarantine q
where q.sha256 = $1 and q.decision = 'released' and s.index = q.index and s.sha256 = $2 and not s.stored`
)

// StoreBlob notes that the bytes of a blob are durable under slot.Key. Whoever stores the same again gets the receipt of the first; fresh tells
// which. Until the commit the object is waste that the same key will overwrite; after it the slot is no longer missing. What BlobSlot found is
// judged again: a text that was released meanwhile gives its blob to the record that it became. Error: ErrBlobNotNamed, when the slot is gone.
//
// Blobs that wait for one another in this process share a transaction (see lane).
func (db *DB) StoreBlob(ctx context.Context, slot Slot, size int64, now time.Time) (b StoredBlob, fresh bool, err error) {
	s := &storing{slot: slot, size: size, now: now}
	b, err = db.store(ctx, s)
	return b, s.fresh, err
}

// storing is one blob on its way into the database, with the upload that brought it, if one did.
type storing struct {
	slot   Slot
	size   int64
	now    time.Time
	upload string

	row   *storedRow // as it is noted; nil when the slot is gone
	fresh bool
	begun *int64 // how much of the upload was counted before: all of it, when another request has finished it; nil when the upload is gone

	place *seat
}

func (s *storing) weight() int { return 1 }
func (s *storing) seat() *seat { return s.place }
func (s *storing) renew()      { s.row, s.fresh, s.begun = nil, false, nil }

func (db *DB) store(ctx context.Context, s *storing) (StoredBlob, error) {
	s.place = newSeat()
	if err := db.stores.pass(ctx, s, db.storeAll); err != nil {
		return StoredBlob{}, wrap("store blob", err)
	}
	if s.row == nil {
		return StoredBlob{}, fmt.Errorf("postgres: store blob: %w", ErrBlobNotNamed)
	}
	return db.storedBlob(s.slot, *s.row)
}

// storeAll is one transaction, and one round trip: the blobs, the slots that they fill, the uploads that are done with them.
func (db *DB) storeAll(ctx context.Context, group []*storing) error {
	blobs := map[[64]byte][]*storing{}
	batch := &pgx.Batch{}
	batch.Queue("begin")
	batch.Queue(lockStore, int64(storeLock))
	queueStores(batch, group, blobs)
	queueDone(batch, group)
	batch.Queue("commit")
	return db.pipeline(ctx, batch)
}

// queueStores queues every blob once, in one order on all servers.
func queueStores(batch *pgx.Batch, group []*storing, blobs map[[64]byte][]*storing) {
	var once []*storing
	for _, s := range group {
		name := s.slot.name()
		if blobs[name] == nil {
			once = append(once, s)
		}
		blobs[name] = append(blobs[name], s)
	}
	slices.SortFunc(once, func(a, b *storing) int {
		an, bn := a.slot.name(), b.slot.name()
		return bytes.Compare(an[:], bn[:])
	})
	read := func(rows pgx.Rows) error { return readStored(rows, blobs) }
	var index, size, at []int64
	var owner, sha256 [][]byte
	var key []string
	for _, s := range once {
		if s.slot.Quarantined {
			batch.Queue(storeSuspected, s.slot.owner[:], s.slot.SHA256[:], s.size, s.slot.Key, s.now.UnixMilli()).Query(read)
			batch.Queue(adoptBlob, s.slot.owner[:], s.slot.SHA256[:])
			continue
		}
		index, size, at = append(index, s.slot.index), append(size, s.size), append(at, s.now.UnixMilli())
		owner, sha256, key = append(owner, s.slot.owner[:]), append(sha256, s.slot.SHA256[:]), append(key, s.slot.Key)
	}
	if len(index) > 0 {
		batch.Queue(storeBlobs, index, owner, sha256, size, key, at).Query(read)
	}
}

// readStored gives every row to those that stored it. Only the first of them stored something fresh.
func readStored(rows pgx.Rows, blobs map[[64]byte][]*storing) error {
	var owner, sha256 []byte
	var row storedRow
	var fresh bool
	_, err := pgx.ForEachRow(rows, []any{&owner, &sha256, &row.key, &row.size, &row.at, &row.index, &row.origin, &fresh}, func() error {
		held := row
		for i, s := range blobs[slotName(owner, sha256)] {
			s.row, s.fresh = &held, fresh && i == 0
		}
		row = storedRow{}
		return nil
	})
	return err
}

// slotName is the key of a row in blobs.
func slotName(owner, sha256 []byte) (name [64]byte) {
	copy(name[:32], owner)
	copy(name[32:], sha256)
	return name
}

func (s *Slot) name() [64]byte { return slotName(s.owner[:], s.SHA256[:]) }

// The rows are locked before they are read, so that of several that finish at once each sees what the one before it left.
const markDone = `
update uploads u set done = true, received = u.length
from (select id, received from uploads where id = any($1) order by id for update) before
where u.id = before.id returning u.id, before.received`

func queueDone(batch *pgx.Batch, group []*storing) {
	uploads := map[string][]*storing{}
	var ids []string
	for _, s := range group {
		if s.upload == "" {
			continue
		}
		if uploads[s.upload] == nil {
			ids = append(ids, s.upload)
		}
		uploads[s.upload] = append(uploads[s.upload], s)
	}
	if len(ids) == 0 {
		return
	}
	batch.Queue(markDone, ids).Query(func(rows pgx.Rows) error {
		var id string
		var begun int64
		_, err := pgx.ForEachRow(rows, []any{&id, &begun}, func() error {
			for i, s := range uploads[id] {
				counted := begun
				if i > 0 {
					counted = s.size // the first has finished it
				}
				s.begun = &counted
			}
			return nil
		})
		return err
	})
}
