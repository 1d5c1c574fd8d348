package office

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// held is a record as the page gets it, to be verified there.
type held struct {
	Record     string        `json:"record"`
	Receipt    string        `json:"receipt"`
	Index      int64         `json:"index"`
	ReceivedAt int64         `json:"received_at"`
	Flags      []record.Flag `json:"flags"`
	Blobs      []heldBlob    `json:"blobs"`
}

// heldBlob is a blob that the record names. Of one whose field was erased, only id and role are left.
type heldBlob struct {
	ID     string  `json:"id"`
	Role   string  `json:"role"`
	SHA256 string  `json:"sha256,omitempty"`
	Size   int64   `json:"size,omitempty"`
	Type   string  `json:"type,omitempty"` // as the phone named it
	Of     *string `json:"of"`             // id of the original, of a derivative
	Stored bool    `json:"stored"`
}

func (a *API) held(e postgres.Evidence) (held, error) {
	receipt, err := seal.SignCore(e.ReceiptCore, a.Keys.Receipt)
	if err != nil {
		return held{}, fmt.Errorf("office: sign receipt: %w", err)
	}
	h := held{
		Record: e.Compact, Receipt: receipt, Index: e.Index, ReceivedAt: e.ReceivedAt.UnixMilli(), Flags: e.Flags, Blobs: []heldBlob{},
	}
	if h.Flags == nil {
		h.Flags = []record.Flag{}
	}
	if e.Record == nil { // spoilt: the page will say so
		return h, nil
	}
	known := map[string]record.BlobField{}
	for _, b := range e.BlobFields() {
		known[b.ID] = b
	}
	for _, slot := range e.Blobs {
		b := heldBlob{ID: slot.ID, Role: slot.Role, Stored: e.Stored[slot.ID]}
		if field, ok := known[slot.ID]; ok {
			b.SHA256, b.Size, b.Type = field.SHA256, field.Size, field.Type
			if field.Of != "" {
				b.Of = &field.Of
			}
		}
		h.Blobs = append(h.Blobs, b)
	}
	return h, nil
}

func (a *API) record(c echo.Context) error {
	hash, err := pathHash(c, "hash")
	if err != nil {
		return err
	}
	e, err := a.DB.Evidence(c.Request().Context(), hash)
	if err != nil {
		return err
	}
	h, err := a.held(e)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, h)
}

// template gives the body of a published form, as it was published: what a paper of a form that is not built in is judged by.
func (a *API) template(c echo.Context) error {
	version, err := strconv.ParseInt(c.Param("version"), 10, 32)
	if err != nil {
		return problem.Wrap(problem.NotFound, err)
	}
	published, err := a.DB.Template(c.Request().Context(), c.Param("template"), version)
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, published.Body)
}
