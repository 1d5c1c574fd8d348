package keys

import (
	"crypto"
	"encoding/base32"
	"strings"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Public is the public half of one signing key, with the use that it has in
// this house, its JWS algorithm and its name (RFC 7638).
type Public struct {
	Use   string
	Alg   string // EdDSA or ES256
	KeyID record.KeyID
	Key   crypto.PublicKey // ed25519.PublicKey or *ecdsa.PublicKey
}

// Public lists the signing keys' public halves: root, receipt, office, ledger,
// link, pdf. The rescue recipient and the nonce secret are not among them.
func (s *Set) Public() []Public {
	var all []Public
	for _, k := range s.signers() {
		public := k.key.Public()
		all = append(all, Public{k.use, k.alg, name(public), public})
	}
	return all
}

// RescueRecipient is what phones wrap their data keys to: an age recipient.
func (s *Set) RescueRecipient() string { return s.Rescue.Recipient().String() }

// RootID is the name of the root key, as enrolment codes carry it.
func (s *Set) RootID() record.KeyID { return name(s.Root.Public()) }

// Fingerprint is the root key's thumbprint in a form to be read aloud and
// compared: 13 groups of four letters and digits (base32, RFC 4648 §6: no 0, 1
// or 8 to mistake), 256 bits.
func (s *Set) Fingerprint() string { return Spell(s.RootID()) }

// Spell writes a key's name in the form of Fingerprint.
func Spell(id record.KeyID) string {
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(id[:])
	var groups []string
	for len(text) > 0 {
		n := min(4, len(text))
		groups, text = append(groups, text[:n]), text[n:]
	}
	return strings.Join(groups, " ")
}

// name is the thumbprint of a key of one of the two kinds that Load and Create
// make; there is no other way to a Set, so another kind is a broken program.
func name(key crypto.PublicKey) record.KeyID {
	id, err := seal.Thumbprint(key)
	if err != nil {
		panic("keys: " + err.Error())
	}
	return id
}
