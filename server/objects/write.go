package objects

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"

	"github.com/minio/minio-go/v7"

	"tachiai/sync/blob"
)

// Put stores size bytes of r, which are named ref, under key, and replaces what
// was there. One streamed request, never read again, never held in memory: r
// need not be seekable. The store compares the SHA-256 itself and stores nothing
// when it differs (ErrMismatch); fewer or more bytes are blob.ErrSize. An error
// of r comes back as it is.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, ref blob.Ref) error {
	opts := putOptions(ref)
	body := &sized{r: r, left: size}
	_, err := s.core.PutObject(ctx, s.bucket, key, body, size, "", "", opts)
	switch {
	case err == nil:
		return nil
	case body.err != nil:
		return fmt.Errorf("put %s: %w", key, body.err)
	}
	return translate("put "+key, err)
}

// Create stores data under key unless an object is there already: ErrExists,
// which a repeated request after a lost answer sees too, so compare what is
// there before calling it a conflict.
func (s *Store) Create(ctx context.Context, key string, data []byte) error {
	opts := putOptions(blob.Of(data))
	opts.SetMatchETagExcept("*")
	_, err := s.core.PutObject(ctx, s.bucket, key, bytes.NewReader(data), int64(len(data)), "", "", opts)
	return translate("create "+key, err)
}

// Delete removes key. An object that is not there is no error.
func (s *Store) Delete(ctx context.Context, key string) error {
	err := translate("delete "+key, s.core.RemoveObject(ctx, s.bucket, key, minio.RemoveObjectOptions{}))
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// putOptions: the checksum is a plain header, which the store must compare
// before it acknowledges. The signature leaves the body out
// (UNSIGNED-PAYLOAD), so that the bytes are hashed once here and once there, and
// minio-go needs no chunk buffer.
func putOptions(ref blob.Ref) minio.PutObjectOptions {
	return minio.PutObjectOptions{
		DisableContentSha256: true,
		DisableMultipart:     true,
		UserMetadata:         map[string]string{"X-Amz-Checksum-Sha256": base64.StdEncoding.EncodeToString(ref[:])},
	}
}

// sized passes exactly left bytes on and remembers why it could not. It hides
// every other method of r: minio-go would use ReadAt or Seek to read twice.
type sized struct {
	r    io.Reader
	left int64
	err  error
}

func (s *sized) Read(p []byte) (int, error) {
	if s.err != nil || len(p) == 0 {
		return 0, s.err
	}
	if s.left == 0 {
		return 0, io.EOF
	}
	if int64(len(p)) > s.left {
		p = p[:s.left]
	}
	n, err := s.r.Read(p)
	s.left -= int64(n)
	if err == io.EOF {
		if s.left == 0 {
			return n, io.EOF
		}
		err = fmt.Errorf("%w: %d missing", blob.ErrSize, s.left)
	}
	if err != nil {
		s.err = err
		return n, err
	}
	if s.left > 0 {
		return n, nil
	}
	// All bytes are here. The verdict of a checking reader, and a byte too many,
	// come only with the next read; ask before the last byte is sent, or the
	// store would acknowledge.
	var one [1]byte
	for err == nil {
		var more int
		if more, err = s.r.Read(one[:]); more > 0 {
			err = fmt.Errorf("%w: more than announced", blob.ErrSize)
		}
	}
	if err != io.EOF {
		s.err = err
		return n - 1, err
	}
	return n, io.EOF
}
