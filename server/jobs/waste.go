package jobs

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"tachiai/server/objects"
)

// Documents of disclosures are stored before the record that names them. One that is still unnamed after wasteAge never will be: the server died in
// between, or the record was refused. They are looked at wasteAtOnce at a time.
const (
	wasteAge    = 24 * time.Hour
	wasteAtOnce = 500
)

// Waste removes documents that no disclosure names. They hold what a worker declared, and nobody would find them again to erase them. While the
// ledger is red nothing is removed, and what is older than a restore that lost records stays: it may be all that is left of them.
func (j *Jobs) Waste(ctx context.Context) error {
	if len(j.State().Red) > 0 {
		return ErrRed
	}
	var old []objects.Object
	for o, err := range j.Objects.List(ctx, "d/") {
		if err != nil {
			return fmt.Errorf("jobs: waste: %w", err)
		}
		if j.Now().Sub(o.Modified) < wasteAge {
			continue
		}
		if old = append(old, o); len(old) == wasteAtOnce {
			if err := j.waste(ctx, old); err != nil {
				return err
			}
			old = old[:0]
		}
	}
	return j.waste(ctx, old)
}

func (j *Jobs) waste(ctx context.Context, old []objects.Object) error {
	at := make(map[string]time.Time, len(old))
	for _, o := range old {
		at[o.Key] = o.Modified
	}
	unnamed, err := j.DB.UnnamedDocuments(ctx, at)
	if err != nil {
		return err
	}
	for _, key := range unnamed {
		if err := j.Objects.Delete(ctx, key); err != nil {
			return fmt.Errorf("jobs: waste: %w", err)
		}
		j.Log.Warn("a document that no disclosure names was removed", slog.String("key", key))
	}
	return nil
}
