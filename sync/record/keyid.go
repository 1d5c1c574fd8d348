package record

import "errors"

// KeyID names a public key: its RFC 7638 thumbprint, SHA-256. It has the same
// text form as a Hash, and is a type of its own because a journal starts with
// one where later records have the other.
type KeyID [32]byte

// ErrKeyID reports text that is not the canonical form of a KeyID.
var ErrKeyID = errors.New("not a key thumbprint")

// ParseKeyID reads the text form, 43 characters of base64url.
func ParseKeyID(s string) (KeyID, error) {
	h, err := ParseHash(s)
	if err != nil {
		return KeyID{}, ErrKeyID
	}
	return KeyID(h), nil
}

// String returns the text form.
func (k KeyID) String() string { return Hash(k).String() }

// IsZero reports whether k is the zero value, which names no key.
func (k KeyID) IsZero() bool { return k == KeyID{} }

// MarshalText writes the text form.
func (k KeyID) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads the text form.
func (k *KeyID) UnmarshalText(b []byte) (err error) {
	*k, err = ParseKeyID(string(b))
	return err
}
