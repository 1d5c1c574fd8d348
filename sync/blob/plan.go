package blob

import "fmt"

// Plan returns the next part of an upload of size bytes of which offset are
// there already: the bytes from (included) to (excluded), at most chunk long,
// and whether they are the last. An empty blob has one empty part. ErrPlan when
// the numbers describe no upload, or nothing is left to send.
func Plan(size, offset, chunk int64) (from, to int64, last bool, err error) {
	if size < 0 || offset < 0 || chunk <= 0 || offset > size || offset == size && size > 0 {
		return 0, 0, false, fmt.Errorf("%w: size %d, offset %d, chunk %d", ErrPlan, size, offset, chunk)
	}
	to = size
	if size-offset > chunk {
		to = offset + chunk
	}
	return offset, to, to == size, nil
}
