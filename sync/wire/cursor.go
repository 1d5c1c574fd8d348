package wire

import (
	"encoding/base64"
	"encoding/binary"
	"fmt"

	"tachiai/sync/ijson"
)

// Cursor is a reader's place in the feed: every change below Index has been
// delivered. Leaf ties it to one ledger: a server that holds another leaf
// there, or none, was restored or is another one (docs/protocol.md §7).
// The zero Cursor is the beginning. Comparable.
type Cursor struct {
	Index int64
	Leaf  [16]byte // the first 16 bytes of the RFC 6962 leaf hash of Index−1
}

// CursorAt returns the cursor after the leaf with the index, whose leaf hash is given.
func CursorAt(index int64, leafHash [32]byte) Cursor {
	return Cursor{Index: index + 1, Leaf: [16]byte(leafHash[:16])}
}

// ParseCursor reads the text form: empty, or 32 characters of base64url over 8
// bytes Index (big endian) and Leaf. One cursor has one text. Error: ErrCursor.
func ParseCursor(text string) (Cursor, error) {
	if text == "" {
		return Cursor{}, nil
	}
	var raw [24]byte
	if len(text) != 32 {
		return Cursor{}, fmt.Errorf("%w: %d characters", ErrCursor, len(text))
	}
	// The decoder would pass over line breaks; then the count comes out short.
	if n, err := base64.RawURLEncoding.Strict().Decode(raw[:], []byte(text)); err != nil || n != len(raw) {
		return Cursor{}, ErrCursor
	}
	index := binary.BigEndian.Uint64(raw[:8])
	if index == 0 || index > ijson.MaxInt {
		return Cursor{}, fmt.Errorf("%w: index out of range", ErrCursor)
	}
	return Cursor{Index: int64(index), Leaf: [16]byte(raw[8:])}, nil
}

// String returns the text form.
func (c Cursor) String() string {
	if c.Index == 0 {
		return ""
	}
	var raw [24]byte
	binary.BigEndian.PutUint64(raw[:8], uint64(c.Index))
	copy(raw[8:], c.Leaf[:])
	return base64.RawURLEncoding.EncodeToString(raw[:])
}
