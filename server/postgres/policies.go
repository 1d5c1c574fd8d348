package postgres

import (
	"context"
	"fmt"
	"time"

	"tachiai/sync/history"
	"tachiai/sync/policy"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// PublishPolicy publishes a version of the conduct policy for all phones; body is its JSON (package policy). The one published last is in force.
// Errors: ErrInvalid, ErrConflict (the version is published or built in).
func (db *DB) PublishPolicy(ctx context.Context, body []byte, actor record.ID, now time.Time) error {
	p, err := policy.Parse(body)
	if err != nil {
		return fmt.Errorf("postgres: publish policy: %w: %w", ErrInvalid, err)
	}
	if p.Version == policy.JP1.Version {
		return fmt.Errorf("postgres: publish policy: %w: it is built in", ErrConflict)
	}
	return db.publish(ctx, "publish policy", history.Key{Type: history.TypePolicy, ID: p.Version}, body,
		Draft{Kind: record.KindPolicyPublished, Actor: actor, Fields: []seal.Content{{Name: "version", Value: p.Version}}}, now)
}

// breaksPolicy evaluates the conduct policy again, on what the server knows of the case at this place in the ledger. It is the policy that the
// phone names, as far as it is known, else the built-in one.
func (w *work) breaksPolicy(r *record.Record) bool {
	switch r.Kind {
	case record.KindPhotoCaptured:
		p := w.policyOf(r)
		for _, b := range r.BlobFields() {
			if b.Of == "" && len(policy.Photo(p, b.Role, r.Text("note"))) > 0 {
				return true
			}
		}
	case record.KindVisitStarted:
		if c := w.fold.caseOf(r); c != nil {
			p, at := w.policyOf(r), time.UnixMilli(r.Corrected())
			return len(policy.Visit(p, at, factsOf(p, c, r, at))) > 0
		}
	}
	return false
}

func (w *work) policyOf(r *record.Record) policy.Policy {
	s, ok := w.fold.set[history.Key{Type: history.TypePolicy, ID: r.Policy}].(*history.Policy)
	if !ok {
		return policy.JP1
	}
	if p, ok := w.db.policies.Load(s.Version); ok {
		return p.(policy.Policy)
	}
	p, err := policy.Parse(s.Body)
	if err != nil {
		return policy.JP1 // published by a newer program, in a form that this one does not know
	}
	w.db.policies.Store(s.Version, p) // a published version never changes
	return p
}

// factsOf is what a case knew when a visit started: contacts before its first visit, its earlier visits, and whether the worker wanted none.
func factsOf(p policy.Policy, c *history.Case, r *record.Record, at time.Time) policy.Facts {
	var f policy.Facts
	var began []time.Time
	first := at.UnixMilli()
	for i := range c.Visits {
		v := &c.Visits[i]
		if v.Visit == r.Visit {
			continue
		}
		began = append(began, time.UnixMilli(v.From))
		first = min(first, v.From)
		f.Disputed = f.Disputed || v.Outcome == record.OutcomeDisputed && v.From < at.UnixMilli()
	}
	f.VisitsToday, f.VisitsWeek = policy.Count(p, at, began)
	for i := range c.Attempts {
		a := &c.Attempts[i]
		if a.At < first {
			f.Attempts++
		}
		if a.At < at.UnixMilli() {
			f.ToldNotToCome = f.ToldNotToCome || a.Result == string(record.ContactDoNotCome)
			f.Disputed = f.Disputed || a.Result == string(record.ContactDisputed)
		}
	}
	_, f.AgreedHours = r.Field("agreed_hours")
	return f
}
