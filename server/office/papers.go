package office

import (
	"bytes"
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/documents"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/blob"
	"tachiai/sync/form"
	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// newID makes an id.
func (a *API) newID() record.ID { return record.NewID(a.Now(), rand.Reader) }

// fact is a text among the facts of a case.
func fact(c *history.Case, name string) (text string) {
	if err := json.Unmarshal(c.Facts[name], &text); err != nil {
		return ""
	}
	return text
}

// paper is what every edition of a signed record is set from.
func (a *API) paper(ctx context.Context, r postgres.Held) (in documents.Input, err error) {
	if in.Fonts, err = a.Fonts(); err != nil {
		return in, err
	}
	receipt, err := seal.ParseReceiptCore(r.ReceiptCore)
	if err != nil {
		return in, err
	}
	in.Record, in.Receipt, in.Agency, in.VerifyURL, in.Root = r.Record, &receipt, a.Agency, a.PublicURL, a.Keys.Fingerprint()
	presentation, _ := r.Field("presentation")
	id, _ := presentation.Get("template").Text()
	version, _ := presentation.Get("version").Int()
	if _, builtin := form.Lookup(id, version); builtin || id == "" {
		return in, nil
	}
	published, err := a.DB.Template(ctx, id, version)
	if err != nil {
		return in, err
	}
	in.Template, err = form.Parse(published.Body)
	return in, err
}

// set sets a document; a record that is none is the caller's mistake, and nothing else is.
func set(in documents.Input) ([]byte, error) {
	pdf, err := documents.Declaration(in)
	if errors.Is(err, documents.ErrPaper) {
		err = problem.Wrap(problem.PaperUnusable, err)
	}
	return pdf, err
}

// recordDocument gives the full edition of a signed record.
func (a *API) recordDocument(c echo.Context) error {
	hash, err := pathHash(c, "hash")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	held, err := a.DB.Held(ctx, hash)
	if err != nil {
		return err
	}
	in, err := a.paper(ctx, held)
	if err != nil {
		return err
	}
	of, err := a.DB.Case(ctx, held.Case)
	if err != nil && !errors.Is(err, postgres.ErrNotFound) {
		return err
	}
	in.Edition, in.Issued, in.Practice = documents.Full, a.Now(), of != nil && of.Practice
	pdf, err := set(in)
	if err != nil {
		return err
	}
	return sendPDF(c, pdf)
}

func sendPDF(c echo.Context, pdf []byte) error {
	c.Response().Header().Set(echo.HeaderContentDisposition, "inline")
	c.Response().Header().Set(echo.HeaderContentLength, strconv.Itoa(len(pdf)))
	return c.Blob(http.StatusOK, blob.PDF, pdf)
}

// clientEdition sets what the recipient gets and stores it create-only, under its own digest.
func (a *API) clientEdition(ctx context.Context, d postgres.NewDisclosure, photos []documents.Photo, now time.Time) (b postgres.NewBlob, err error) {
	in, err := a.paper(ctx, d.Declaration)
	if err != nil {
		return b, err
	}
	in.Edition, in.Issued, in.Photos = documents.Client, now, photos
	in.Recipient = strings.Join(strings.Fields(d.Recipient.Organisation+" "+d.Recipient.Department+" "+d.Recipient.Name), " ")
	pdf, err := set(in)
	if err != nil {
		return b, err
	}
	b = postgres.NewBlob{ID: "document", Role: "document", SHA256: postgres.Digest(blob.Of(pdf)), Size: int64(len(pdf)), Type: blob.PDF}
	b.Key = "d/" + d.ID.String() + "/" + b.SHA256.String()
	return b, a.create(ctx, b.Key, pdf)
}

// create stores bytes under a key that holds their digest: what lies there already is the same.
func (a *API) create(ctx context.Context, key string, data []byte) error {
	if err := a.Objects.Create(ctx, key, data); err != nil && !errors.Is(err, objects.ErrExists) {
		return err
	}
	return nil
}

// disclosureDocument gives the office the client edition, byte for byte as its recipient gets it.
func (a *API) disclosureDocument(c echo.Context) error {
	id, err := pathID(c, "disclosure")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	h, err := a.DB.Handout(ctx, id)
	if err != nil {
		return err
	}
	pdf, err := a.load(ctx, h.Prepared.Hash, h.Document)
	if err != nil {
		return err
	}
	return sendPDF(c, pdf)
}

// maxLoaded bounds a blob that is read into memory, in bytes.
const maxLoaded = 64 << 20

// load reads a stored blob of a record into memory and judges it. Error: problem.EvidenceDamaged, when the bytes are not the named ones.
func (a *API) load(ctx context.Context, owner record.Hash, b record.BlobField) ([]byte, error) {
	digest, err := postgres.ParseDigest(b.SHA256)
	if err != nil {
		return nil, err
	}
	stored, err := a.DB.StoredBlob(ctx, owner, digest)
	if err != nil {
		return nil, err
	}
	if stored.Size > maxLoaded {
		return nil, problem.New(problem.PhotoUnusable)
	}
	content, _, err := a.Objects.Get(ctx, stored.Key)
	if err != nil {
		return nil, err
	}
	defer content.Close()
	var data bytes.Buffer
	data.Grow(int(stored.Size))
	_, err = io.Copy(&data, blob.NewReader(content, blob.Ref(digest), stored.Size))
	if errors.Is(err, blob.ErrMismatch) || errors.Is(err, blob.ErrSize) {
		err = problem.Wrap(problem.EvidenceDamaged, fmt.Errorf("%s: %w", stored.Key, err))
	}
	return data.Bytes(), err
}
