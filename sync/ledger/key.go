package ledger

import (
	"crypto/ed25519"
	"encoding/base64"
	"fmt"
	"strings"

	"golang.org/x/mod/sumdb/note"
)

// MaxOrigin is the longest origin, in bytes.
const MaxOrigin = 255

// CheckOrigin returns nil if s can name a ledger: 1 to 255 printable ASCII
// characters, neither a space nor a plus, such as tachiai.example/ledger/1.
// That is narrower than C2SP asks, so that an origin looks the same everywhere.
func CheckOrigin(s string) error {
	if s == "" || len(s) > MaxOrigin {
		return fmt.Errorf("%w: %d bytes", ErrOrigin, len(s))
	}
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' || s[i] == '+' {
			return fmt.Errorf("%w: byte %d", ErrOrigin, i)
		}
	}
	return nil
}

// A Key is what a checkpoint is judged by: the public Ed25519 key of one
// ledger. Its text form is a C2SP verifier key, <origin>+<key id>+<base64>. It
// is comparable; the zero Key judges nothing.
type Key struct {
	origin string
	public [ed25519.PublicKeySize]byte
}

// NewKey returns the key of a ledger. Errors: ErrOrigin, ErrForm.
func NewKey(origin string, public ed25519.PublicKey) (Key, error) {
	if err := CheckOrigin(origin); err != nil {
		return Key{}, err
	}
	if len(public) != ed25519.PublicKeySize {
		return Key{}, fmt.Errorf("%w: public key of %d bytes", ErrForm, len(public))
	}
	return Key{origin, [ed25519.PublicKeySize]byte(public)}, nil
}

// ParseKey reads the text form, only as String writes it. Errors: ErrOrigin,
// ErrForm.
func ParseKey(s string) (Key, error) {
	origin, rest, _ := strings.Cut(s, "+")
	_, encoded, _ := strings.Cut(rest, "+")
	if err := CheckOrigin(origin); err != nil {
		return Key{}, err
	}
	raw, err := base64.StdEncoding.Strict().DecodeString(encoded)
	if err != nil || len(raw) != 1+ed25519.PublicKeySize {
		return Key{}, fmt.Errorf("%w: verifier key", ErrForm)
	}
	k, err := NewKey(origin, raw[1:])
	if err != nil {
		return Key{}, err
	}
	if k.String() != s { // another algorithm, a key id that does not fit, capital digits
		return Key{}, fmt.Errorf("%w: verifier key", ErrForm)
	}
	return k, nil
}

// Origin returns the ledger that the key belongs to.
func (k Key) Origin() string { return k.origin }

// Public returns the public key.
func (k Key) Public() ed25519.PublicKey { return append(ed25519.PublicKey(nil), k.public[:]...) }

// String returns the text form.
func (k Key) String() string {
	s, err := note.NewEd25519VerifierKey(k.origin, k.public[:])
	if err != nil {
		panic(err) // the length is fixed by the type
	}
	return s
}

func (k Key) verifier() (note.Verifier, error) {
	v, err := note.NewVerifier(k.String())
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrForm, err)
	}
	return v, nil
}

// signer makes an Ed25519 key a note.Signer.
type signer struct {
	note.Verifier
	key ed25519.PrivateKey
}

func (s signer) Sign(msg []byte) ([]byte, error) { return ed25519.Sign(s.key, msg), nil }
