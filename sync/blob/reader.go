package blob

import (
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
)

// Reader passes bytes on and checks them on the way: see NewReader.
type Reader struct {
	from io.Reader
	want Ref
	left int64 // bytes that may still come
	size int64
	sum  hash.Hash
	err  error // sticky
}

// NewReader returns a reader of size bytes from r that are named want. It fails
// at the end, in place of io.EOF: with ErrSize when r holds fewer or more than
// size bytes, with ErrMismatch when their SHA-256 is not want. So whoever saw
// io.EOF has seen the right bytes, all of them. It reads at most size+1 bytes
// of r. The failure is permanent.
func NewReader(r io.Reader, want Ref, size int64) *Reader {
	return &Reader{from: r, want: want, left: size, size: size, sum: sha256.New()}
}

// Read implements io.Reader.
func (r *Reader) Read(p []byte) (int, error) {
	if r.err != nil || len(p) == 0 {
		return 0, r.err
	}
	if r.left <= 0 {
		r.err = r.end()
		return 0, r.err
	}
	if int64(len(p)) > r.left {
		p = p[:r.left]
	}
	n, err := r.from.Read(p)
	r.sum.Write(p[:n])
	r.left -= int64(n)
	switch {
	case err == io.EOF && r.left > 0:
		r.err = fmt.Errorf("%w: %d of %d", ErrSize, r.size-r.left, r.size)
	case err == io.EOF:
		r.err = r.verdict()
	default:
		r.err = err
	}
	return n, r.err
}

// end is asked when all announced bytes have come: nothing may follow.
func (r *Reader) end() error {
	if r.left < 0 {
		return fmt.Errorf("%w: size %d", ErrSize, r.size)
	}
	var one [1]byte
	for {
		n, err := r.from.Read(one[:])
		switch {
		case n > 0:
			return fmt.Errorf("%w: more than %d", ErrSize, r.size)
		case err == io.EOF:
			return r.verdict()
		case err != nil:
			return err
		}
	}
}

func (r *Reader) verdict() error {
	if Ref(r.sum.Sum(nil)) != r.want {
		return ErrMismatch
	}
	return io.EOF
}
