// Package blob names and checks the bytes of a photo or another attachment.
//
// A blob is named by the SHA-256 of its exact bytes, in the lowercase hex that
// sha256sum prints, so that a person with a file and a terminal can check what
// a record says. Bytes are checked while they stream: a Reader never lets its
// consumer reach io.EOF on bytes that are not the ones that were named.
package blob

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
)

// MaxSize is the largest blob, in bytes: a photo of 64 MiB.
const MaxSize = 64 << 20

// Errors of this package.
var (
	// ErrRef reports text that is not the text form of a Ref.
	ErrRef = errors.New("not a lowercase hex SHA-256")
	// ErrMismatch reports bytes whose SHA-256 is not the one that was named.
	ErrMismatch = errors.New("SHA-256 of the bytes differs")
	// ErrSize reports fewer or more bytes than were announced.
	ErrSize = errors.New("number of bytes differs")
	// ErrDigest reports a Content-Digest field that cannot be used.
	ErrDigest = errors.New("unusable Content-Digest")
	// ErrPlan reports numbers that describe no upload.
	ErrPlan = errors.New("no such part of an upload")
)

// Ref names a blob: the SHA-256 of its bytes. It is a comparable value type,
// usable as a map key. Its text form is 64 characters of lowercase hex.
type Ref [sha256.Size]byte

// Of returns the name of b.
func Of(b []byte) Ref { return sha256.Sum256(b) }

// ParseRef reads the text form. Only lowercase hex of the right length is taken,
// so that one blob has one name everywhere.
func ParseRef(s string) (Ref, error) {
	var r Ref
	if len(s) != 2*len(r) {
		return Ref{}, fmt.Errorf("%w: %d characters", ErrRef, len(s))
	}
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && (c < 'a' || c > 'f') {
			return Ref{}, fmt.Errorf("%w: character %d", ErrRef, i)
		}
	}
	_, err := hex.Decode(r[:], []byte(s))
	return r, err
}

// String returns the text form.
func (r Ref) String() string { return hex.EncodeToString(r[:]) }

// IsZero reports whether r is the zero value, which names no blob.
func (r Ref) IsZero() bool { return r == Ref{} }

// MarshalText writes the text form.
func (r Ref) MarshalText() ([]byte, error) { return []byte(r.String()), nil }

// UnmarshalText reads the text form.
func (r *Ref) UnmarshalText(b []byte) (err error) {
	*r, err = ParseRef(string(b))
	return err
}
