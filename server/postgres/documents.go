package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

const findUnnamed = `
select k.key from unnest($1::text[], $2::bigint[]) as k (key, at)
where not exists (select from blobs b where b.key = k.key and b.key like 'd/%')
and k.at > coalesce((select max(r.received_at) from origins o join records r on r.index = o.index), 0)`

// UnnamedDocuments finds those keys of documents that no record names, of objects that were stored at these times. What is older than the last time
// that the loss of records was accepted is not among them.
func (db *DB) UnnamedDocuments(ctx context.Context, stored map[string]time.Time) ([]string, error) {
	keys, times := make([]string, 0, len(stored)), make([]int64, 0, len(stored))
	for key, at := range stored {
		keys, times = append(keys, key), append(times, at.UnixMilli())
	}
	return query(ctx, db, "unnamed documents", findUnnamed, pgx.RowTo[string], keys, times)
}
