package postgres

import (
	"context"
	"fmt"
	"time"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// NewCase is a case to be opened. Facts are the fields of case.opened; number, worker_name, client and item are required.
type NewCase struct {
	ID      record.ID // zero = a new one
	Facts   []seal.Content
	Members []record.ID // who gets it at once; may be empty
}

// OpenCase opens a case and assigns it, in one transaction. Errors: ErrConflict (the office has opened it before), ErrInvalid.
func (db *DB) OpenCase(ctx context.Context, c NewCase, actor record.ID, now time.Time) (record.ID, error) {
	if c.ID.IsZero() {
		c.ID = record.NewID(now, db.config.Random)
	}
	w := db.work("open case", now)
	w.checks = append(w.checks, func() error {
		if held := w.caseHeld(c.ID); held != nil && held.Known() {
			return ErrConflict
		}
		return nil
	})
	drafts := []Draft{{Kind: record.KindCaseOpened, Case: c.ID, Actor: actor, Fields: c.Facts}}
	if len(c.Members) > 0 {
		drafts = append(drafts, assignment(c.ID, c.Members, "", actor))
	}
	_, err := w.appendOffice(ctx, drafts...)
	return c.ID, err
}

// AssignCase gives a case to those members and to no others; the reason may be "". Their phones get the whole case, those of the others a remove.
// Errors: ErrNotFound (no such case), ErrInvalid.
func (db *DB) AssignCase(ctx context.Context, id record.ID, members []record.ID, reason string, actor record.ID, now time.Time) error {
	_, err := db.changing("assign case", id, now).appendOffice(ctx, assignment(id, members, reason, actor))
	return err
}

func assignment(id record.ID, members []record.ID, reason string, actor record.ID) Draft {
	if members == nil {
		members = []record.ID{}
	}
	fields := text([]seal.Content{{Name: "members", Value: members}}, "reason", reason)
	return Draft{Kind: record.KindCaseAssigned, Case: id, Actor: actor, Fields: fields}
}

// ChangeCase changes facts of a case, or moves it on with the field "to". Errors: ErrNotFound, ErrInvalid.
func (db *DB) ChangeCase(ctx context.Context, id record.ID, fields []seal.Content, actor record.ID, now time.Time) error {
	_, err := db.changing("change case", id, now).appendOffice(ctx, Draft{Kind: record.KindCaseChanged, Case: id, Actor: actor, Fields: fields})
	return err
}

// VoidCase takes back a case that was opened by mistake, or that is the same as another (merged, or zero). Errors: ErrNotFound (the case, or the
// other one), ErrConflict (it is void), ErrInvalid.
func (db *DB) VoidCase(ctx context.Context, id, merged record.ID, reason string, actor record.ID, now time.Time) error {
	fields := []seal.Content{{Name: "reason", Value: reason}}
	if !merged.IsZero() {
		fields = append(fields, seal.Content{Name: "merged_into", Value: merged})
	}
	w := db.changing("void case", id, now)
	w.checks = append(w.checks, func() error {
		if other := w.caseHeld(merged); !merged.IsZero() && (other == nil || !other.Known() || other.Voided != nil) {
			return fmt.Errorf("the other case: %w", ErrNotFound)
		}
		if w.caseHeld(id).Voided != nil {
			return ErrConflict
		}
		return nil
	})
	_, err := w.appendOffice(ctx, Draft{Kind: record.KindCaseVoided, Case: id, Actor: actor, Fields: fields})
	return err
}

// changing is work on a case that must have been opened.
func (db *DB) changing(what string, id record.ID, now time.Time) *work {
	w := db.work(what, now)
	w.checks = append(w.checks, func() error {
		if c := w.caseHeld(id); c == nil || !c.Known() {
			return fmt.Errorf("case: %w", ErrNotFound)
		}
		return nil
	})
	return w
}

func (w *work) caseHeld(id record.ID) *history.Case {
	c, _ := w.fold.set[history.Key{Type: history.TypeCase, ID: id.String()}].(*history.Case)
	return c
}

// Case reads a case. Error: ErrNotFound.
func (db *DB) Case(ctx context.Context, id record.ID) (*history.Case, error) {
	return state[*history.Case](ctx, db, history.Key{Type: history.TypeCase, ID: id.String()})
}

// CaseFile reads a case with its disclosures, in the order of their preparation. Error: ErrNotFound.
func (db *DB) CaseFile(ctx context.Context, id record.ID) (*history.Case, []*history.Disclosure, error) {
	c, err := db.Case(ctx, id)
	if err != nil || len(c.Disclosures) == 0 {
		return c, []*history.Disclosure{}, err
	}
	keys := make([]history.Key, len(c.Disclosures))
	for i, id := range c.Disclosures {
		keys[i] = history.Key{Type: history.TypeDisclosure, ID: id.String()}
	}
	set := history.Set{}
	if err := db.readInto(ctx, set, keys...); err != nil {
		return nil, nil, err
	}
	list := make([]*history.Disclosure, 0, len(keys))
	for _, k := range keys {
		if d, ok := set[k].(*history.Disclosure); ok {
			list = append(list, d)
		}
	}
	return c, list, nil
}

// Cases reads all cases.
func (db *DB) Cases(ctx context.Context) ([]*history.Case, error) {
	return states[*history.Case](ctx, db, history.TypeCase)
}

// Visit reads a visit of a case. Error: ErrNotFound.
func (db *DB) Visit(ctx context.Context, caseID, id record.ID) (*history.Visit, error) {
	return state[*history.Visit](ctx, db, history.Key{Type: history.TypeVisit, ID: caseID.String() + "/" + id.String()})
}
