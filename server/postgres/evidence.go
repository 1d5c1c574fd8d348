package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/record"
)

// Evidence is a held record, and which of its blobs are here.
type Evidence struct {
	Held
	Stored map[string]bool // by the blob's id in its record
}

const (
	findFullByIndex = fullColumns + ` where r.index = any($1) order by r.index`
	findStoredSlots = `select index, id from blob_slots where index = any($1) and stored`
)

// Evidence reads a record with its blobs. Error: ErrRecordUnknown.
func (db *DB) Evidence(ctx context.Context, hash record.Hash) (Evidence, error) {
	held, err := db.Held(ctx, hash)
	if err != nil {
		return Evidence{}, err
	}
	stored, err := db.storedSlots(ctx, []int64{held.Index})
	return Evidence{held, stored[held.Index]}, err
}

// EvidenceAt reads records by their places in the ledger, in the order of indexes; those that are not there are left out. What somebody has spoilt so
// that it is no record any more has a Compact and no Record: whoever verifies it sees what is wrong.
func (db *DB) EvidenceAt(ctx context.Context, indexes []int64) ([]Evidence, error) {
	full, err := query(ctx, db, "evidence", findFullByIndex, scanFull, indexes)
	if err != nil {
		return nil, err
	}
	stored, err := db.storedSlots(ctx, indexes)
	if err != nil {
		return nil, err
	}
	found := make(map[int64]fullRecord, len(full))
	for _, f := range full {
		found[f.meta.Index] = f
	}
	list := make([]Evidence, 0, len(full))
	for _, index := range indexes {
		if f, ok := found[index]; ok {
			list = append(list, Evidence{heldOf(f), stored[index]})
		}
	}
	return list, nil
}

// storedSlots finds the blobs that are here, by record and id.
func (db *DB) storedSlots(ctx context.Context, indexes []int64) (map[int64]map[string]bool, error) {
	stored := map[int64]map[string]bool{}
	rows, err := db.pool.Query(ctx, findStoredSlots, indexes)
	if err != nil {
		return nil, wrap("stored slots", err)
	}
	var index int64
	var id string
	_, err = pgx.ForEachRow(rows, []any{&index, &id}, func() error {
		if stored[index] == nil {
			stored[index] = map[string]bool{}
		}
		stored[index][id] = true
		return nil
	})
	return stored, wrap("stored slots", err)
}
