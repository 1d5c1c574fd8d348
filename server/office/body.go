package office

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// maxBody bounds a request's body, in bytes.
const maxBody = 256 << 10

// body is a request's JSON object, read member by member; err tells all that is wrong with it at once.
type body struct {
	ijson.Obj
	faults *ijson.Faults
}

// read reads the body of a request: one strict JSON object of at most maxBody bytes, with no members but names. No body is an empty object.
func read(c echo.Context, names ...string) (body, error) {
	r := c.Request()
	if r.ContentLength > maxBody {
		return body{}, problem.New(problem.BodyTooLarge)
	}
	var text bytes.Buffer
	if _, err := text.ReadFrom(io.LimitReader(r.Body, maxBody+1)); err != nil {
		if errors.Is(err, io.ErrUnexpectedEOF) {
			return body{}, problem.Wrap(problem.Timeout, err)
		}
		return body{}, fmt.Errorf("office: read the body: %w", err)
	}
	if text.Len() > maxBody {
		return body{}, problem.New(problem.BodyTooLarge)
	}
	if text.Len() == 0 {
		text.WriteString("{}")
	}
	value, err := ijson.Parse(text.Bytes(), ijson.Limits{Bytes: maxBody})
	if err != nil {
		return body{}, err
	}
	b := body{faults: &ijson.Faults{}}
	b.Obj = value.Obj(b.faults)
	b.Only(names...)
	return b, nil
}

// err is nil when nothing was found wrong.
func (b body) err() error { return b.faults.Err() }

// id reads an id that must be there.
func (b body) id(name string) record.ID {
	id, err := record.ParseID(b.String(name))
	if err != nil && b.Value().Get(name).Kind() == ijson.String {
		b.Fault(name, ijson.ErrValue, "not a UUID")
	}
	return id
}

// optID reads an id that may be absent; then it is zero.
func (b body) optID(name string) record.ID {
	if !b.Has(name) {
		return record.ID{}
	}
	return b.id(name)
}

// ids reads a list of ids that must be there.
func (b body) ids(name string) []record.ID {
	list := b.Arr(name)
	ids := make([]record.ID, 0, list.Len())
	for i, text := range list.Strings() {
		id, err := record.ParseID(text)
		if err != nil && text != "" {
			list.Fault(i, ijson.ErrValue, "not a UUID")
		}
		ids = append(ids, id)
	}
	return ids
}

// hash reads the hash of a record that must be there.
func (b body) hash(name string) record.Hash {
	hash, err := record.ParseHash(b.String(name))
	if err != nil && b.Value().Get(name).Kind() == ijson.String {
		b.Fault(name, ijson.ErrValue, "not a hash")
	}
	return hash
}

// hashes reads a list of hashes that must be there.
func (b body) hashes(name string) []record.Hash {
	list := b.Arr(name)
	hashes := make([]record.Hash, 0, list.Len())
	for i, text := range list.Strings() {
		hash, err := record.ParseHash(text)
		if err != nil && text != "" {
			list.Fault(i, ijson.ErrValue, "not a hash")
		}
		hashes = append(hashes, hash)
	}
	return hashes
}

// pathID reads an id out of the path. What is no id names nothing.
func pathID(c echo.Context, name string) (record.ID, error) {
	id, err := record.ParseID(c.Param(name))
	if err != nil {
		return id, problem.Wrap(problem.NotFound, err)
	}
	return id, nil
}

// pathHash reads the hash of a record out of the path.
func pathHash(c echo.Context, name string) (record.Hash, error) {
	hash, err := record.ParseHash(c.Param(name))
	if err != nil {
		return hash, problem.Wrap(problem.NotFound, err)
	}
	return hash, nil
}

// faulty tells where in the body the fields of a record stand that the office's schema refuses; within is the pointer of their object.
func faulty(err error, within string) error {
	var schema *postgres.SchemaError
	if !errors.As(err, &schema) {
		return err
	}
	p := problem.Wrap(problem.BadRequest, err)
	for _, f := range schema.Faults {
		p = p.At(within+strings.TrimPrefix(f.Pointer, "/field"), f.Code)
	}
	return p
}

// done answers that it is done.
func done(c echo.Context) error { return c.NoContent(http.StatusNoContent) }
