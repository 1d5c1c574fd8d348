package postgres

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// QuarantineItem is a pushed text that is no record.
type QuarantineItem struct {
	SHA256     Digest
	Text       []byte // up to 256 KiB; of a longer text the first 64 KiB
	Size       int64  // bytes of all of it
	Code       string // why: seal.Code
	KeyID      record.KeyID
	Pusher     record.KeyID
	Member     record.ID // of the pusher
	ReceivedAt time.Time
	Decision   string // "", "released" or "rejected"
	DecidedAt  time.Time
	Index      int64 // of the record that it became, −1
}

const (
	quarantineColumns = `
select sha256, text, size, code, kid, pusher, member, received_at, coalesce(decision, ''), decided_at, coalesce(index, -1) from quarantine`
	// the texts stay where they are: a list of them may be large
	listQuarantine = `
select sha256, ''::bytea, size, code, kid, pusher, member, received_at, coalesce(decision, ''), decided_at, coalesce(index, -1) from quarantine`
	waitingQuarantine = listQuarantine + ` where decision is null order by received_at, sha256 limit $1`
	decidedQuarantine = listQuarantine + ` where decision is not null order by decided_at desc, sha256 limit $1`
	readQuarantine    = quarantineColumns + ` where sha256 = $1`
)

func scanQuarantine(row pgx.CollectableRow) (q QuarantineItem, err error) {
	var sum, kid, pusher []byte
	var member pgtype.UUID
	var received int64
	var decided *int64
	err = row.Scan(&sum, &q.Text, &q.Size, &q.Code, &kid, &pusher, &member, &received, &q.Decision, &decided, &q.Index)
	q.SHA256, q.KeyID, q.Pusher, q.Member = hashOf[Digest](sum), hashOf[record.KeyID](kid), hashOf[record.KeyID](pusher), member.Bytes
	q.ReceivedAt = time.UnixMilli(received).UTC()
	if decided != nil {
		q.DecidedAt = time.UnixMilli(*decided).UTC()
	}
	return q, err
}

// QuarantineList reads what waits for a decision, oldest first, without the texts.
func (db *DB) QuarantineList(ctx context.Context, limit int) ([]QuarantineItem, error) {
	return query(ctx, db, "quarantine", waitingQuarantine, scanQuarantine, limit)
}

// QuarantineDecided reads what was decided last, newest first, without the texts.
func (db *DB) QuarantineDecided(ctx context.Context, limit int) ([]QuarantineItem, error) {
	return query(ctx, db, "quarantine", decidedQuarantine, scanQuarantine, limit)
}

// Quarantine reads one item. Error: ErrNotFound.
func (db *DB) Quarantine(ctx context.Context, sha256 Digest) (QuarantineItem, error) {
	list, err := query(ctx, db, "quarantine", readQuarantine, scanQuarantine, sha256[:])
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("postgres: quarantine: %w", ErrNotFound)
	}
	if err != nil {
		return QuarantineItem{}, err
	}
	return list[0], nil
}

const (
	decideQuarantine = `update quarantine set decision = $2, decided_at = $3, index = $4 where sha256 = $1`
	adoptBlobs       = `
insert into blobs (owner, sha256, size, key, stored_at, index, origin)
select $2, sha256, size, key, stored_at, index, origin from blobs where owner = $1 on conflict do nothing`
	fillAdopted = `
update blob_slots s set stored = true from blobs b
where s.index = $1 and b.owner = $2 and b.sha256 = s.sha256 and not s.stored`
)

// ReleaseQuarantine makes the record in a quarantined text part of the ledger, flagged quarantine_released, together with quarantine.released;
// its signature is not vouched for. The reason may be "". Its blobs come along. A rejected text may still be released. The pusher hears of it by the feed.
// Errors: ErrNotFound, ErrDecided (released before), ErrNotReleasable (not of the form of a record; it can only be rejected).
func (db *DB) ReleaseQuarantine(ctx context.Context, sha256 Digest, reason string, actor record.ID, now time.Time) (Appended, error) {
	item, err := db.Quarantine(ctx, sha256)
	if err != nil {
		return Appended{}, err
	}
	r, err := seal.Parse(string(item.Text))
	if err != nil || int64(len(item.Text)) != item.Size {
		return Appended{}, fmt.Errorf("postgres: release: %w: %w", ErrNotReleasable, err)
	}
	w := db.work("release", now)
	e := newEntry(r, nil, now)
	e.released = true
	w.take(e)
	w.decide(item, history.QuarantineReleased, e)
	w.writes = append(w.writes, func(b *pgx.Batch) {
		b.Queue(waitStores, int64(storeLock))
		b.Queue(adoptBlobs, sha256[:], r.Hash[:])
		b.Queue(fillAdopted, e.index, r.Hash[:])
	})
	fields := text([]seal.Content{{Name: "sha256", Value: sha256.String()}, {Name: "hash", Value: r.Hash}}, "reason", reason)
	_, err = w.appendOffice(ctx, Draft{Kind: record.KindQuarantineReleased, Actor: actor, Fields: fields})
	return Appended{r, e.index, e.receipt}, err
}

// RejectQuarantine decides that a text is no evidence; the pusher hears of it by the feed and may let go of it. The text stays.
// Errors: ErrNotFound, ErrDecided, ErrInvalid (no reason).
func (db *DB) RejectQuarantine(ctx context.Context, sha256 Digest, reason string, actor record.ID, now time.Time) error {
	item, err := db.Quarantine(ctx, sha256)
	if err != nil {
		return err
	}
	w := db.work("reject", now)
	w.decide(item, history.QuarantineRejected, nil)
	_, err = w.appendOffice(ctx, Draft{Kind: record.KindQuarantineRejected, Actor: actor, Fields: []seal.Content{
		{Name: "sha256", Value: sha256.String()}, {Name: "reason", Value: reason},
	}})
	return err
}

// decide adds a decision to the work, if there is room for one when the lock is held.
func (w *work) decide(item QuarantineItem, decision string, became *entry) {
	var before string
	w.pushers = map[string]record.ID{item.SHA256.String(): item.Member}
	w.reads = append(w.reads, func(b *pgx.Batch) {
		b.Queue(`select coalesce(decision, '') from quarantine where sha256 = $1`, item.SHA256[:]).QueryRow(func(row pgx.Row) error { return row.Scan(&before) })
	})
	w.checks = append(w.checks, func() error {
		if before == history.QuarantineReleased || before != "" && decision == history.QuarantineRejected {
			return ErrDecided
		}
		return nil
	})
	w.writes = append(w.writes, func(b *pgx.Batch) {
		var index *int64
		if became != nil {
			index = &became.index
		}
		b.Queue(decideQuarantine, item.SHA256[:], decision, w.now.UnixMilli(), index)
	})
}
