package objects

import (
	"context"
	"fmt"
	"io"
	"iter"
	"time"

	"github.com/minio/minio-go/v7"
)

// Object is what a listing or Stat knows.
type Object struct {
	Key      string
	Size     int64 // bytes
	Modified time.Time
}

// Get opens an object. The caller closes the reader; its reads fail with
// ErrUnavailable or io.ErrUnexpectedEOF when the store goes away, never with an
// early io.EOF.
func (s *Store) Get(ctx context.Context, key string) (io.ReadCloser, int64, error) {
	return s.get(ctx, key, minio.GetObjectOptions{})
}

// GetRange opens length bytes of an object from offset on; fewer when the object
// ends before. offset must lie inside the object. size is that of the range.
func (s *Store) GetRange(ctx context.Context, key string, offset, length int64) (_ io.ReadCloser, size int64, _ error) {
	if offset < 0 || length <= 0 {
		return nil, 0, fmt.Errorf("get %s: range of %d bytes from %d", key, length, offset)
	}
	var opts minio.GetObjectOptions
	if err := opts.SetRange(offset, offset+length-1); err != nil {
		return nil, 0, fmt.Errorf("get %s: %w", key, err)
	}
	return s.get(ctx, key, opts)
}

func (s *Store) get(ctx context.Context, key string, opts minio.GetObjectOptions) (io.ReadCloser, int64, error) {
	body, info, _, err := s.core.GetObject(ctx, s.bucket, key, opts)
	if err != nil {
		return nil, 0, translate("get "+key, err)
	}
	return &reader{body: body, key: key, left: info.Size}, info.Size, nil
}

// reader turns a connection that broke into a sentinel.
type reader struct {
	body io.ReadCloser
	key  string
	left int64
}

func (r *reader) Read(p []byte) (int, error) {
	n, err := r.body.Read(p)
	r.left -= int64(n)
	switch {
	case isEnd(err) && r.left > 0:
		err = fmt.Errorf("get %s: %w: %w", r.key, ErrUnavailable, io.ErrUnexpectedEOF)
	case err != nil && !isEnd(err):
		err = translate("get "+r.key, err)
	}
	return n, err
}

func (r *reader) Close() error { return r.body.Close() }

// Stat returns size and time of an object without its bytes.
func (s *Store) Stat(ctx context.Context, key string) (Object, error) {
	info, err := s.core.StatObject(ctx, s.bucket, key, minio.StatObjectOptions{})
	if err != nil {
		return Object{}, translate("stat "+key, err)
	}
	return Object{Key: key, Size: info.Size, Modified: info.LastModified}, nil
}

// List yields the objects whose keys start with prefix, in the order of their
// keys, page by page. An error ends it.
func (s *Store) List(ctx context.Context, prefix string) iter.Seq2[Object, error] {
	return s.ListAfter(ctx, prefix, "")
}

// ListAfter is List from behind the key after, which need not exist: the newest
// of many keys that grow is found without reading the others.
func (s *Store) ListAfter(ctx context.Context, prefix, after string) iter.Seq2[Object, error] {
	return func(yield func(Object, error) bool) {
		ctx, stop := context.WithCancel(ctx)
		defer stop()
		opts := minio.ListObjectsOptions{Prefix: prefix, StartAfter: after, Recursive: true}
		for o := range s.core.ListObjectsIter(ctx, s.bucket, opts) {
			if o.Err != nil {
				yield(Object{}, translate("list "+prefix, o.Err))
				return
			}
			if !yield(Object{Key: o.Key, Size: o.Size, Modified: o.LastModified}, nil) {
				return
			}
		}
	}
}
