package field

import (
	"bytes"
	"fmt"
	"hash"
	"io"
	"os"
	"sync"

	"tachiai/server/problem"
)

// spoolHead is how many bytes of one body are held in memory; the rest goes to a file. Two hundred slow uploads hold 13 MB together.
const spoolHead = 64 << 10

var spoolBuffers = sync.Pool{New: func() any { return new([spoolHead]byte) }}

// spool keeps the body of one request until it is whole or cut off. A body of up to 64 KiB stays in memory; a longer one goes to a file
// that was unlinked when it was made, so that a crash at any point leaves nothing behind.
type spool struct {
	dir    string
	buffer *[spoolHead]byte
	held   int // bytes in buffer that are not in file
	file   *os.File
	size   int64
	sums   []hash.Hash
}

// newSpool makes an empty spool whose file, when one is needed, lies in dir. Every byte is also written to each of sums. The caller MUST
// call close.
func newSpool(dir string, sums ...hash.Hash) *spool {
	return &spool{dir: dir, buffer: spoolBuffers.Get().(*[spoolHead]byte), sums: sums}
}

// fill reads body to its end. What was read before an error is kept: after a cut the spool holds exactly the bytes that arrived. A body of
// more than limit bytes is errTooBig, a disk that takes no more is a problem too; any other error is the body's own: a cut.
func (s *spool) fill(body io.Reader, limit int64) error {
	for {
		if s.held == len(s.buffer) {
			if err := s.flush(); err != nil {
				return err
			}
		}
		room := s.buffer[s.held:]
		if left := limit - s.size; int64(len(room)) > left {
			room = room[:left+1]
		}
		n, err := body.Read(room)
		if s.size+int64(n) > limit {
			return errTooBig
		}
		for _, sum := range s.sums {
			sum.Write(room[:n])
		}
		s.held += n
		s.size += int64(n)
		switch {
		case err == io.EOF:
			return nil
		case err != nil:
			return err
		}
	}
}

// flush moves the bytes in memory to the file.
func (s *spool) flush() error {
	if s.file == nil {
		file, err := os.CreateTemp(s.dir, "spool-*")
		if err != nil {
			return problem.Wrap(problem.InsufficientStorage, fmt.Errorf("field: spool: %w", err))
		}
		s.file = file
		if err := os.Remove(file.Name()); err != nil {
			return problem.Wrap(problem.InsufficientStorage, fmt.Errorf("field: spool: %w", err))
		}
	}
	if _, err := s.file.Write(s.buffer[:s.held]); err != nil {
		return problem.Wrap(problem.InsufficientStorage, fmt.Errorf("field: spool: %w", err))
	}
	s.held = 0
	return nil
}

// reader gives the spooled bytes from the first. It stays valid until close.
func (s *spool) reader() (io.ReadSeeker, error) {
	if s.file == nil {
		return bytes.NewReader(s.buffer[:s.held]), nil
	}
	if err := s.flush(); err != nil {
		return nil, err
	}
	return io.NewSectionReader(s.file, 0, s.size), nil
}

// close gives memory and file back.
func (s *spool) close() {
	if s.file != nil {
		s.file.Close()
		s.file = nil
	}
	if s.buffer != nil {
		spoolBuffers.Put(s.buffer)
		s.buffer = nil
	}
}
