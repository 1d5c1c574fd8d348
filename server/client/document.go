package client

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
)

// maxShown bounds what is read into memory to be judged before it leaves, in bytes: far above any document or derivative.
const maxShown = 32 << 20

// document gives the PDF. Its bytes are read and judged first; then disclosure.downloaded is committed; then the first byte leaves.
func (a *API) document(c echo.Context) error {
	ctx, view := c.Request().Context(), viewOf(c)
	if wait, ok := a.acts.Allow(view.Name, a.Now()); !ok { // each download is a record
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	bytes, whole, err := a.stored(ctx, postgres.PhotoRef{Record: view.Prepared.Hash, ID: view.Document.ID}, view.Document.SHA256)
	if err != nil {
		return err
	}
	if !whole {
		return problem.New(problem.EvidenceDamaged)
	}
	failpoint.Here("disclose.read")
	if err := a.DB.Download(ctx, view, a.Now()); err != nil {
		return err
	}
	failpoint.Here("disclose.downloaded")
	a.Committed()
	c.Response().Header().Set(echo.HeaderContentDisposition, `attachment; filename="disclosure.pdf"; filename*=UTF-8''%E7%94%B3%E5%91%8A%E6%9B%B8.pdf`)
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(bytes)))
	return c.Blob(http.StatusOK, blob.PDF, bytes)
}

// photo gives a derivative that this disclosure names, and no other. Bytes that are not what was sealed are given as they are: the reader's own
// verification says so in red, and a server that kept damage to itself would prove nothing. It is an image or nothing.
func (a *API) photo(c echo.Context) error {
	ctx, view := c.Request().Context(), viewOf(c)
	for _, p := range view.Photos {
		_, named, err := a.photoRecords(ctx, p)
		if err != nil {
			return err
		}
		if named.SHA256 != c.Param("sha256") {
			continue
		}
		bytes, whole, err := a.stored(ctx, p, named.SHA256)
		if err != nil {
			return err
		}
		kind := blob.Sniff(bytes[:min(len(bytes), 512)])
		if kind != blob.JPEG && kind != blob.PNG && kind != blob.WebP {
			return problem.New(problem.EvidenceDamaged)
		}
		if !whole {
			a.Log.Error("a stored photo is not what its record names", slog.String("sha256", named.SHA256))
		}
		c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(bytes)))
		return c.Blob(http.StatusOK, kind, bytes)
	}
	return problem.New(problem.NotFound)
}

// stored reads a blob that the database says is durable; whole says whether the bytes are those that its record names.
func (a *API) stored(ctx context.Context, p postgres.PhotoRef, sha256 string) (data []byte, whole bool, err error) {
	digest, err := postgres.ParseDigest(sha256)
	if err != nil {
		return nil, false, err
	}
	held, err := a.DB.StoredBlob(ctx, p.Record, digest)
	if err != nil {
		return nil, false, err
	}
	content, size, err := a.Objects.Get(ctx, held.Key)
	if err != nil {
		return nil, false, err
	}
	defer content.Close()
	if size > maxShown {
		return nil, false, fmt.Errorf("client: %s has %d bytes", held.Key, size)
	}
	var b bytes.Buffer
	b.Grow(int(size))
	if _, err := b.ReadFrom(io.LimitReader(content, maxShown)); err != nil {
		return nil, false, err
	}
	return b.Bytes(), blob.Of(b.Bytes()) == blob.Ref(digest), nil
}
