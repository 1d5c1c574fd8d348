package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Draft is what the office has to say, before it is sealed. Actor is the member who does it.
type Draft struct {
	Kind        record.Kind
	Case, Visit record.ID
	Actor       record.ID
	Fields      []seal.Content
	Blobs       []record.BlobSlot
	Amends      record.Hash
}

// Appended is a record that the office has added to the ledger.
type Appended struct {
	Record      *record.Record
	Index       int64
	ReceiptCore string // to be signed by the receipt key
}

// reserved are the kinds that change more than states, and have a method of their own.
var reserved = []record.Kind{
	record.KindDeviceEnrolled, record.KindDeviceRevoked, record.KindQuarantineReleased, record.KindQuarantineRejected,
	record.KindOriginOpened, record.KindErasureDone,
}

// AppendOffice seals drafts with the office key and appends them in their order, in one transaction. The office is held to its schemas: a draft
// that fails its kind's is ErrInvalid, and then nothing is appended.
func (db *DB) AppendOffice(ctx context.Context, now time.Time, drafts ...Draft) ([]Appended, error) {
	w := db.work("append", now)
	for _, d := range drafts {
		if slices.Contains(reserved, d.Kind) {
			return nil, fmt.Errorf("postgres: append: %w: %s has a method of its own", ErrInvalid, d.Kind)
		}
	}
	return w.appendOffice(ctx, drafts...)
}

// appendOffice adds the drafts to the work and commits it.
func (w *work) appendOffice(ctx context.Context, drafts ...Draft) ([]Appended, error) {
	var own []*entry
	for _, d := range drafts {
		e, err := w.draft(d)
		if err != nil {
			return nil, err
		}
		own = append(own, e)
	}
	if err := w.commit(ctx); err != nil {
		return nil, err
	}
	list := make([]Appended, len(own))
	for i, e := range own {
		list[i] = Appended{e.record, e.index, e.receipt}
	}
	return list, nil
}

// draft seals one and takes it into the work.
func (w *work) draft(d Draft) (*entry, error) {
	c := w.db.config
	_, r, err := seal.Seal(record.Structure{
		ID: record.NewID(w.now, c.Random), Kind: d.Kind, Case: d.Case, Visit: d.Visit, At: w.now.UnixMilli(), Actor: d.Actor, App: c.App,
		Blobs: d.Blobs, Amends: d.Amends,
	}, d.Fields, c.Office, c.Random)
	if err != nil {
		return nil, fmt.Errorf("postgres: %s: %w: %w", w.what, ErrInvalid, err)
	}
	if faults := record.CheckSchema(r); len(faults) > 0 {
		return nil, fmt.Errorf("postgres: %s: %w", w.what, &SchemaError{faults})
	}
	e := newEntry(r, nil, w.now)
	w.take(e)
	return e, nil
}

// text adds a field unless it is empty.
func text(fields []seal.Content, name, value string) []seal.Content {
	if value == "" {
		return fields
	}
	return append(fields, seal.Content{Name: name, Value: value})
}
