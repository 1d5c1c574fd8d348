package field

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// putBlob takes one blob of a record in one request (docs/protocol.md section 8). The bytes stream through SHA-256 into the object store, which
// checks them again; what does not match is stored nowhere.
func (a *API) putBlob(c echo.Context) error {
	r := c.Request()
	slot, err := a.slotFor(c, c.Param("hash"), c.Param("sha256"))
	if err != nil {
		return err
	}
	claimed, err := blob.ParseContentDigest(r.Header.Get(headerDigest))
	switch {
	case err != nil:
		return problem.Wrap(problem.BadRequest, err).At("", "content_digest")
	case claimed != blob.Ref(slot.SHA256):
		return problem.New(problem.DigestMismatch)
	case r.ContentLength < 0:
		return problem.New(problem.LengthRequired)
	}
	if err := fits(slot, r.ContentLength); err != nil {
		return err
	}
	content := blob.NewReader(r.Body, blob.Ref(slot.SHA256), r.ContentLength)
	if slot.Stored != nil {
		// The bytes are here. They are still read to the end: a client that is sending would miss the answer.
		if _, err := io.Copy(io.Discard, content); err != nil {
			return bodyFault(err)
		}
		return a.receipt(c, http.StatusOK, *slot.Stored)
	}
	if err := a.Objects.Put(r.Context(), slot.Key, content, r.ContentLength, blob.Ref(slot.SHA256)); err != nil {
		return bodyFault(err)
	}
	failpoint.Here("blob.stored")
	// The object is durable: whoever has gone meanwhile, it is noted.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(r.Context()), keepTime)
	defer cancel()
	stored, fresh, err := a.DB.StoreBlob(ctx, slot, r.ContentLength, a.Now())
	if err != nil {
		return err
	}
	failpoint.Here("blob.noted")
	if !fresh {
		return a.receipt(c, http.StatusOK, stored)
	}
	a.Counts.Blob("put")
	return a.receipt(c, http.StatusCreated, stored)
}

// bodyFault says what is wrong with bytes that came from a phone.
func bodyFault(err error) error {
	switch {
	case errors.Is(err, blob.ErrMismatch), errors.Is(err, objects.ErrMismatch):
		return problem.Wrap(problem.DigestMismatch, err)
	case errors.Is(err, blob.ErrSize), errors.Is(err, io.ErrUnexpectedEOF):
		return problem.Wrap(problem.Timeout, err)
	}
	return err
}

// blobReceipt gives the receipt of a stored blob.
func (a *API) blobReceipt(c echo.Context) error {
	slot, err := a.slot(c, c.Param("hash"), c.Param("sha256"))
	if err != nil {
		return err
	}
	if slot.Stored == nil {
		return problem.New(problem.NotFound)
	}
	return a.receipt(c, http.StatusOK, *slot.Stored)
}

// receipt answers with the signed receipt in its header.
func (a *API) receipt(c echo.Context, status int, stored postgres.StoredBlob) error {
	token, err := a.sign(stored)
	if err != nil {
		return err
	}
	c.Response().Header().Set(headerBlobReceipt, token)
	return c.NoContent(status)
}

func (a *API) sign(stored postgres.StoredBlob) (string, error) {
	token, err := seal.SignCore(stored.ReceiptCore, a.Keys.Receipt)
	if err != nil {
		return "", fmt.Errorf("field: sign blob receipt: %w", err)
	}
	return token, nil
}

// slot finds the place of a blob: hash names the record (or, in hex, the pushed text of a quarantined one), sha256 is the blob's digest in hex.
func (a *API) slot(c echo.Context, hash, sha256 string) (postgres.Slot, error) {
	owner, digest, err := parsePlace(hash, sha256)
	if err != nil {
		return postgres.Slot{}, err
	}
	return a.DB.BlobSlot(c.Request().Context(), owner, digest)
}

// slotFor is slot for bytes that are about to be stored: those that follow their record at once cost no query.
func (a *API) slotFor(c echo.Context, hash, sha256 string) (postgres.Slot, error) {
	owner, digest, err := parsePlace(hash, sha256)
	if err != nil {
		return postgres.Slot{}, err
	}
	if slot, ok := a.DB.AwaitedSlot(owner, digest, a.Now()); ok {
		return slot, nil
	}
	return a.DB.BlobSlot(c.Request().Context(), owner, digest)
}

func parsePlace(hash, sha256 string) (record.Hash, postgres.Digest, error) {
	owner, err := parseOwner(hash)
	if err != nil {
		return owner, postgres.Digest{}, problem.Wrap(problem.RecordUnknown, err)
	}
	digest, err := postgres.ParseDigest(sha256)
	if err != nil {
		return owner, digest, problem.Wrap(problem.BlobNotNamed, err)
	}
	return owner, digest, nil
}

// parseOwner reads the two names that a record can have.
func parseOwner(text string) (record.Hash, error) {
	if len(text) != hex.EncodedLen(len(record.Hash{})) {
		return record.ParseHash(text)
	}
	digest, err := postgres.ParseDigest(text)
	return record.Hash(digest), err
}

// fits says whether size can be the size of the slot's blob.
func fits(slot postgres.Slot, size int64) error {
	switch {
	case size > blob.MaxSize:
		return errTooBig
	case size == 0, slot.Size >= 0 && size != slot.Size:
		return problem.New(problem.SizeMismatch)
	}
	return nil
}
