package field

import (
	"mime"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
	"tachiai/sync/wire"
)

// uploadOptions tells a tus client what this server speaks (tus 1.0, OPTIONS). It needs no proof: it tells nothing about anyone.
func (a *API) uploadOptions(c echo.Context) error {
	h := c.Response().Header()
	h.Set(headerTusVersion, tusVersion)
	h.Set(headerTusExtension, tusExtensions)
	h.Set(headerTusMaxSize, strconv.FormatInt(blob.MaxSize, 10))
	h.Set(headerTusChecksums, tusChecksums)
	return c.NoContent(http.StatusNoContent)
}

// tus checks the version that a client speaks and names ours in every answer.
func (a *API) tus(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(headerTusResumable, tusVersion)
		if c.Request().Method != http.MethodOptions && c.Request().Header.Get(headerTusResumable) != tusVersion {
			c.Response().Header().Set(headerTusVersion, tusVersion)
			return problem.New(problem.TusVersion)
		}
		return next(c)
	}
}

// createUpload opens an upload (tus creation), and takes the first bytes when they come along (creation-with-upload).
func (a *API) createUpload(c echo.Context) error {
	h := c.Request().Header
	length, err := parseCount(h.Get(headerUploadLength))
	if err != nil || h.Get(headerUploadDefer) != "" {
		return problem.New(problem.BadRequest).At("", "upload_length")
	}
	if length > blob.MaxSize {
		return problem.New(problem.BodyTooLarge)
	}
	meta, err := wire.ParseUploadMetadata(h.Get(headerUploadMetadata))
	if err != nil {
		return problem.Wrap(problem.BadRequest, err).At("", "upload_metadata")
	}
	check, withBody, err := chunkHeaders(c.Request())
	if err != nil {
		return err
	}
	slot, err := a.slot(c, meta.Record.String(), meta.SHA256)
	if err != nil {
		return err
	}
	if err := fits(slot, length); err != nil {
		return err
	}
	upload, err := a.DB.CreateUpload(c.Request().Context(), postgres.Upload{
		Owner: slot.Owner, SHA256: slot.SHA256, KeyID: callerOf(c).KeyID, Length: length,
	}, a.Now())
	if err != nil {
		return err
	}
	c.Response().Header().Set(echo.HeaderLocation, c.Request().URL.Path+"/"+upload.ID)
	if !withBody {
		a.tell(c, upload, "")
		return c.NoContent(http.StatusCreated)
	}
	return a.receive(c, upload, check, http.StatusCreated)
}

// patchUpload takes the next chunk (tus core).
func (a *API) patchUpload(c echo.Context) error {
	check, withBody, err := chunkHeaders(c.Request())
	if err != nil {
		return err
	}
	if !withBody {
		return problem.New(problem.UnsupportedMediaType)
	}
	offset, err := parseCount(c.Request().Header.Get(headerUploadOffset))
	if err != nil {
		return problem.New(problem.BadRequest).At("", "upload_offset")
	}
	upload, receipt, err := a.upload(c)
	if err != nil {
		return err
	}
	if offset != upload.Offset {
		return a.mismatch(c, upload.Offset)
	}
	if receipt != "" {
		a.tell(c, upload, receipt)
		return c.NoContent(http.StatusNoContent)
	}
	return a.receive(c, upload, check, http.StatusNoContent)
}

// chunkHeaders reads what stands before a chunk. withBody is false when the request announces none.
func chunkHeaders(r *http.Request) (check checksum, withBody bool, err error) {
	check, err = newChecksum(r.Header.Get(headerUploadChecksum))
	if err != nil {
		return check, false, problem.Wrap(problem.BadRequest, err).At("", "upload_checksum")
	}
	kind := r.Header.Get("Content-Type")
	if kind == "" && r.ContentLength == 0 {
		return check, false, nil
	}
	if media, _, err := mime.ParseMediaType(kind); err != nil || media != tusMedia {
		return check, false, problem.New(problem.UnsupportedMediaType)
	}
	return check, true, nil
}

// upload finds the upload of the path. receipt is empty while bytes are missing. One whose last byte is counted, but which no server has
// finished, is finished here.
func (a *API) upload(c echo.Context) (upload postgres.Upload, receipt string, err error) {
	ctx := c.Request().Context()
	upload, err = a.DB.Upload(ctx, c.Param("upload"), a.Now())
	if err != nil || upload.Offset < upload.Length {
		return upload, "", err
	}
	slot, err := a.DB.BlobSlot(ctx, upload.Owner, upload.SHA256)
	if err != nil {
		return upload, "", err
	}
	var stored postgres.StoredBlob
	if upload.Done && slot.Stored != nil {
		stored = *slot.Stored
	} else if stored, err = a.place(ctx, upload, http.NoBody); err != nil {
		return upload, "", err
	}
	receipt, err = a.sign(stored)
	return upload, receipt, err
}

// headUpload tells where an upload stands (tus core).
func (a *API) headUpload(c echo.Context) error {
	upload, receipt, err := a.upload(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set(headerUploadLength, strconv.FormatInt(upload.Length, 10))
	a.tell(c, upload, receipt)
	return c.NoContent(http.StatusOK)
}

// deleteUpload gives an upload up (tus termination). A stored blob stays.
func (a *API) deleteUpload(c echo.Context) error {
	ctx := c.Request().Context()
	upload, err := a.DB.Upload(ctx, c.Param("upload"), a.Now())
	if err != nil {
		return err
	}
	if err := a.discard(ctx, upload); err != nil {
		return err
	}
	return c.NoContent(http.StatusNoContent)
}

// mismatch is 409 with the offset that would have been right.
func (a *API) mismatch(c echo.Context, offset int64) error {
	c.Response().Header().Set(headerUploadOffset, strconv.FormatInt(offset, 10))
	return problem.New(problem.OffsetMismatch)
}

// tell writes the state of an upload into the answer.
func (a *API) tell(c echo.Context, upload postgres.Upload, receipt string) {
	h := c.Response().Header()
	h.Set(headerUploadOffset, strconv.FormatInt(upload.Offset, 10))
	if receipt != "" {
		h.Set(headerBlobReceipt, receipt)
		return
	}
	h.Set(headerUploadExpires, upload.ExpiresAt.UTC().Format(http.TimeFormat))
}
