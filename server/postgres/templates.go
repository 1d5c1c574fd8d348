package postgres

import (
	"context"
	"fmt"
	"time"

	"tachiai/sync/form"
	"tachiai/sync/history"
	"tachiai/sync/ijson"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// maxBody bounds what is published, in bytes; it must fit into one record.
const maxBody = 44 << 10

// PublishTemplate publishes one version of a form for all phones; body is its JSON (package form). It never changes again.
// Errors: ErrInvalid (not a template, or with words that none may have), ErrConflict (the version is published or built in).
func (db *DB) PublishTemplate(ctx context.Context, body []byte, actor record.ID, now time.Time) error {
	t, err := form.Parse(body)
	if err != nil {
		return fmt.Errorf("postgres: publish template: %w: %w", ErrInvalid, err)
	}
	if faults := form.Banned(t); len(faults) > 0 {
		return fmt.Errorf("postgres: publish template: %w: %s %s", ErrInvalid, faults[0].Pointer, faults[0].Code)
	}
	if _, builtin := form.Lookup(t.ID, t.Version); builtin {
		return fmt.Errorf("postgres: publish template: %w: it is built in", ErrConflict)
	}
	return db.publish(ctx, "publish template", history.Key{Type: history.TypeTemplate, ID: fmt.Sprintf("%s@%d", t.ID, t.Version)}, body,
		Draft{Kind: record.KindTemplatePublished, Actor: actor, Fields: []seal.Content{{Name: "template", Value: t.ID}, {Name: "version", Value: t.Version}}}, now)
}

// publish appends a draft with a body, once for each key.
func (db *DB) publish(ctx context.Context, what string, k history.Key, body []byte, d Draft, now time.Time) error {
	value, err := ijson.Parse(body, ijson.Limits{Bytes: maxBody})
	if err != nil {
		return fmt.Errorf("postgres: %s: %w: %w", what, ErrInvalid, err)
	}
	d.Fields = append(d.Fields, seal.Content{Name: "body", Value: value})
	w := db.work(what, now)
	w.checks = append(w.checks, func() error {
		if w.fold.set[k] != nil {
			return fmt.Errorf("%w: it is published", ErrConflict)
		}
		return nil
	})
	_, err = w.appendOffice(ctx, d)
	return err
}
