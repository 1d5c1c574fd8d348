package objects

import (
	"errors"
	"fmt"
	"io"
	"sync"

	"tachiai/sync/blob"
)

// sized passes exactly left bytes on and remembers why it could not. It hides
// every other method of r: minio-go would use ReadAt or Seek to read twice.
//
// The last byte is held back until r has said io.EOF, because only then has a
// checking reader given its verdict: once all announced bytes are sent, the
// store acknowledges.
type sized struct {
	r    io.Reader // used by one goroutine: net/http's writer
	left int64

	mu      sync.Mutex
	err     error // why r could not be passed on
	stopped bool
}

// stop forbids further reads, for net/http may go on after its RoundTrip has
// returned, and tells why r failed.
func (s *sized) stop() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.stopped = true
	return s.err
}

func (s *sized) fail(err error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.err = err
	return err
}

func (s *sized) state() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.err == nil && s.stopped {
		return errStopped
	}
	return s.err
}

var errStopped = errors.New("the request has ended")

func (s *sized) Read(p []byte) (int, error) {
	if err := s.state(); err != nil || len(p) == 0 {
		return 0, err
	}
	if s.left == 0 {
		return 0, s.finish(nil)
	}
	if int64(len(p)) > s.left {
		p = p[:s.left]
	}
	n, err := s.r.Read(p)
	s.left -= int64(n)
	if s.left > 0 {
		if isEnd(err) {
			err = fmt.Errorf("%w: %d missing", blob.ErrSize, s.left)
		}
		if err != nil {
			return n, s.fail(err)
		}
		return n, nil
	}
	if err := s.finish(err); !isEnd(err) {
		return max(n-1, 0), err
	}
	return n, io.EOF
}

// finish is asked when all announced bytes have come. It returns io.EOF when r
// ends there too.
func (s *sized) finish(err error) error {
	var one [1]byte
	for err == nil {
		var more int
		if more, err = s.r.Read(one[:]); more > 0 {
			err = fmt.Errorf("%w: more than announced", blob.ErrSize)
		}
	}
	if !isEnd(err) {
		return s.fail(err)
	}
	return err
}

// isEnd: io.EOF itself, as io.Reader demands. An error that only wraps it is a
// failure, and must not be taken for the end of a photo.
func isEnd(err error) bool {
	return err == io.EOF //nolint:errorlint // see above
}
