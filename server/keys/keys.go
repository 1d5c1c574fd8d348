// Package keys is the server's key inventory: one directory with one file for
// each use of a key, so that losing or replacing one leaves the others alone.
//
//	root      Ed25519   signs the key set that phones pin; its fingerprint stands in every enrolment code
//	receipt   Ed25519   signs receipts of records, blobs and quarantine
//	office    Ed25519   seals the office's records and device certificates
//	ledger    Ed25519   signs checkpoints
//	link      Ed25519   signs links for people without an account
//	pdf       P-256     seals documents (ES256, as PDF readers know it)
//	rescue    X25519    the age identity that forgotten PINs and rescue files are wrapped to
//	nonce     32 bytes  the MAC secret of device nonces; shared by all servers of one deployment
//
// The directory is 0700, its files 0600: PKCS#8 in PEM for the signing keys, an
// age identity file, and hexadecimal for the nonce secret. Load refuses a
// directory that others can read.
package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"

	"filippo.io/age"

	"tachiai/sync/record"
)

// NonceSize is the length of the nonce secret in bytes.
const NonceSize = 32

// What can be wrong with an inventory.
var (
	ErrNone    = errors.New("no key inventory")                 // the directory is absent or empty
	ErrExists  = errors.New("a key inventory is there already") // Create never overwrites
	ErrMissing = errors.New("key file missing")                 // some files are there, this one is not
	ErrExposed = errors.New("can be read or changed by others") // permissions wider than 0700 and 0600
	ErrForm    = errors.New("not a key of the expected kind")   // another algorithm, encoding or length
	ErrShared  = errors.New("the same key serves two uses")     // a copied file
	ErrPlace   = errors.New("cannot be made the key directory") // Create needs a place that it can rename into
)

// Set is the whole inventory. It prints and logs as its root fingerprint only.
type Set struct {
	Root    ed25519.PrivateKey
	Receipt ed25519.PrivateKey
	Office  ed25519.PrivateKey
	Ledger  ed25519.PrivateKey
	Link    ed25519.PrivateKey
	PDF     *ecdsa.PrivateKey
	Rescue  *age.X25519Identity
	Nonce   []byte // NonceSize bytes
}

// generate makes a fresh inventory from the system's randomness. (Since Go 1.26
// the standard library takes no other source for keys.)
func generate() (*Set, error) {
	s := new(Set)
	for _, key := range []*ed25519.PrivateKey{&s.Root, &s.Receipt, &s.Office, &s.Ledger, &s.Link} {
		_, private, err := ed25519.GenerateKey(nil)
		if err != nil {
			return nil, err
		}
		*key = private
	}
	var err error
	if s.PDF, err = ecdsa.GenerateKey(elliptic.P256(), rand.Reader); err != nil {
		return nil, err
	}
	if s.Rescue, err = age.GenerateX25519Identity(); err != nil {
		return nil, err
	}
	s.Nonce = make([]byte, NonceSize)
	_, err = rand.Read(s.Nonce)
	return s, err
}

// signer is one signing key with its use and its JWS algorithm (RFC 8037 §3.1
// for EdDSA, RFC 7518 §3.4 for ES256).
type signer struct {
	use, alg string
	key      crypto.Signer
}

// signers lists the signing keys in the order in which they are shown.
func (s *Set) signers() []signer {
	return []signer{
		{"root", "EdDSA", s.Root},
		{"receipt", "EdDSA", s.Receipt},
		{"office", "EdDSA", s.Office},
		{"ledger", "EdDSA", s.Ledger},
		{"link", "EdDSA", s.Link},
		{"pdf", "ES256", s.PDF},
	}
}

// check finds a key that serves two uses: whoever signs a receipt must not by
// that be able to sign a key set.
func (s *Set) check() error {
	var faults []error
	seen := map[record.KeyID]string{}
	for _, k := range s.Public() {
		if first, ok := seen[k.KeyID]; ok {
			faults = append(faults, fmt.Errorf("%w: %s and %s", ErrShared, first, k.Use))
		}
		seen[k.KeyID] = k.Use
	}
	return errors.Join(faults...)
}

// String names the inventory without giving any of it away.
func (s Set) String() string {
	if s.Root == nil {
		return "keys (empty)"
	}
	return "keys of " + s.Fingerprint()
}

// GoString is String, so that %#v gives nothing away either.
func (s Set) GoString() string { return s.String() }

// LogValue is String, for slog.
func (s Set) LogValue() slog.Value { return slog.StringValue(s.String()) }

// MarshalJSON refuses: an inventory is never sent.
func (s Set) MarshalJSON() ([]byte, error) {
	return nil, errors.New("keys: an inventory is not for sending")
}
