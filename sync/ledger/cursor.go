package ledger

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"
)

// A Cursor says how far a reader has followed the ledger: everything below Next
// is delivered, and Leaf is the beginning of the hash of the last leaf below it.
// A server whose ledger holds another leaf there, or none, was restored from the
// past, and the reader must begin anew. It is comparable; the zero Cursor is the
// beginning. Readers treat its text as opaque.
type Cursor struct {
	Next int64
	Leaf [16]byte // first 16 bytes of the hash of leaf Next−1
}

// CursorAfter returns the cursor behind the leaf at index.
func CursorAfter(index int64, leaf Hash) Cursor { return Cursor{index + 1, [16]byte(leaf[:16])} }

// String returns the text form: base64url without padding of Next, 8 bytes big
// endian, and Leaf, 32 characters; empty for the beginning.
func (c Cursor) String() string {
	if c == (Cursor{}) {
		return ""
	}
	b := binary.BigEndian.AppendUint64(nil, uint64(c.Next))
	return base64.RawURLEncoding.EncodeToString(append(b, c.Leaf[:]...))
}

// ParseCursor reads the text form, only as String writes it. Errors: ErrForm.
func ParseCursor(s string) (Cursor, error) {
	if s == "" {
		return Cursor{}, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 24 || len(s) != 32 {
		return Cursor{}, fmt.Errorf("%w: cursor", ErrForm)
	}
	next := binary.BigEndian.Uint64(b)
	if next < 1 || next > MaxSize {
		return Cursor{}, fmt.Errorf("%w: cursor", ErrForm)
	}
	return Cursor{int64(next), [16]byte(b[8:])}, nil
}
