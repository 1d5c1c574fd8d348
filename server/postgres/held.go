package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// fullRecord is a held record as it can be folded again. record is nil when the row was spoilt.
type fullRecord struct {
	record   *record.Record
	meta     history.Meta
	receipt  string
	compact  string // as the row has it
	refilled bool   // fields came that were missing
}

const (
	fullColumns = `
select r.index, r.received_at, r.core, r.signature, r.receipt, coalesce(f.fields, '{}'), coalesce(s.fields, '{}'),
  r.flags || array(select l.flag from later_flags l where l.index = r.index order by l.cause, l.flag)
from records r left join fields f on f.index = r.index left join stray_fields s on s.index = r.index`
	findFull     = fullColumns + ` where r.hash = any($1) order by r.index`
	findFullFrom = fullColumns + ` where r.index >= $1 order by r.index limit $2`
)

func scanFull(row pgx.CollectableRow) (f fullRecord, err error) {
	var core, receipt string
	var signature []byte
	var fields, stray, flags []string
	if err := row.Scan(&f.meta.Index, &f.meta.ReceivedAt, &core, &signature, &receipt, &fields, &stray, &flags); err != nil {
		return f, err
	}
	f.receipt, f.compact = receipt, seal.Compact(core, signature, fields)
	for _, flag := range flags {
		if !slices.Contains(f.meta.Flags, record.Flag(flag)) {
			f.meta.Flags = append(f.meta.Flags, record.Flag(flag))
		}
	}
	if r, err := seal.Parse(f.compact); err == nil {
		r.Stray = stray
		f.record = r
	}
	return f, nil
}

// catchUpFields reads in full what this batch brings news of: held records whose missing fields it holds, and held ones that it makes a fork.
// That is rare, and costs round trips of its own.
func (w *work) catchUpFields(ctx context.Context, conn *pgx.Conn) error {
	var wanted []record.Hash
	for hash, e := range w.asked {
		held, ok := w.known.held[hash]
		if ok && len(e.record.Fields) > 0 && held.fields+len(held.tombstones) < len(e.record.SD) {
			wanted = append(wanted, hash)
		}
		if ok || e.record.Office() {
			continue
		}
		for _, p := range []place{{e.record.KeyID, e.record.Seq}, {e.record.KeyID, e.record.Seq + 1}} {
			for _, n := range w.known.places[p] {
				if p.seq == e.record.Seq || n.structure != nil && n.structure.Prev != hash {
					wanted = append(wanted, n.hash)
				}
			}
		}
	}
	if len(wanted) == 0 {
		return nil
	}
	rows, err := conn.Query(ctx, findFull, bytesOf(wanted))
	if err != nil {
		return err
	}
	if w.full, err = pgx.CollectRows(rows, scanFull); err != nil {
		return err
	}
	w.full = slices.DeleteFunc(w.full, func(f fullRecord) bool { return f.record == nil }) // for Verify to name
	for i := range w.full {
		if e := w.asked[w.full[i].record.Hash]; e != nil {
			w.refill(&w.full[i], e.record)
		}
	}
	return w.fold.load(ctx, conn, w.full)
}

// refill gives a held record the fields that came with a later push, save those that an erasure took away.
func (w *work) refill(f *fullRecord, pushed *record.Record) {
	gone := w.known.held[pushed.Hash].tombstones
	var more []string
	for i := range pushed.Fields {
		if !slices.Contains(gone, seal.FieldDigest(pushed.Fields[i].Raw)) {
			more = append(more, pushed.Fields[i].Raw)
		}
	}
	if whole, ok := withFields(f.record, more); ok {
		f.record, f.refilled = whole, true
	}
}

// withFields is r with those of the fields that belong to it and that it does not have; ok is false when there are none.
func withFields(r *record.Record, more []string) (whole *record.Record, ok bool) {
	fields, _ := seal.Missing(r, more)
	if len(fields) == 0 {
		return r, false
	}
	c := *r
	c.Fields = slices.Concat(r.Fields, fields)
	slices.SortFunc(c.Fields, func(a, b record.Field) int {
		return slices.Index(c.SD, seal.FieldDigest(a.Raw)) - slices.Index(c.SD, seal.FieldDigest(b.Raw))
	})
	return &c, true
}

// reapply folds the held records anew of which there is news. Phones hear of it under the last index of this batch; under the next one, when
// the batch brought fields and no record: whoever has read all there is then reads it at once, and again until the ledger has grown.
func (w *work) reapply(end int64) {
	at := end
	if end > w.size {
		at--
	}
	for _, f := range w.full {
		news := f.refilled
		for _, l := range w.later {
			if l.index == f.meta.Index && !slices.Contains(f.meta.Flags, l.flag) {
				f.meta.Flags = append(f.meta.Flags, l.flag)
				news = true
			}
		}
		if news {
			w.fold.apply(f.record, f.meta, at)
		}
	}
}

// Held is a record in the ledger, with what is left of its fields.
type Held struct {
	*record.Record
	Compact     string
	Index       int64
	ReceiptCore string        // the leaf
	Flags       []record.Flag // later ones included
	ReceivedAt  time.Time
}

// Held reads a record. Error: ErrRecordUnknown.
func (db *DB) Held(ctx context.Context, hash record.Hash) (Held, error) {
	list, err := query(ctx, db, "held", findFull, scanFull, [][]byte{hash[:]})
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("postgres: held: %w", ErrRecordUnknown)
	}
	if err != nil {
		return Held{}, err
	}
	f := list[0]
	if f.record == nil {
		return Held{}, fmt.Errorf("postgres: held: record %d: %w", f.meta.Index, ErrSpoilt)
	}
	return heldOf(f), nil
}

// heldOf is what is held of a row.
func heldOf(f fullRecord) Held {
	return Held{f.record, f.compact, f.meta.Index, f.receipt, f.meta.Flags, time.UnixMilli(f.meta.ReceivedAt).UTC()}
}
