package postgres

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/history"
	"tachiai/sync/record"
)

// grounds are what a disclosure stands on: the declaration's consent, its case, the review of its visit, and its photos. They are judged when it
// is prepared, approved, linked and opened, and at every step of whoever reads it.
type grounds struct {
	caseID, visit record.ID
	photos        bool
	pictures      []picture
}

// The consents that a disclosure needs, by the keys of the papers.
const (
	consentClient = "consent_client"
	consentPhotos = "consent_photos"
)

// groundsOf judges what never changes: what the worker agreed to when he signed. Error: ErrConsent.
func groundsOf(declaration Held, photos bool, pictures ...picture) (grounds, error) {
	g := grounds{declaration.Case, declaration.Visit, photos, pictures}
	if declaration.Kind != record.KindDeclarationSigned || !consented(declaration.Record, consentClient) ||
		photos && !consented(declaration.Record, consentPhotos) {
		return g, ErrConsent
	}
	return g, nil
}

func consented(r *record.Record, key string) bool {
	presentation, _ := r.Field("presentation")
	for _, c := range presentation.Get("consents").Elements() {
		if name, _ := c.Get("key").Text(); name == key {
			given, _ := c.Get("given").Bool()
			return given
		}
	}
	return false
}

func (g grounds) keys() []history.Key {
	keys := []history.Key{
		{Type: history.TypeCase, ID: g.caseID.String()}, {Type: history.TypeVisit, ID: g.caseID.String() + "/" + g.visit.String()},
	}
	for _, p := range g.pictures {
		if !slices.Contains(keys, p.visit) {
			keys = append(keys, p.visit)
		}
	}
	return keys
}

// judge looks at what may change. Errors: ErrNotFound, ErrPractice, ErrVoid, ErrConsent, ErrNotReviewed, ErrHidden, ErrSpoilt.
func (g grounds) judge(set history.Set) error {
	c, _ := set[g.keys()[0]].(*history.Case)
	v, _ := set[g.keys()[1]].(*history.Visit)
	switch {
	case c == nil || !c.Known():
		return ErrNotFound
	case c.Practice:
		return ErrPractice
	case c.Voided != nil:
		return ErrVoid
	case slices.Contains(c.Withdrawn, "all"), slices.Contains(c.Withdrawn, "disclosure"), g.photos && slices.Contains(c.Withdrawn, "photos"):
		return ErrConsent
	case v == nil || v.Review == nil || v.Review.Decision != "approved":
		return ErrNotReviewed
	}
	for _, p := range g.pictures {
		if err := p.judge(set); err != nil {
			return err
		}
	}
	return nil
}

// reviewedBy reports whether a member has decided on the visit, at any time.
func (g grounds) reviewedBy(set history.Set, member record.ID) bool {
	v, _ := set[g.keys()[1]].(*history.Visit)
	return v != nil && slices.ContainsFunc(v.Records, func(r history.Ref) bool { return r.Kind == record.KindReviewDecided && r.Actor == member })
}

// readStates reads states under the lock, beside those that the fold moves.
func (w *work) readStates(keys ...history.Key) history.Set {
	set := history.Set{}
	types, ids := columns(keys)
	w.reads = append(w.reads, func(b *pgx.Batch) {
		b.Queue(findStates, types, ids).Query(func(rows pgx.Rows) error { return readSet(rows, set) })
	})
	return set
}

// readInto reads states as they are now.
func (db *DB) readInto(ctx context.Context, set history.Set, keys ...history.Key) error {
	types, ids := columns(keys)
	rows, err := db.pool.Query(ctx, findStates, types, ids)
	if err == nil {
		err = readSet(rows, set)
	}
	return wrap("states", err)
}

func columns(keys []history.Key) (types, ids []string) {
	for _, k := range keys {
		types, ids = append(types, string(k.Type)), append(ids, k.ID)
	}
	return types, ids
}

func readSet(rows pgx.Rows, set history.Set) error {
	var kind, id string
	var body []byte
	_, err := pgx.ForEachRow(rows, []any{&kind, &id, &body}, func() (err error) {
		k := history.Key{Type: history.Type(kind), ID: id}
		set[k], err = history.Decode(k, body)
		return err
	})
	return err
}

// standOn makes the work fail unless the grounds hold under the lock.
func (w *work) standOn(g grounds) {
	states := w.readStates(g.keys()...)
	w.checks = append(w.checks, func() error { return g.judge(states) })
}

// Disclosable judges whether a declaration, with photos or without, may be disclosed now. Errors: those of PrepareDisclosure.
func (db *DB) Disclosable(ctx context.Context, declaration Held, photos bool) error {
	g, err := groundsOf(declaration, photos)
	if err != nil {
		return wrap("grounds", err)
	}
	return db.holds(ctx, g)
}

// Stands judges whether what a disclosure stands on still holds: whether its recipient may be shown it. Errors: those of PrepareDisclosure.
func (db *DB) Stands(ctx context.Context, h Handout) error {
	g, err := h.grounds()
	if err != nil {
		return wrap("grounds", err)
	}
	return db.holds(ctx, g)
}

// holds judges grounds as they are now. Errors: those of judge.
func (db *DB) holds(ctx context.Context, g grounds) error {
	set := history.Set{}
	if err := db.readInto(ctx, set, g.keys()...); err != nil {
		return err
	}
	return wrap("grounds", g.judge(set))
}
