package main

import (
	"crypto/rand"
	"encoding/binary"
	"io"
	"sync/atomic"

	"tachiai/sync/blob"
)

// film makes photos that differ in their first bytes only, so that thousands of them share one piece of memory. To server and disk they are
// thousands of incompressible JPEGs.
type film struct {
	grain []byte
	count atomic.Uint64
}

func newFilm(largest int) *film {
	f := &film{grain: make([]byte, largest)}
	_, _ = rand.Read(f.grain) // never fails (Go 1.24)
	return f
}

// photo is one picture; it reads as its bytes.
type photo struct {
	head   [32]byte // SOI, an APP1 marker, a number
	rest   []byte
	digest blob.Ref
}

// take makes a photo of size bytes.
func (f *film) take(size int) *photo {
	p := &photo{rest: f.grain[:size-len(photo{}.head)]}
	copy(p.head[:], "\xff\xd8\xff\xe1\x00\x1aExif\x00\x00")
	binary.BigEndian.PutUint64(p.head[16:], f.count.Add(1))
	_, _ = rand.Read(p.head[24:])
	all := make([]byte, 0, size)
	p.digest = blob.Of(append(append(all, p.head[:]...), p.rest...))
	return p
}

func (p *photo) size() int { return len(p.head) + len(p.rest) }

// ReadAt is io.ReaderAt.
func (p *photo) ReadAt(b []byte, offset int64) (n int, err error) {
	if offset < int64(len(p.head)) {
		n = copy(b, p.head[offset:])
	}
	if at := offset + int64(n) - int64(len(p.head)); n < len(b) && at < int64(len(p.rest)) {
		n += copy(b[n:], p.rest[at:])
	}
	if n < len(b) {
		return n, io.EOF
	}
	return n, nil
}

// part reads size bytes from offset on; it can be read again.
func (p *photo) part(offset, size int) *io.SectionReader {
	return io.NewSectionReader(p, int64(offset), int64(size))
}
