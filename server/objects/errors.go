package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"

	"github.com/minio/minio-go/v7"
)

// What went wrong, as far as a caller can act on it.
var (
	// ErrNotFound: no object (or bucket) of that name.
	ErrNotFound = errors.New("object not found")
	// ErrExists: Create found an object of that name.
	ErrExists = errors.New("object exists")
	// ErrMismatch: the bytes are not the named ones; nothing was stored.
	ErrMismatch = errors.New("object bytes differ from their name")
	// ErrUnavailable: the store did not answer, or not now. Trying again may
	// help. After a failed write the object may or may not be there.
	ErrUnavailable = errors.New("object store unavailable")
)

// translate wraps an error of minio-go with the sentinel that it means. Bugs and
// refusals (access denied, bad names) stay as they are.
func translate(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", doing, err)
	}
	var answer minio.ErrorResponse
	if !errors.As(err, &answer) {
		if brokenConnection(err) {
			return fmt.Errorf("%s: %w: %w", doing, ErrUnavailable, err)
		}
		return fmt.Errorf("%s: %w", doing, err) // minio-go refused the request
	}
	sentinel := error(nil)
	switch answer.Code {
	case minio.NoSuchKey, minio.NoSuchBucket, "NotFound":
		sentinel = ErrNotFound
	case "PreconditionFailed", "ConditionalRequestConflict":
		sentinel = ErrExists
	case "BadDigest", "XAmzContentSHA256Mismatch", "XAmzContentChecksumMismatch", "InvalidDigest":
		sentinel = ErrMismatch
	}
	if sentinel == nil {
		switch {
		case answer.StatusCode == http.StatusNotFound:
			sentinel = ErrNotFound
		case answer.StatusCode == http.StatusPreconditionFailed:
			sentinel = ErrExists
		case answer.StatusCode == http.StatusTooManyRequests, answer.StatusCode >= 500:
			sentinel = ErrUnavailable
		}
	}
	if sentinel == nil {
		return fmt.Errorf("%s: %w", doing, err)
	}
	return fmt.Errorf("%s: %w: %s (%d)", doing, sentinel, answer.Code, answer.StatusCode)
}

// brokenConnection: refused, reset, timed out, cut off in mid-answer. A
// *url.Error, which wraps whatever http.Client returns, is a net.Error too.
func brokenConnection(err error) bool {
	var network net.Error
	return errors.As(err, &network) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, io.EOF)
}
