package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
)

const (
	sniffed    = 512     // bytes that tell what a blob is
	heldWhole  = 1 << 20 // a blob up to this size is judged before its first byte is sent
	streamPart = 64 << 10
)

// shown are the types that a page may show; everything else is saved as a file and opened by nothing of ours.
var shown = map[string]string{blob.JPEG: ".jpg", blob.PNG: ".png", blob.WebP: ".webp"}

// saved are the names of those that are saved. What is of no known type has no ending that anything would open.
var saved = map[string]string{blob.PDF: ".pdf", blob.HEIC: ".heic", blob.HEIF: ".heif", blob.Unknown: ".bin"}

// blob gives the bytes of a blob that the record names, for which the record answers: another record's blob is not found here. Sent as a whole they
// are held against their digest: an answer that ends was right, one that was not is cut before its end. A part of it nobody can judge; the page
// does that over the whole.
func (a *API) blob(c echo.Context) error {
	hash, err := pathHash(c, "hash")
	if err != nil {
		return err
	}
	digest, err := pathDigest(c, "sha256")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	slot, err := a.DB.BlobSlot(ctx, hash, digest)
	switch {
	case errors.Is(err, postgres.ErrRecordUnknown), errors.Is(err, postgres.ErrBlobNotNamed):
		return problem.Wrap(problem.NotFound, err)
	case err != nil:
		return err
	case slot.Quarantined || slot.Stored == nil:
		return problem.New(problem.NotFound)
	}
	part, err := rangeOf(c.Request().Header, slot.Stored.Size, etag(digest))
	if err != nil {
		c.Response().Header().Set("Content-Range", fmt.Sprintf("bytes */%d", slot.Stored.Size))
		return err
	}
	a.Log.Info("blob read", slog.String("member", caller(c).Member.String()), slog.String("record", hash.String()), slog.String("sha256", digest.String()))
	if part.whole {
		return a.sendWhole(c, slot)
	}
	return a.sendPart(c, slot, part)
}

func etag(digest postgres.Digest) string { return `"` + digest.String() + `"` }

// sendWhole streams a blob through SHA-256.
func (a *API) sendWhole(c echo.Context, slot postgres.Slot) error {
	object, size, err := a.Objects.Get(c.Request().Context(), slot.Stored.Key)
	if err != nil {
		return lost(err)
	}
	defer object.Close()
	if size != slot.Stored.Size {
		return problem.Wrap(problem.EvidenceDamaged, blob.ErrSize)
	}
	content := blob.NewReader(object, blob.Ref(slot.SHA256), size)
	part := make([]byte, min(size, heldWhole))
	n, err := io.ReadFull(content, part)
	if err != nil {
		return damaged(err)
	}
	if size <= heldWhole { // to the verdict
		if _, err := content.Read(make([]byte, 1)); err != io.EOF { //nolint:errorlint // blob.Reader says io.EOF itself when all was right
			return damaged(err)
		}
	}
	describe(c, slot, blob.Sniff(part[:min(n, sniffed)]))
	c.Response().Header().Set(echo.HeaderContentLength, strconv.FormatInt(size, 10))
	c.Response().WriteHeader(http.StatusOK)
	return send(c.Response(), part, content)
}

// send writes begun and then the rest, each part only when the next one has come or all has been found right: the last byte of what is wrong is
// never sent, so that the answer stays shorter than it said.
func send(w io.Writer, begun []byte, rest io.Reader) error {
	held, next := begun, make([]byte, streamPart)
	for {
		n, err := io.ReadFull(rest, next)
		if n == 0 && err == io.EOF { //nolint:errorlint // as blob.Reader says it
			_, err = w.Write(held)
			return err
		}
		if err != nil && !errors.Is(err, io.ErrUnexpectedEOF) {
			return damaged(err)
		}
		if _, err := w.Write(held); err != nil {
			return err
		}
		held, next = bytes.Clone(next[:n]), next[:streamPart]
	}
}

// sendPart streams a part of a blob.
func (a *API) sendPart(c echo.Context, slot postgres.Slot, part span) error {
	ctx := c.Request().Context()
	first, _, err := a.Objects.GetRange(ctx, slot.Stored.Key, 0, min(sniffed, slot.Stored.Size))
	if err != nil {
		return lost(err)
	}
	beginning, err := io.ReadAll(io.LimitReader(first, sniffed))
	first.Close()
	if err != nil {
		return err
	}
	object, size, err := a.Objects.GetRange(ctx, slot.Stored.Key, part.from, part.length)
	if err != nil {
		return lost(err)
	}
	defer object.Close()
	if size != part.length {
		return problem.Wrap(problem.EvidenceDamaged, blob.ErrSize)
	}
	describe(c, slot, blob.Sniff(beginning))
	h := c.Response().Header()
	h.Set(echo.HeaderContentLength, strconv.FormatInt(part.length, 10))
	h.Set("Content-Range", fmt.Sprintf("bytes %d-%d/%d", part.from, part.from+part.length-1, slot.Stored.Size))
	c.Response().WriteHeader(http.StatusPartialContent)
	_, err = io.Copy(c.Response(), object)
	return err
}

// describe sets the headers of a blob. Nothing in them is of the phone's choosing.
func describe(c echo.Context, slot postgres.Slot, media string) {
	way, ending := "attachment", saved[media]
	if as, ok := shown[media]; ok {
		way, ending = "inline", as
	}
	h := c.Response().Header()
	h.Set(echo.HeaderContentType, media)
	h.Set(echo.HeaderContentDisposition, way+`; filename="`+slot.SHA256.String()[:16]+ending+`"`)
	h.Set(echo.HeaderContentSecurityPolicy, "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox")
	h.Set(echo.HeaderXContentTypeOptions, "nosniff")
	h.Set("Accept-Ranges", "bytes")
	h.Set("ETag", etag(slot.SHA256))
}

// lost says that the store does not have what the database says it has.
func lost(err error) error {
	if errors.Is(err, objects.ErrNotFound) {
		return problem.Wrap(problem.EvidenceDamaged, err)
	}
	return err
}

// damaged says that the bytes in the store are not those that were taken.
func damaged(err error) error {
	if errors.Is(err, blob.ErrMismatch) || errors.Is(err, blob.ErrSize) || errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, objects.ErrUnavailable) {
		return problem.Wrap(problem.EvidenceDamaged, err)
	}
	return err
}

// span is the part of a blob that a request asks for.
type span struct {
	whole        bool
	from, length int64
}

// rangeOf reads Range (RFC 9110 section 14): one range of bytes. Several of them, another unit, and what cannot be read ask for the whole, as the RFC
// has it; so does a range of another version (If-Range). A range beyond the end is an error.
func rangeOf(h http.Header, size int64, tag string) (span, error) {
	all := span{whole: true, length: size}
	text, ok := strings.CutPrefix(h.Get("Range"), "bytes=")
	if !ok || strings.Contains(text, ",") || h.Get("If-Range") != "" && h.Get("If-Range") != tag {
		return all, nil
	}
	begin, end, ok := strings.Cut(strings.TrimSpace(text), "-")
	if !ok {
		return all, nil
	}
	var from int64
	to := size - 1
	if begin == "" {
		last, ok := natural(end)
		if !ok {
			return all, nil
		}
		if from = max(size-last, 0); last == 0 {
			from = size
		}
	} else {
		if from, ok = natural(begin); !ok {
			return all, nil
		}
		if end != "" {
			if to, ok = natural(end); !ok || to < from {
				return all, nil
			}
			to = min(to, size-1)
		}
	}
	if from >= size {
		return span{}, problem.New(problem.RangeNotSatisfiable)
	}
	return span{from: from, length: to - from + 1}, nil
}

func natural(text string) (int64, bool) {
	if text == "" || strings.Trim(text, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(text, 10, 64)
	return n, err == nil
}
