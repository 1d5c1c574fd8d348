package postgres

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/record"
)

// uploadLife is how long an upload waits for its next chunk.
const uploadLife = 7 * 24 * time.Hour

// Upload is a blob that arrives in parts (tus 1.0).
type Upload struct {
	ID             string
	Owner          record.Hash // as the pusher names the record
	SHA256         Digest
	KeyID          record.KeyID // who opened it
	Length, Offset int64        // bytes
	ExpiresAt      time.Time
	Done           bool // the blob is stored; the chunks are waste
	Chunks         []Chunk
}

// Chunk is a part of an upload that lies durable in the object store. Key is the caller's choice, and new for each attempt: of two servers that
// write at one offset, only one's object is ever counted.
type Chunk struct {
	Start, Size int64 // bytes
	Key         string
}

const createUpload = `
insert into uploads (id, owner, sha256, kid, length, expires_at) values ($1, $2, $3, $4, $5, $6)`

// CreateUpload opens an upload of u.Length bytes for a slot that BlobSlot has found; it makes the ID, 22 characters.
func (db *DB) CreateUpload(ctx context.Context, u Upload, now time.Time) (Upload, error) {
	var id [16]byte
	if _, err := io.ReadFull(db.config.Random, id[:]); err != nil {
		return Upload{}, err
	}
	u.ID, u.Offset, u.Done, u.Chunks = base64.RawURLEncoding.EncodeToString(id[:]), 0, false, nil
	u.ExpiresAt = time.UnixMilli(now.Add(uploadLife).UnixMilli()).UTC()
	_, err := db.pool.Exec(ctx, createUpload, u.ID, u.Owner[:], u.SHA256[:], u.KeyID[:], u.Length, u.ExpiresAt.UnixMilli())
	return u, wrap("create upload", err)
}

const (
	uploadColumns = `u.id, u.owner, u.sha256, u.kid, u.length, u.received, u.expires_at, u.done`
	withChunks    = `, coalesce(array_agg(c.start order by c.start) filter (where c.start is not null), '{}'),
  coalesce(array_agg(c.size order by c.start) filter (where c.start is not null), '{}'),
  coalesce(array_agg(c.key order by c.start) filter (where c.start is not null), '{}')`
	readUpload = `
select ` + uploadColumns + withChunks + `
from uploads u left join upload_chunks c on c.upload = u.id where u.id = $1 and u.expires_at > $2 group by u.id`
)

// Upload reads where an upload stands, with its chunks in order. Error: ErrUploadGone.
func (db *DB) Upload(ctx context.Context, id string, now time.Time) (Upload, error) {
	list, err := query(ctx, db, "upload", readUpload, scanUploadChunks, id, now.UnixMilli())
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("postgres: upload: %w", ErrUploadGone)
	}
	if err != nil {
		return Upload{}, err
	}
	return list[0], nil
}

func scanUpload(row pgx.CollectableRow) (Upload, error) { return readUploadRow(row) }

func scanUploadChunks(row pgx.CollectableRow) (Upload, error) {
	var starts, sizes []int64
	var keys []string
	u, err := readUploadRow(row, &starts, &sizes, &keys)
	for i := range keys {
		u.Chunks = append(u.Chunks, Chunk{starts[i], sizes[i], keys[i]})
	}
	return u, err
}

func readUploadRow(row pgx.CollectableRow, more ...any) (u Upload, err error) {
	var owner, sha256, kid []byte
	var expires int64
	err = row.Scan(append([]any{&u.ID, &owner, &sha256, &kid, &u.Length, &u.Offset, &expires, &u.Done}, more...)...)
	u.Owner, u.SHA256, u.KeyID = hashOf[record.Hash](owner), hashOf[Digest](sha256), hashOf[record.KeyID](kid)
	u.ExpiresAt = time.UnixMilli(expires).UTC()
	return u, err
}

// The row of the upload decides: whoever waits for it finds the offset moved, and moves nothing.
const advanceUpload = `
with u as (
  update uploads u set received = u.received + $3, expires_at = $5
  where u.id = $1 and u.received = $2 and not u.done and u.expires_at > $6 and u.received + $3 <= u.length
  returning ` + uploadColumns + `
), c as (
  insert into upload_chunks (upload, start, size, key) select u.id, $2, $3, $4 from u
)
select * from u`

// AdvanceUpload counts a chunk whose bytes are durable: the offset moves from chunk.Start by chunk.Size, or not at all. Of several that start at
// one offset exactly one wins; the others get an *OffsetError with where the upload stands now, and their objects are waste.
// The upload then lives 7 days from now. Errors: *OffsetError, ErrUploadGone.
func (db *DB) AdvanceUpload(ctx context.Context, id string, chunk Chunk, now time.Time) (Upload, error) {
	list, err := query(ctx, db, "advance upload", advanceUpload, scanUpload,
		id, chunk.Start, chunk.Size, chunk.Key, now.Add(uploadLife).UnixMilli(), now.UnixMilli())
	if err != nil && !errors.Is(err, ErrOffset) {
		return Upload{}, err
	}
	if len(list) == 1 {
		return list[0], nil
	}
	u, err := db.Upload(ctx, id, now)
	if err != nil {
		return Upload{}, err
	}
	return Upload{}, &OffsetError{u.Offset}
}

// FinishUpload is StoreBlob for an upload whose bytes are whole, checked, and durable under slot.Key. u.Offset is where it stood before the bytes
// that made it whole: u.Length when all of them were counted; then repeated calls give the same answer. Of several that bring the last bytes
// uncounted exactly one wins; the others get an *OffsetError, and the upload is finished all the same: a chunk that another request counts at that
// moment is waste. The upload stays until it expires, so that later questions find the receipt. Errors: *OffsetError, ErrUploadGone,
// ErrBlobNotNamed.
func (db *DB) FinishUpload(ctx context.Context, u Upload, slot Slot, now time.Time) (StoredBlob, error) {
	s := &storing{slot: slot, size: u.Length, now: now, upload: u.ID}
	b, err := db.store(ctx, s)
	switch {
	case err != nil:
		return StoredBlob{}, err
	case s.begun == nil:
		return StoredBlob{}, fmt.Errorf("postgres: finish upload: %w", ErrUploadGone)
	case *s.begun != u.Offset:
		return StoredBlob{}, &OffsetError{u.Length}
	}
	return b, nil
}

const dropUpload = `
with c as (select start, size, key from upload_chunks where upload = $1 order by start), u as (delete from uploads where id = $1)
select start, size, key from c`

// DropUpload forgets an upload and returns its chunks, whose objects are then waste. One that is not there has none.
func (db *DB) DropUpload(ctx context.Context, id string) ([]Chunk, error) {
	return query(ctx, db, "drop upload", dropUpload, pgx.RowToStructByPos[Chunk], id)
}

const dropChunks = `delete from upload_chunks where upload = $1 and exists (select from uploads where id = $1 and done)`

// DropChunks forgets the chunks of a finished upload, after their objects are gone.
func (db *DB) DropChunks(ctx context.Context, id string) error {
	_, err := db.pool.Exec(ctx, dropChunks, id)
	return wrap("drop chunks", err)
}

const expiredUploads = `
select ` + uploadColumns + withChunks + `
from (select * from uploads where expires_at <= $1 order by expires_at limit $2) u
left join upload_chunks c on c.upload = u.id
group by u.id, u.owner, u.sha256, u.kid, u.length, u.received, u.expires_at, u.done order by u.expires_at`

// ExpiredUploads lists uploads that no one continued within 7 days, finished ones too, oldest first.
func (db *DB) ExpiredUploads(ctx context.Context, now time.Time, limit int) ([]Upload, error) {
	return query(ctx, db, "expired uploads", expiredUploads, scanUploadChunks, now.UnixMilli(), limit)
}
