package field

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/gzip"

	"tachiai/server/problem"
)

// The ways in which the body of a request cannot be used.
var (
	errMedia   = problem.New(problem.UnsupportedMediaType)
	errTooBig  = problem.New(problem.BodyTooLarge)
	errEncoded = problem.New(problem.BadRequest).At("", "encoding")
)

var gzipReaders = sync.Pool{New: func() any { return new(gzip.Reader) }}

// readJSON gives the decoded body of a JSON request. A body of more than limit bytes, before or after decoding, is errTooBig, and no more
// than limit+1 bytes of it are ever held: a gzip bomb costs what an honest request costs.
func readJSON(r *http.Request, limit int64) ([]byte, error) {
	media, params, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || media != "application/json" || (params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8")) {
		return nil, errMedia
	}
	if r.ContentLength > limit {
		return nil, errTooBig
	}
	raw := &io.LimitedReader{R: r.Body, N: limit + 1}
	var plain io.Reader = raw
	size := max(r.ContentLength, 0)
	switch encoding := r.Header.Get("Content-Encoding"); encoding {
	case "", "identity":
	case "gzip":
		unzip := gzipReaders.Get().(*gzip.Reader)
		defer gzipReaders.Put(unzip)
		if err := unzip.Reset(raw); err != nil {
			return nil, bodyError(err, raw.N == 0)
		}
		plain, size = unzip, min(4*size, limit)
	default:
		return nil, errMedia
	}
	var body bytes.Buffer
	body.Grow(int(size) + bytes.MinRead)
	if _, err := body.ReadFrom(io.LimitReader(plain, limit+1)); err != nil {
		return nil, bodyError(err, raw.N == 0)
	}
	if int64(body.Len()) > limit {
		return nil, errTooBig
	}
	return body.Bytes(), nil
}

// bodyError says what is wrong with a body that could not be read; full means that the limit ended it.
func bodyError(err error, full bool) error {
	switch {
	case full:
		return errTooBig
	case errors.Is(err, gzip.ErrHeader), errors.Is(err, gzip.ErrChecksum), errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return errEncoded
	}
	var corrupt flate.CorruptInputError
	if errors.As(err, &corrupt) {
		return errEncoded
	}
	return fmt.Errorf("field: read the body: %w", err)
}
