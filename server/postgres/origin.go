package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

const (
	renameLedger = `update ledger set origin = $1`
	closeOrigin  = `insert into origins (index, old, new, size, root) values ($1, $2, $3, $4, $5)`
	originUsed   = `select exists (select from origins where old = $1 or new = $1)`
)

// AcceptLoss goes on after a restore that lost what was published: the leaves that are there stay, the ledger gets a new name, and origin.opened,
// its first record under that name, says what the old one had published. From then on phones hold their receipts for void until the server
// has confirmed them anew. lost is the highest checkpoint that is known from outside.
// Errors: ErrConflict (nothing is lost, or the name was used), ErrInvalid (not a name).
func (db *DB) AcceptLoss(ctx context.Context, lost ledger.Checkpoint, newOrigin string, actor record.ID, now time.Time) (Appended, error) {
	if err := ledger.CheckOrigin(newOrigin); err != nil {
		return Appended{}, fmt.Errorf("postgres: accept loss: %w: %w", ErrInvalid, err)
	}
	err := db.CheckAgainst(ctx, lost)
	if err == nil {
		return Appended{}, fmt.Errorf("postgres: accept loss: %w: nothing is lost", ErrConflict)
	}
	if !errors.Is(err, ErrBehind) && !errors.Is(err, ErrForked) {
		return Appended{}, err
	}
	w := db.work("accept loss", now)
	used := false
	w.reads = append(w.reads, func(b *pgx.Batch) {
		b.Queue(originUsed, newOrigin).QueryRow(func(row pgx.Row) error { return row.Scan(&used) })
	})
	w.checks = append(w.checks, func() error {
		if w.standing.Origin != lost.Origin || used || newOrigin == lost.Origin {
			return ErrConflict
		}
		w.standing.Origin = newOrigin
		return nil
	})
	w.writes = append(w.writes, func(b *pgx.Batch) {
		b.Queue(renameLedger, newOrigin)
		b.Queue(closeOrigin, w.size, lost.Origin, newOrigin, lost.Size, lost.Root[:])
	})
	list, err := w.appendOffice(ctx, Draft{Kind: record.KindOriginOpened, Actor: actor, Fields: []seal.Content{
		{Name: "old", Value: lost.Origin}, {Name: "new", Value: newOrigin}, {Name: "size", Value: lost.Size}, {Name: "root", Value: record.Hash(lost.Root)},
	}})
	if err != nil {
		return Appended{}, err
	}
	return list[0], nil
}
