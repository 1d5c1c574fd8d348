package postgres

import (
	"context"
	"time"
)

// Standing is what every answer to a phone says about the ledger.
type Standing struct {
	Origin    string
	Size      int64
	SafeIndex int64 // last index inside a finished backup, −1 for none
}

// safeAge is how old a published checkpoint must be to count as safe where no backups are configured.
const safeAge = 7 * 24 * time.Hour

const (
	safeByBackup     = `(select max(index) from backups where finished_at is not null and $1::bigint is not null)`
	safeByCheckpoint = `(select size - 1 from checkpoints where published_at <= $1 order by published_at desc, id desc limit 1)`
)

// standing is the select list of a query on the ledger's row whose first argument is safeBefore(now).
func (db *DB) standing() string {
	safe := safeByCheckpoint
	if db.config.Backups {
		safe = safeByBackup
	}
	return `origin, size, least(coalesce(` + safe + `, -1), size - 1)`
}

func safeBefore(now time.Time) int64 { return now.Add(-safeAge).UnixMilli() }

// Standing reads where the ledger stands.
func (db *DB) Standing(ctx context.Context, now time.Time) (s Standing, err error) {
	err = one(ctx, db, "standing", `select `+db.standing()+` from ledger`, []any{safeBefore(now)}, &s.Origin, &s.Size, &s.SafeIndex)
	return s, err
}
