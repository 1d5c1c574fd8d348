package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// FeedPage is one page of what a member's phones may know.
type FeedPage struct {
	Changes []wire.Change
	Cursor  wire.Cursor
	More    bool
	Standing
}

// everyone is the member under whom stands what all members may know.
var everyone = record.ID{}

const (
	beginReading = `begin isolation level repeatable read read only`
	readLeaf     = `select hash from ledger_hashes where index = $1`
	// the hash of the last leaf: its stored-hash index is twice its own less the number of 1 bits (x/mod/sumdb/tlog)
	readEnd  = `select hash from ledger_hashes h, ledger l where h.index = 2 * (l.size - 1) - bit_count((l.size - 1)::bit(64))`
	readFeed = `
select index, n, op, type, id, body from (
  (select index, n, op, type, id, body from feed where member = $1 and index >= $3 order by index, n limit $4)
  union all
  (select index, n, op, type, id, body from feed where member = $2 and index >= $3 order by index, n limit $4)
) f order by index, n limit $4`
	readFeedAt = `
select index, n, op, type, id, body from feed where member = any($1) and index = $2 order by n`
)

// Feed reads the changes of a member from the cursor on, all of one moment. A page has up to limit changes, or all of one index if those are
// more: it never splits an index, so that a reader that keeps the cursor with the changes misses nothing. Rows were written with the ledger, and
// nothing is filtered here. Error: ErrCursorGone, when the ledger has another leaf, or none, before the cursor.
func (db *DB) Feed(ctx context.Context, member record.ID, cursor wire.Cursor, limit int, now time.Time) (*FeedPage, error) {
	page := &FeedPage{}
	var before, end []byte
	batch := &pgx.Batch{}
	batch.Queue(beginReading)
	batch.Queue(`select `+db.standing()+` from ledger`, safeBefore(now)).QueryRow(func(row pgx.Row) error {
		return row.Scan(&page.Origin, &page.Size, &page.SafeIndex)
	})
	if cursor.Index > 0 {
		batch.Queue(readLeaf, ledger.LeafIndex(cursor.Index-1)).Query(oneHash(&before))
	}
	batch.Queue(readEnd).Query(oneHash(&end))
	batch.Queue(readFeed, memberUUID(member), memberUUID(everyone), cursor.Index, limit+1).Query(func(rows pgx.Rows) (err error) {
		page.Changes, err = pgx.CollectRows(rows, scanChange)
		return err
	})
	batch.Queue("commit")
	if err := db.pipeline(ctx, batch); err != nil {
		return nil, wrap("feed", err)
	}
	if cursor.Index > 0 && (cursor.Index > page.Size || len(before) != ledger.HashSize || [16]byte(before[:16]) != cursor.Leaf) {
		return nil, fmt.Errorf("postgres: feed: %w", ErrCursorGone)
	}
	if page.Size > 0 {
		page.Cursor = wire.CursorAt(page.Size-1, hashOf[[32]byte](end))
	}
	if len(page.Changes) <= limit {
		return page, nil
	}
	return page, db.cut(ctx, page, member)
}

// cut shortens a page that is longer than asked to whole indexes and sets its cursor behind the last.
func (db *DB) cut(ctx context.Context, page *FeedPage, member record.ID) error {
	page.More = true
	last := page.Changes[len(page.Changes)-1].Index
	whole := slices.IndexFunc(page.Changes, func(c wire.Change) bool { return c.Index == last })
	if whole > 0 {
		page.Changes = page.Changes[:whole]
	} else {
		// What has moved on since then comes again at its newer index.
		var err error
		page.Changes, err = query(ctx, db, "feed", readFeedAt, scanChange, [][16]byte{member, everyone}, last)
		if err != nil {
			return err
		}
	}
	reached := last
	if whole > 0 {
		reached = page.Changes[whole-1].Index
	}
	if reached >= page.Size {
		page.More = false // news of held records, see reapply: all else is delivered
		return nil
	}
	hash, err := db.leafHash(ctx, reached)
	page.Cursor = wire.CursorAt(reached, hash)
	return err
}

func scanChange(row pgx.CollectableRow) (c wire.Change, err error) {
	var body []byte
	err = row.Scan(&c.Index, &c.N, &c.Op, &c.Type, &c.ID, &body)
	c.Body = json.RawMessage(body)
	return c, err
}

// oneHash keeps the first row's only column, if there is a row.
func oneHash(into *[]byte) func(pgx.Rows) error {
	return func(rows pgx.Rows) error {
		list, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
		if len(list) > 0 {
			*into = list[0]
		}
		return err
	}
}
