package postgres

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/history"
	"tachiai/sync/record"
)

// Difference is a state that is not what the records make of it.
type Difference struct{ Type, ID, Text string }

// RebuildSummary is what Rebuild has looked at.
type RebuildSummary struct {
	Records, States, Tombstones, Differences int64
	Applied                                  bool
}

const (
	rebuildPage   = 500
	allStates     = `select type, id, body from states`
	countTombs    = `select count(*) from tombstones`
	lockForWrites = `select size from ledger for update`
	deleteStates  = `delete from states s using unnest($1::text[], $2::text[]) as k (type, id) where s.type = k.type and s.id = k.id`
)

// Rebuild folds all records anew, in ledger order, and reports every state that differs from what is stored. With apply it replaces those, in the
// same transaction and under the ledger's lock: nobody appends meanwhile, phones hear of what changed, and the office's lists are made anew. Without
// it stops nobody. Only states are compared; sessions, uploads, quarantine and the like are not ledger matter. Error: ErrSpoilt, when a record
// cannot be read.
func (db *DB) Rebuild(ctx context.Context, apply bool, report func(Difference)) (RebuildSummary, error) {
	var summary RebuildSummary
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	if apply {
		options = pgx.TxOptions{}
	}
	err := pgx.BeginTxFunc(ctx, db.pool, options, func(tx pgx.Tx) error {
		var size int64
		lock := `select size from ledger`
		if apply {
			lock = lockForWrites
		}
		if err := tx.QueryRow(ctx, lock).Scan(&size); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, countTombs).Scan(&summary.Tombstones); err != nil {
			return err
		}
		f := fold{set: history.Set{}, changed: map[history.Key]int64{}}
		if err := f.foldAll(ctx, tx, &summary); err != nil {
			return err
		}
		w := db.work("rebuild", time.Time{})
		gone, err := w.compareStates(ctx, tx, &f, size, &summary, report)
		if err != nil || !apply {
			return err
		}
		if summary.Applied = summary.Differences > 0; summary.Applied {
			if err := w.replaceStates(ctx, tx, gone); err != nil {
				return err
			}
		}
		return makeLists(ctx, tx)
	})
	return summary, wrap("rebuild", err)
}

func (f *fold) foldAll(ctx context.Context, tx pgx.Tx, summary *RebuildSummary) error {
	for from := int64(0); ; {
		rows, err := tx.Query(ctx, findFullFrom, from, rebuildPage)
		if err != nil {
			return err
		}
		page, err := pgx.CollectRows(rows, scanFull)
		if err != nil {
			return err
		}
		for _, r := range page {
			if r.record == nil {
				return fmt.Errorf("record %d: %w", r.meta.Index, ErrSpoilt)
			}
			f.apply(r.record, r.meta, r.meta.Index)
			from = r.meta.Index + 1
		}
		summary.Records += int64(len(page))
		if len(page) < rebuildPage {
			summary.States = int64(len(f.set))
			return nil
		}
	}
}

// compareStates finds what differs, puts into the work's fold what has to be written, and returns what no record accounts for.
func (w *work) compareStates(ctx context.Context, tx pgx.Tx, f *fold, size int64, summary *RebuildSummary, report func(Difference)) (gone []history.Key, err error) {
	w.fold = fold{set: f.set, before: map[record.ID][]record.ID{}, changed: map[history.Key]int64{}}
	differ := func(k history.Key, text string) {
		summary.Differences++
		report(Difference{string(k.Type), k.ID, text})
		if _, ok := f.set[k]; ok {
			w.fold.order = append(w.fold.order, k)
			w.fold.changed[k] = size
		}
	}
	rows, err := tx.Query(ctx, allStates)
	if err != nil {
		return nil, err
	}
	seen := map[history.Key]bool{}
	var kind, id string
	var body []byte
	if _, err := pgx.ForEachRow(rows, []any{&kind, &id, &body}, func() error {
		k := history.Key{Type: history.Type(kind), ID: id}
		seen[k] = true
		if _, moved := f.changed[k]; !moved {
			differ(k, "stands in no record: it was inserted")
			gone = append(gone, k)
			return nil
		}
		want, err := history.Encode(f.set[k])
		if err != nil {
			return err
		}
		stored, err := history.Decode(k, body)
		if err != nil {
			differ(k, "cannot be read")
			return nil
		}
		if c, ok := stored.(*history.Case); ok {
			w.fold.before[c.ID] = slices.Clone(c.Assignees)
		}
		got, err := history.Encode(stored)
		if err != nil {
			return err
		}
		if equal, err := sameJSON(got, want); err != nil || !equal {
			differ(k, "is not what the records make of it")
			return err
		}
		return nil
	}); err != nil {
		return nil, err
	}
	var missing []history.Key
	for k := range f.changed {
		if !seen[k] {
			missing = append(missing, k)
		}
	}
	slices.SortFunc(missing, func(a, b history.Key) int { return strings.Compare(string(a.Type)+a.ID, string(b.Type)+b.ID) })
	for _, k := range missing {
		differ(k, "is missing")
	}
	return gone, nil
}

// sameJSON compares two texts whatever the order of their members: rows that an older program wrote came through jsonb, which keeps none.
func sameJSON(a, b []byte) (bool, error) {
	if bytes.Equal(a, b) {
		return true, nil
	}
	var texts [2][]byte
	for i, text := range [][]byte{a, b} {
		var v any
		d := json.NewDecoder(bytes.NewReader(text))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			return false, err
		}
		var err error
		if texts[i], err = json.Marshal(v); err != nil {
			return false, err
		}
	}
	return bytes.Equal(texts[0], texts[1]), nil
}

// replaceStates writes what the records make of the states, and tells the phones.
func (w *work) replaceStates(ctx context.Context, tx pgx.Tx, gone []history.Key) error {
	batch := &pgx.Batch{}
	var types, ids []string
	for _, k := range gone {
		types, ids = append(types, string(k.Type)), append(ids, k.ID)
	}
	batch.Queue(deleteStates, types, ids)
	if err := w.queueStates(batch); err != nil {
		return err
	}
	return tx.SendBatch(ctx, batch).Close()
}
