package seal

import (
	"tachiai/sync/record"
)

// UseRoot is the key that signs the key set; it stands in the set too, so that
// whoever holds only its fingerprint can check the whole.
const UseRoot Use = "root"

// OpenPinnedKeySet opens a key set for a reader that holds nothing but the root
// key's thumbprint (from the enrolment QR code, or from a printed paper): the
// set must be signed by a key in it that has this thumbprint. Errors: those of
// OpenKeySet; ErrUnknownKey when no such key stands in the set.
func OpenPinnedKeySet(token string, root record.KeyID) (KeySet, error) {
	signer, err := RootOf(token)
	if err != nil {
		return KeySet{}, err
	}
	if signer != root {
		return KeySet{}, ErrUnknownKey
	}
	j, err := parseToken(token, algServer, typKeySet)
	if err != nil {
		return KeySet{}, err
	}
	set, err := readKeySet(j.payload)
	if err != nil {
		return KeySet{}, err
	}
	public, ok := set.Find(UseRoot, root)
	if !ok {
		return KeySet{}, ErrUnknownKey
	}
	return OpenKeySet(token, public)
}
