package record

import (
	"encoding/binary"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"time"
)

// ID is a UUID (RFC 9562): comparable, and in version 7 ordered by the time of
// its making. Its only text form is lower case with hyphens, 36 characters. The
// zero ID, which RFC 9562 calls the nil UUID, stands for "none" and is never
// written.
type ID [16]byte

// ErrID reports text that is not a UUID in its lower-case form.
var ErrID = errors.New("not a lower-case UUID")

// NewID returns a UUIDv7: 48 bits of now in milliseconds, 74 bits out of random
// (RFC 9562 §5.7). It panics if random fails, as crypto/rand.Reader cannot.
func NewID(now time.Time, random io.Reader) ID {
	var id ID
	if _, err := io.ReadFull(random, id[6:]); err != nil {
		panic(fmt.Sprintf("record: no randomness: %v", err))
	}
	var ms [8]byte
	binary.BigEndian.PutUint64(ms[:], uint64(now.UnixMilli()))
	copy(id[:6], ms[2:])
	id[6] = 0x70 | id[6]&0x0f
	id[8] = 0x80 | id[8]&0x3f
	return id
}

// ParseID reads the text form. The nil UUID is ErrID: it names nothing.
func ParseID(s string) (ID, error) {
	var id ID
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return ID{}, ErrID
	}
	digits := s[:8] + s[9:13] + s[14:18] + s[19:23] + s[24:]
	if !isHex(digits) {
		return ID{}, ErrID
	}
	_, _ = hex.Decode(id[:], []byte(digits)) // digits are 32 hex digits
	if id.IsZero() {
		return ID{}, ErrID
	}
	return id, nil
}

// isHex reports whether s is lower-case hex digits only.
func isHex(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return true
}

// String returns the text form.
func (id ID) String() string {
	var b [36]byte
	hex.Encode(b[:], id[:4])
	hex.Encode(b[9:], id[4:6])
	hex.Encode(b[14:], id[6:8])
	hex.Encode(b[19:], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return string(b[:])
}

// IsZero reports whether id is the zero value, which names nothing.
func (id ID) IsZero() bool { return id == ID{} }

// IsV7 reports whether id is a UUIDv7 of the RFC 9562 variant.
func (id ID) IsV7() bool { return id[6]>>4 == 7 && id[8]>>6 == 2 }

// Time returns the millisecond that a UUIDv7 was made in, by its maker's clock.
func (id ID) Time() time.Time {
	var ms [8]byte
	copy(ms[2:], id[:6])
	return time.UnixMilli(int64(binary.BigEndian.Uint64(ms[:])))
}

// MarshalText writes the text form; the zero ID is empty text.
func (id ID) MarshalText() ([]byte, error) {
	if id.IsZero() {
		return []byte{}, nil
	}
	return []byte(id.String()), nil
}

// UnmarshalText reads what MarshalText writes.
func (id *ID) UnmarshalText(b []byte) (err error) {
	if len(b) == 0 {
		*id = ID{}
		return nil
	}
	*id, err = ParseID(string(b))
	return err
}
