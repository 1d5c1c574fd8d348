package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	readSize     = `select size - 1 from ledger`
	waitStores   = `select pg_advisory_xact_lock($1)`
	beginBackup  = `insert into backups (index, started_at) values ($1, $2)`
	finishBackup = `update backups set finished_at = $2 where index = $1 and finished_at is null`
)

// BeginBackup notes that a backup starts and returns the index up to which everything will be inside when its snapshot is taken after this
// call: all records to there, and every blob whose receipt names an index not larger. −1 is an empty ledger.
func (db *DB) BeginBackup(ctx context.Context, now time.Time) (index int64, err error) {
	err = db.transact(ctx, "begin backup", func(tx pgx.Tx) error {
		if err := tx.QueryRow(ctx, readSize).Scan(&index); err != nil {
			return err
		}
		// Blobs that are being stored have read the ledger's size already: wait for their commits.
		if _, err := tx.Exec(ctx, waitStores, int64(storeLock)); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, beginBackup, index, now.UnixMilli())
		return err
	})
	return index, err
}

// FinishBackup notes that the backup which BeginBackup gave this index is complete and safe. From now on phones may delete what lies at or below
// it. Error: ErrNotFound.
func (db *DB) FinishBackup(ctx context.Context, index int64, now time.Time) error {
	tag, err := db.pool.Exec(ctx, finishBackup, index, now.UnixMilli())
	if err == nil && tag.RowsAffected() == 0 {
		err = fmt.Errorf("index %d: %w", index, ErrNotFound)
	}
	return wrap("finish backup", err)
}
