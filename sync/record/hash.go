package record

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
)

// Hash names a record: SHA-256 over its core, the ASCII bytes
// "protected.payload" of its JWS (RFC 7515 §5.1 step 5). The signature is left
// out because ES256 signatures are malleable: one statement has one Hash.
//
// Hash is a comparable value type, usable as a map key. Its text form is
// base64url without padding, 43 characters.
type Hash [sha256.Size]byte

// ErrHash reports text that is not the canonical form of a Hash.
var ErrHash = errors.New("not a base64url SHA-256")

// HashCore returns the hash of a record's core.
func HashCore(core []byte) Hash { return sha256.Sum256(core) }

// ParseHash reads the text form. Only the canonical encoding is taken: no
// padding, no line breaks, no stray trailing bits.
func ParseHash(s string) (Hash, error) {
	var h Hash
	if len(s) != base64.RawURLEncoding.EncodedLen(len(h)) {
		return Hash{}, fmt.Errorf("%w: %d characters", ErrHash, len(s))
	}
	// The decoder passes over CR and LF, which shows in the count.
	if n, err := base64.RawURLEncoding.Strict().Decode(h[:], []byte(s)); err != nil || n != len(h) {
		return Hash{}, ErrHash
	}
	return h, nil
}

// String returns the text form.
func (h Hash) String() string { return base64.RawURLEncoding.EncodeToString(h[:]) }

// IsZero reports whether h is the zero value, which names no record.
func (h Hash) IsZero() bool { return h == Hash{} }

// MarshalText writes the text form.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads the text form.
func (h *Hash) UnmarshalText(b []byte) (err error) {
	*h, err = ParseHash(string(b))
	return err
}
