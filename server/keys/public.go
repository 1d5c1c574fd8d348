package keys

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"strings"
)

// Public is the public half of one signing key as a JWK (RFC 7517, RFC 8037),
// with the use it has in this house and its RFC 7638 thumbprint.
type Public struct {
	Use string `json:"use"`
	Kid string `json:"kid"`
	Alg string `json:"alg"`
	Kty string `json:"kty"`
	Crv string `json:"crv"`
	X   string `json:"x"`
	Y   string `json:"y,omitempty"`

	Key crypto.PublicKey `json:"-"` // ed25519.PublicKey or *ecdsa.PublicKey
}

// Public lists the signing keys' public halves: root, receipt, office, ledger,
// link, pdf. The rescue recipient and the nonce secret are not among them.
func (s *Set) Public() []Public {
	var all []Public
	for _, k := range s.signers() {
		p, err := publicOf(k.key.Public())
		if err != nil {
			panic("keys: " + k.use + ": " + err.Error()) // Load and generate make no other keys
		}
		p.Use, p.Alg = k.use, k.alg
		all = append(all, p)
	}
	return all
}

// RescueRecipient is what phones wrap their data keys to: an age recipient.
func (s *Set) RescueRecipient() string { return s.Rescue.Recipient().String() }

// RootKid is the thumbprint of the root key: 43 characters of base64url, as
// enrolment codes carry it.
func (s *Set) RootKid() string {
	p, err := publicOf(s.Root.Public())
	if err != nil {
		panic("keys: root: " + err.Error())
	}
	return p.Kid
}

// Fingerprint is the root key's thumbprint in a form to be read aloud and
// compared: 13 groups of four letters and digits (base32, RFC 4648 §6: no 0, 1
// or 8 to mistake), 256 bits.
func (s *Set) Fingerprint() string { return Spell(s.RootKid()) }

// Spell turns a thumbprint (base64url) into the form of Fingerprint. What is no
// thumbprint is returned as it is.
func Spell(kid string) string {
	raw, err := base64.RawURLEncoding.Strict().DecodeString(kid)
	if err != nil || len(raw) != sha256.Size {
		return kid
	}
	text := base32.StdEncoding.WithPadding(base32.NoPadding).EncodeToString(raw)
	var groups []string
	for len(text) > 0 {
		n := min(4, len(text))
		groups, text = append(groups, text[:n]), text[n:]
	}
	return strings.Join(groups, " ")
}

// publicOf writes the JWK of a public key and names it by its thumbprint.
func publicOf(key crypto.PublicKey) (Public, error) {
	p := Public{Key: key}
	var required string // RFC 7638 §3.2: the required members, sorted, no spaces
	switch k := key.(type) {
	case ed25519.PublicKey:
		p.Kty, p.Crv, p.X = "OKP", "Ed25519", base64.RawURLEncoding.EncodeToString(k)
		required = fmt.Sprintf(`{"crv":%q,"kty":%q,"x":%q}`, p.Crv, p.Kty, p.X)
	case *ecdsa.PublicKey:
		point, err := k.Bytes() // SEC 1 uncompressed: 0x04, X, Y
		if err != nil {
			return Public{}, err
		}
		half := (len(point) - 1) / 2
		p.Kty, p.Crv = "EC", k.Curve.Params().Name
		p.X = base64.RawURLEncoding.EncodeToString(point[1 : 1+half])
		p.Y = base64.RawURLEncoding.EncodeToString(point[1+half:])
		required = fmt.Sprintf(`{"crv":%q,"kty":%q,"x":%q,"y":%q}`, p.Crv, p.Kty, p.X, p.Y)
	default:
		return Public{}, fmt.Errorf("%w: %T", ErrForm, key)
	}
	sum := sha256.Sum256([]byte(required))
	p.Kid = base64.RawURLEncoding.EncodeToString(sum[:])
	return p, nil
}

// thumbprint is publicOf's Kid.
func thumbprint(key crypto.PublicKey) (string, error) {
	p, err := publicOf(key)
	return p.Kid, err
}
