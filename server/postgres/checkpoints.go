package postgres

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/ledger"
)

// Checkpoint is a published state of the ledger.
type Checkpoint struct {
	ledger.Checkpoint
	Note        []byte // as signed
	PublishedAt time.Time
}

const readLedger = `select origin, size, edge from ledger`

// Head reads what is committed now: origin, size and root.
func (db *DB) Head(ctx context.Context) (ledger.Checkpoint, error) {
	var c ledger.Checkpoint
	var edge []byte
	if err := one(ctx, db, "head", readLedger, nil, &c.Origin, &c.Size, &edge); err != nil {
		return c, err
	}
	e, err := ledger.ParseEdge(c.Size, edge)
	if err != nil {
		return c, fmt.Errorf("postgres: head: %w", err)
	}
	c.Root = e.Root()
	return c, nil
}

const (
	publishLock      = 0x7461636869616902
	lockPublish      = `select pg_advisory_xact_lock($1)`
	latestCheckpoint = `
select c.origin, c.size, c.root, c.note, c.published_at
from checkpoints c join ledger l on l.origin = c.origin order by c.size desc limit 1`
	publishCheckpoint = `insert into checkpoints (origin, size, root, note, published_at) values ($1, $2, $3, $4, $5)`
)

// PublishCheckpoint makes a signed checkpoint the last published one; the caller has mirrored it before. It must be of the present origin and
// larger than the last; the same size and root again changes nothing. Two servers publish one after the other.
// Errors: ErrNotGrowing, ErrBehind (larger than the ledger), ErrForked (another root or origin).
func (db *DB) PublishCheckpoint(ctx context.Context, c Checkpoint, now time.Time) error {
	if err := db.CheckAgainst(ctx, c.Checkpoint); err != nil {
		return err
	}
	return db.transact(ctx, "publish checkpoint", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, lockPublish, int64(publishLock)); err != nil {
			return err
		}
		last, err := scanCheckpoint(tx.QueryRow(ctx, latestCheckpoint))
		switch {
		case errors.Is(err, pgx.ErrNoRows):
		case err != nil:
			return err
		case last.Checkpoint == c.Checkpoint:
			return nil
		case last.Size >= c.Size:
			return ErrNotGrowing
		}
		_, err = tx.Exec(ctx, publishCheckpoint, c.Origin, c.Size, c.Root[:], c.Note, now.UnixMilli())
		return err
	})
}

func scanCheckpoint(row pgx.Row) (c Checkpoint, err error) {
	var root []byte
	var at int64
	err = row.Scan(&c.Origin, &c.Size, &root, &c.Note, &at)
	c.Root, c.PublishedAt = hashOf[ledger.Hash](root), time.UnixMilli(at).UTC()
	return c, err
}

// LatestCheckpoint reads the last published checkpoint of the present origin. Error: ErrNotFound.
func (db *DB) LatestCheckpoint(ctx context.Context) (Checkpoint, error) {
	c, err := scanCheckpoint(db.pool.QueryRow(ctx, latestCheckpoint))
	return c, wrap("latest checkpoint", err)
}

const closedOrigin = `select size, root from origins where old = $1`

// CheckAgainst holds the database against a checkpoint that was once published, as a start does with the highest one that it finds outside.
// Errors: ErrBehind, when the ledger is shorter: it was restored from the past; ErrForked, when it has another root there, or never had that
// origin. A checkpoint of a former origin is good when its loss was accepted (AcceptLoss), else ErrBehind.
func (db *DB) CheckAgainst(ctx context.Context, c ledger.Checkpoint) error {
	head, err := db.Head(ctx)
	if err != nil {
		return err
	}
	if c.Origin != head.Origin {
		return db.checkClosed(ctx, c)
	}
	if c.Size > head.Size {
		return fmt.Errorf("postgres: check against checkpoint %d: %w: it holds %d", c.Size, ErrBehind, head.Size)
	}
	root, err := db.RootAt(ctx, c.Size)
	if err != nil {
		return err
	}
	if root != c.Root {
		return fmt.Errorf("postgres: check against checkpoint %d: %w", c.Size, ErrForked)
	}
	return nil
}

func (db *DB) checkClosed(ctx context.Context, c ledger.Checkpoint) error {
	var size int64
	var root []byte
	err := one(ctx, db, "check against checkpoint", closedOrigin, []any{c.Origin}, &size, &root)
	switch {
	case errors.Is(err, ErrNotFound):
		return fmt.Errorf("postgres: check against checkpoint of %s: %w", c.Origin, ErrForked)
	case err != nil:
		return err
	case c.Size > size:
		return fmt.Errorf("postgres: check against checkpoint %d of %s: %w: it was closed at %d", c.Size, c.Origin, ErrBehind, size)
	}
	return nil
}

const listOrigins = `(select old from origins order by index) union all (select origin from ledger)`

// Origins lists the names that the ledger has had, oldest first, the present one last.
func (db *DB) Origins(ctx context.Context) ([]string, error) {
	return query(ctx, db, "origins", listOrigins, pgx.RowTo[string])
}
