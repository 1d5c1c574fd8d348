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
// of r comes back as it is. When Put fails, one Read of r that is under way may
// still end after it.
func (s *Store) Put(ctx context.Context, key string, r io.Reader, size int64, ref blob.Ref) error {
	opts := putOptions(ref)
	body := &sized{r: r, left: size}
	if size == 0 { // net/http does not look at an empty body
		if err := body.finish(nil); !isEnd(err) {
			return fmt.Errorf("put %s: %w", key, err)
		}
	}
	_, err := s.core.PutObject(ctx, s.bucket, key, body, size, "", "", opts)
	if err == nil {
		return nil
	}
	if cause := body.stop(); cause != nil {
		return fmt.Errorf("put %s: %w", key, cause)
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

// Delete removes keys; several go in one request for each thousand. An object
// that is not there is no error. After an error some may be gone.
func (s *Store) Delete(ctx context.Context, keys ...string) error {
	switch len(keys) {
	case 0:
		return nil
	case 1:
		err := translate("delete "+keys[0], s.core.RemoveObject(ctx, s.bucket, keys[0], minio.RemoveObjectOptions{}))
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		return err
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	named := make(chan minio.ObjectInfo, len(keys))
	for _, key := range keys {
		named <- minio.ObjectInfo{Key: key}
	}
	close(named)
	var faults []error
	for failed := range s.core.RemoveObjects(ctx, s.bucket, named, minio.RemoveObjectsOptions{}) {
		if err := translate("delete "+failed.ObjectName, failed.Err); err != nil && !errors.Is(err, ErrNotFound) {
			faults = append(faults, err)
		}
	}
	return errors.Join(faults...)
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
