package postgres

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Slot is a place for a blob: a record names it, or a quarantined text may. Only this package makes one.
type Slot struct {
	Owner       record.Hash // as the pusher names the record; stands in the receipt
	SHA256      Digest
	Case        record.ID
	KeyID       record.KeyID // who sealed the record
	Size        int64        // bytes, as sealed; −1 when it is not known
	Key         string       // in the object store: c/{case}/{sha256}, or q/{sha256 of the text}/{sha256}
	Quarantined bool
	Stored      *StoredBlob // nil while it is missing

	owner [32]byte // of the row in blobs: the record's hash, or the SHA-256 of the text
	index int64    // of the record in the ledger
}

// StoredBlob is a blob whose bytes are durable.
type StoredBlob struct {
	Key         string
	Size        int64 // bytes
	StoredAt    time.Time
	Index       int64  // size of the ledger when stored
	ReceiptCore string // of the blob receipt, to be signed
}

// MissingBlob is a blob that a record names and that has not arrived.
type MissingBlob struct {
	Record record.Hash
	ID     string // of the slot in its record
	SHA256 Digest
}

const findSlot = `
select r.hash, r.index, r.case_id, r.kid, coalesce(s.size, -1), false, s.id is not null, b.key, b.size, b.stored_at, b.index, b.origin
from records r
left join blob_slots s on s.index = r.index and s.sha256 = $2
left join blobs b on b.owner = r.hash and b.sha256 = $2
where r.hash = $1
union all
select q.sha256, -1, null, q.kid, -1, true, q.hash is null or $2 = any(q.blobs), b.key, b.size, b.stored_at, b.index, b.origin
from quarantine q
left join blobs b on b.owner = q.sha256 and b.sha256 = $2
where (q.sha256 = $1 or q.hash = $1) and q.decision is null
limit 2`

// BlobSlot finds where a blob belongs, before its bytes are read. owner is the hash of the record; for a quarantined push also the SHA-256 of its
// text, of which any blob is taken when no record could be read in it. Errors: ErrRecordUnknown, ErrBlobNotNamed.
func (db *DB) BlobSlot(ctx context.Context, owner record.Hash, sha256 Digest) (Slot, error) {
	slots, err := query(ctx, db, "blob slot", findSlot, func(row pgx.CollectableRow) (found struct {
		Slot
		named bool
	}, err error) {
		s := Slot{Owner: owner, SHA256: sha256}
		var stored storedRow
		var holder, kid []byte
		var caseID pgtype.UUID
		err = row.Scan(&holder, &s.index, &caseID, &kid, &s.Size, &s.Quarantined, &found.named,
			&stored.key, &stored.size, &stored.at, &stored.index, &stored.origin)
		s.owner, s.KeyID, s.Case = hashOf[[32]byte](holder), hashOf[record.KeyID](kid), record.ID(caseID.Bytes)
		if stored.key != nil {
			b, err := db.storedBlob(s, stored)
			if err != nil {
				return found, err
			}
			s.Stored = &b
		}
		s.Key = objectKey(s)
		found.Slot = s
		return found, err
	}, owner[:], sha256[:])
	if err != nil {
		return Slot{}, err
	}
	for _, s := range slots { // the record stands before a quarantined text of the same hash
		if s.named {
			return s.Slot, nil
		}
	}
	if len(slots) == 0 {
		return Slot{}, fmt.Errorf("postgres: blob slot: %w", ErrRecordUnknown)
	}
	return Slot{}, fmt.Errorf("postgres: blob slot: %w", ErrBlobNotNamed)
}

func objectKey(s Slot) string {
	if s.Quarantined {
		return "q/" + hex.EncodeToString(s.owner[:]) + "/" + s.SHA256.String()
	}
	return "c/" + s.Case.String() + "/" + s.SHA256.String()
}

// storedRow is a row of blobs that may not be there.
type storedRow struct {
	key             *string
	size, at, index *int64
	origin          *string
}

func (db *DB) storedBlob(s Slot, r storedRow) (StoredBlob, error) {
	core, err := seal.BlobReceiptCore(db.config.ReceiptKeyID, seal.BlobReceipt{
		Origin: *r.origin, Record: s.Owner, SHA256: s.SHA256.String(), Size: *r.size, StoredAt: *r.at, Index: *r.index,
	})
	return StoredBlob{Key: *r.key, Size: *r.size, StoredAt: time.UnixMilli(*r.at).UTC(), Index: *r.index, ReceiptCore: core}, err
}

// StoredBlob finds a stored blob. Errors: ErrNotFound (it is missing), ErrRecordUnknown, ErrBlobNotNamed.
func (db *DB) StoredBlob(ctx context.Context, owner record.Hash, sha256 Digest) (StoredBlob, error) {
	slot, err := db.BlobSlot(ctx, owner, sha256)
	if err != nil {
		return StoredBlob{}, err
	}
	if slot.Stored == nil {
		return StoredBlob{}, fmt.Errorf("postgres: stored blob: %w", ErrNotFound)
	}
	return *slot.Stored, nil
}

// Each key's part is read in the order of its index: a bitmap, which one condition on all keys would make, meets the entries of every blob that was
// ever stored, again and again, since only an ordered scan marks the dead ones.
const missingBlobs = `
select r.hash, s.id, s.sha256
from (
  select s.index, s.id, s.sha256
  from (select distinct unnest($1::bytea[]) as kid) k,
    lateral (select index, id, sha256 from blob_slots where kid = k.kid and not stored order by index limit $2) s
  order by s.index, s.id limit $2
) s
join records r on r.index = s.index order by s.index, s.id`

// MissingBlobs lists what the records of those keys name and nobody has brought yet, oldest first.
func (db *DB) MissingBlobs(ctx context.Context, kids []record.KeyID, limit int) ([]MissingBlob, error) {
	return query(ctx, db, "missing blobs", missingBlobs, scanMissing, bytesOf(kids), limit)
}

func scanMissing(row pgx.CollectableRow) (m MissingBlob, err error) {
	var hash, sha256 []byte
	err = row.Scan(&hash, &m.ID, &sha256)
	m.Record, m.SHA256 = hashOf[record.Hash](hash), hashOf[Digest](sha256)
	return m, err
}

// The key of a blob is a SHA-256, so rows from a random point of the index on are a fair sample.
const sampleBlobs = `
(select owner, sha256 from blobs where owner >= $1 order by owner, sha256 limit $2)
union all
(select owner, sha256 from blobs where owner < $1 order by owner, sha256 limit $2)
limit $2`

// SampleBlobs picks up to n stored blobs by chance.
func (db *DB) SampleBlobs(ctx context.Context, n int) ([]Slot, error) {
	var from [32]byte
	if _, err := io.ReadFull(db.config.Random, from[:]); err != nil {
		return nil, err
	}
	picked, err := query(ctx, db, "sample blobs", sampleBlobs, func(row pgx.CollectableRow) (pair [2][32]byte, err error) {
		var owner, sha256 []byte
		err = row.Scan(&owner, &sha256)
		return [2][32]byte{hashOf[[32]byte](owner), hashOf[[32]byte](sha256)}, err
	}, from[:], n)
	if err != nil {
		return nil, err
	}
	var slots []Slot
	for _, pair := range picked {
		slot, err := db.BlobSlot(ctx, pair[0], pair[1])
		if errors.Is(err, ErrRecordUnknown) || errors.Is(err, ErrBlobNotNamed) {
			continue // erased, or decided, since
		}
		if err != nil {
			return nil, err
		}
		if slot.Stored != nil {
			slots = append(slots, slot)
		}
	}
	return slots, nil
}
