package field

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"hash"
	"io"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
)

// keepTime is how long a request may go on putting away what has arrived after its phone has gone.
const keepTime = time.Minute

// receive takes the body as the next chunk. It lies in the spool until it is whole or cut off; only then is anything stored, so that the
// object store never waits for a slow phone. What arrived before a cut is kept, except under a checksum, which a part cannot fulfil.
func (a *API) receive(c echo.Context, upload postgres.Upload, check checksum, status int) error {
	r := c.Request()
	room := upload.Length - upload.Offset
	if r.ContentLength > room {
		return errTooBig
	}
	sum := sha256.New()
	sums := []hash.Hash{sum}
	if check.claimed() {
		sums = append(sums, check.sum)
	}
	body := newSpool(a.SpoolDir, sums...)
	defer body.close()
	cut := body.fill(r.Body, room)
	if own := (*problem.Error)(nil); errors.As(cut, &own) {
		return cut
	}
	switch {
	case cut != nil && check.claimed():
		return problem.Wrap(problem.Timeout, cut)
	case !check.holds():
		return problem.New(problem.ChecksumMismatch)
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), keepTime)
	defer cancel()
	upload, receipt, err := a.keep(ctx, upload, body, [sha256.Size]byte(sum.Sum(nil)))
	if moved := (*postgres.OffsetError)(nil); errors.As(err, &moved) {
		return a.mismatch(c, moved.Offset)
	}
	if err != nil {
		return err
	}
	a.tell(c, upload, receipt)
	return c.NoContent(status)
}

// keep puts a spooled chunk away. Only so many at once are on their way to the object store.
func (a *API) keep(ctx context.Context, upload postgres.Upload, body *spool, sum [sha256.Size]byte) (postgres.Upload, string, error) {
	last := upload.Offset+body.size == upload.Length
	if body.size == 0 && !last {
		return upload, "", nil
	}
	select {
	case a.storing <- struct{}{}:
		defer func() { <-a.storing }()
	case <-ctx.Done():
		return upload, "", ctx.Err()
	}
	if !last {
		upload, err := a.storeChunk(ctx, upload, body, sum)
		return upload, "", err
	}
	stored, err := a.storeLast(ctx, upload, body, sum)
	if err != nil {
		return upload, "", err
	}
	upload.Offset = upload.Length
	receipt, err := a.sign(stored)
	return upload, receipt, err
}

// storeChunk stages a chunk and moves the offset. Of several chunks at one offset the first to move it wins; the objects of the others are
// removed. A crash between the two steps leaves an object under u/ without a row, which nobody is ever served; a commit whose answer is lost
// leaves the row with its object.
func (a *API) storeChunk(ctx context.Context, upload postgres.Upload, body *spool, sum [sha256.Size]byte) (postgres.Upload, error) {
	content, err := body.reader()
	if err != nil {
		return upload, err
	}
	chunk := postgres.Chunk{Start: upload.Offset, Size: body.size, Key: fmt.Sprintf("u/%s/%020d-%s", upload.ID, upload.Offset, randomName())}
	if err := a.Objects.Put(ctx, chunk.Key, content, body.size, sum); err != nil {
		return upload, err
	}
	failpoint.Here("tus.staged")
	moved, err := a.DB.AdvanceUpload(ctx, upload.ID, chunk, a.Now())
	switch {
	case errors.Is(err, postgres.ErrOffset), errors.Is(err, postgres.ErrUploadGone):
		return upload, errors.Join(err, a.Objects.Delete(ctx, chunk.Key))
	case err != nil: // the answer may be lost of a chunk that is counted: its bytes stay
		return upload, err
	}
	failpoint.Here("tus.counted")
	return moved, nil
}

// storeLast puts the last chunk straight into its place, behind those that were staged before it, if any. It is never staged itself: what came
// before a crash of the rest is counted already, and the phone sends the last chunk again.
func (a *API) storeLast(ctx context.Context, upload postgres.Upload, body *spool, sum [sha256.Size]byte) (postgres.StoredBlob, error) {
	if upload.Offset == 0 && sum != upload.SHA256 {
		return postgres.StoredBlob{}, errors.Join(problem.New(problem.DigestMismatch), a.discard(ctx, upload))
	}
	content, err := body.reader()
	if err != nil {
		return postgres.StoredBlob{}, err
	}
	return a.place(ctx, upload, content)
}

// place stores the blob of an upload: the chunks that are staged, and then last. All of it streams through SHA-256 here (a chunk that is the
// whole blob went through it on its way into the spool) and in the object store. Two servers may do it at once: both write the same bytes. Other
// bytes than those sealed end the upload: 422, and the phone begins again.
func (a *API) place(ctx context.Context, upload postgres.Upload, last io.Reader) (postgres.StoredBlob, error) {
	slot, err := a.DB.BlobSlot(ctx, upload.Owner, upload.SHA256)
	if err != nil {
		return postgres.StoredBlob{}, err
	}
	if slot.Stored == nil {
		chunks := &chunkReader{api: a, ctx: ctx, chunks: upload.Chunks}
		defer chunks.close()
		content := last
		if upload.Offset > 0 {
			content = blob.NewReader(io.MultiReader(chunks, last), blob.Ref(upload.SHA256), upload.Length)
		}
		if err := a.Objects.Put(ctx, slot.Key, content, upload.Length, blob.Ref(upload.SHA256)); err != nil {
			if errors.Is(err, blob.ErrMismatch) {
				return postgres.StoredBlob{}, errors.Join(problem.Wrap(problem.DigestMismatch, err), a.discard(ctx, upload))
			}
			// Another server may have finished, and removed the chunks under our hands.
			if _, lost := a.DB.StoredBlob(ctx, upload.Owner, upload.SHA256); lost != nil {
				return postgres.StoredBlob{}, err
			}
		}
	}
	return a.finish(ctx, upload, slot)
}

// finish notes the stored blob and removes the chunks. A crash before it is noted leaves an object that the next attempt overwrites with the
// same bytes; one before the chunks are removed leaves them to the expiry of the upload.
func (a *API) finish(ctx context.Context, upload postgres.Upload, slot postgres.Slot) (postgres.StoredBlob, error) {
	if upload.Offset == 0 {
		failpoint.Here("whole.placed")
	} else {
		failpoint.Here("tus.placed")
	}
	stored, err := a.DB.FinishUpload(ctx, upload, slot, a.Now())
	if err != nil {
		return stored, err
	}
	a.Counts.Blob("tus")
	if upload.Offset == 0 {
		failpoint.Here("whole.noted")
		return stored, nil
	}
	failpoint.Here("tus.noted")
	if a.remove(ctx, upload.Chunks) {
		failpoint.Here("tus.removed")
		if err := a.DB.DropChunks(ctx, upload.ID); err != nil {
			a.Log.WarnContext(ctx, "staged chunks not forgotten", "error", err.Error())
		}
	}
	return stored, nil
}

// discard ends an upload without a blob.
func (a *API) discard(ctx context.Context, upload postgres.Upload) error {
	chunks, err := a.DB.DropUpload(ctx, upload.ID)
	a.remove(ctx, chunks)
	return err
}

// remove deletes staged chunks and says whether all are gone. What it cannot delete is only litter.
func (a *API) remove(ctx context.Context, chunks []postgres.Chunk) bool {
	keys := make([]string, len(chunks))
	for i, chunk := range chunks {
		keys[i] = chunk.Key
	}
	if err := a.Objects.Delete(ctx, keys...); err != nil {
		a.Log.WarnContext(ctx, "staged chunks not removed", "error", err.Error())
		return false
	}
	return true
}

// chunkReader reads staged chunks one after the other, with one of them open at a time.
type chunkReader struct {
	api    *API
	ctx    context.Context // an io.Reader has no other way to carry it, and lives for one call
	chunks []postgres.Chunk
	open   io.ReadCloser
}

func (r *chunkReader) Read(p []byte) (int, error) {
	for {
		if r.open == nil {
			if len(r.chunks) == 0 {
				return 0, io.EOF
			}
			content, _, err := r.api.Objects.Get(r.ctx, r.chunks[0].Key)
			if err != nil {
				return 0, err
			}
			r.open, r.chunks = content, r.chunks[1:]
		}
		n, err := r.open.Read(p)
		if err == io.EOF {
			r.close()
			if n == 0 {
				continue
			}
			err = nil
		}
		return n, err
	}
}

func (r *chunkReader) close() {
	if r.open != nil {
		r.open.Close()
		r.open = nil
	}
}
