package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Review is a decision of the office on a visit.
type Review struct {
	Case, Visit record.ID
	Decision    string // approved, returned or held; the last two want a reason
	Reason      string
	Records     []record.Hash // what the reviewer has seen
}

// ReviewVisit decides on a visit; the rep hears of it, with the reason, in his case. Who approves has seen all that the phones have brought of it:
// the check is made under the ledger's lock, so nothing slips in between. Errors: ErrNotFound (no such visit), ErrOutdated (it has records that are
// not among those seen), ErrOwnVisit (the reviewer was there himself), ErrInvalid.
func (db *DB) ReviewVisit(ctx context.Context, r Review, actor record.ID, now time.Time) error {
	w := db.work("review visit", now)
	w.checks = append(w.checks, func() error {
		key := history.Key{Type: history.TypeVisit, ID: r.Case.String() + "/" + r.Visit.String()}
		v, ok := w.fold.set[key].(*history.Visit)
		if !ok || !slices.ContainsFunc(v.Records, byPhone) {
			return fmt.Errorf("visit: %w", ErrNotFound)
		}
		return judgeReview(r, v, actor)
	})
	fields := text([]seal.Content{{Name: "decision", Value: r.Decision}}, "reason", r.Reason)
	fields = append(fields, seal.Content{Name: "records", Value: r.Records})
	_, err := w.appendOffice(ctx, Draft{Kind: record.KindReviewDecided, Case: r.Case, Visit: r.Visit, Actor: actor, Fields: fields})
	return err
}

func byPhone(r history.Ref) bool { return !r.Device.IsZero() }

func judgeReview(r Review, v *history.Visit, actor record.ID) error {
	seen := make(map[record.Hash]bool, len(r.Records))
	for _, hash := range r.Records {
		seen[hash] = true
	}
	for i := range v.Records {
		ref := &v.Records[i]
		if byPhone(*ref) && ref.Actor == actor {
			return ErrOwnVisit
		}
		if byPhone(*ref) && r.Decision == "approved" && !seen[ref.Record] {
			return ErrOutdated
		}
		delete(seen, ref.Record)
	}
	if len(seen) > 0 {
		return fmt.Errorf("%w: records of another visit", ErrInvalid)
	}
	return nil
}

// AnswerFlag explains a flag that a record of the case has. An answer may be given again. Errors: ErrNotFound (no such record in this case, or
// without that flag), ErrInvalid.
func (db *DB) AnswerFlag(ctx context.Context, caseID record.ID, hash record.Hash, flag record.Flag, answer string, actor record.ID, now time.Time) error {
	held, err := db.Held(ctx, hash)
	if err != nil {
		return err
	}
	if held.Case != caseID || !slices.Contains(held.Flags, flag) {
		return fmt.Errorf("postgres: answer flag: %w", ErrNotFound)
	}
	_, err = db.work("answer flag", now).appendOffice(ctx, Draft{Kind: record.KindFlagAnswered, Case: caseID, Visit: held.Visit, Actor: actor, Fields: []seal.Content{
		{Name: "record", Value: hash}, {Name: "flag", Value: string(flag)}, {Name: "answer", Value: answer},
	}})
	return err
}
