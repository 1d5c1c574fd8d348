package seal

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"fmt"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// ErrJWK is in every error of ParseJWK.
var ErrJWK = fmt.Errorf("%w: not a public JWK", ErrKey)

// Thumbprint names a public key (RFC 7638, SHA-256): *ecdsa.PublicKey on P-256
// or ed25519.PublicKey. Anything else is ErrKey.
func Thumbprint(pub crypto.PublicKey) (record.KeyID, error) {
	m, err := members(pub)
	if err != nil {
		return record.KeyID{}, err
	}
	return thumbprint(m)
}

// thumbprint hashes the required members of a JWK, which stand in the order of
// their names (RFC 7638 §3.3).
func thumbprint(m ijson.Members) (record.KeyID, error) {
	text, err := ijson.Marshal(m)
	if err != nil {
		return record.KeyID{}, err
	}
	return record.KeyID(sha256.Sum256(text)), nil
}

// members returns what RFC 7638 §3.2 and RFC 8037 §2 require of a JWK.
func members(pub crypto.PublicKey) (ijson.Members, error) {
	if _, err := algOf(pub); err != nil {
		return nil, err
	}
	if k, ok := pub.(ed25519.PublicKey); ok {
		return ijson.Members{ijson.M("crv", "Ed25519"), ijson.M("kty", "OKP"), ijson.M("x", base64url.EncodeToString(k))}, nil
	}
	point, err := pub.(*ecdsa.PublicKey).Bytes() // 0x04 ‖ x ‖ y
	if err != nil {
		return nil, fmt.Errorf("%w: %v", ErrKey, err)
	}
	x, y := base64url.EncodeToString(point[1:33]), base64url.EncodeToString(point[33:])
	return ijson.Members{ijson.M("crv", "P-256"), ijson.M("kty", "EC"), ijson.M("x", x), ijson.M("y", y)}, nil
}

// MarshalJWK writes a public key as a JWK with exactly its required members,
// their names ascending: the text whose hash is the thumbprint. Error: ErrKey.
func MarshalJWK(pub crypto.PublicKey) ([]byte, error) {
	m, err := members(pub)
	if err != nil {
		return nil, err
	}
	return ijson.Marshal(m)
}

// ParseJWK reads a public key: EC with P-256, or OKP with Ed25519, with exactly
// the required members, canonical base64url and a point on the curve. Anything
// more, a private part above all, is an error (ErrJWK).
func ParseJWK(text []byte) (crypto.PublicKey, record.KeyID, error) {
	v, err := ijson.Parse(text, ijson.Limits{Bytes: maxHeader})
	if err != nil {
		return nil, record.KeyID{}, fmt.Errorf("%w: %w", ErrJWK, err)
	}
	return ParseJWKValue(v)
}

// ParseJWKValue is ParseJWK for a value that has been parsed already.
func ParseJWKValue(v ijson.Value) (crypto.PublicKey, record.KeyID, error) {
	var f ijson.Faults
	pub := readJWK(v.Obj(&f))
	if err := f.Err(); err != nil {
		return nil, record.KeyID{}, fmt.Errorf("%w: %w", ErrJWK, err)
	}
	kid, err := Thumbprint(pub)
	if err != nil {
		return nil, record.KeyID{}, fmt.Errorf("%w: %w", ErrJWK, err)
	}
	return pub, kid, nil
}

// readJWK notes every fault; more names other members that may stand beside.
func readJWK(o ijson.Obj, more ...string) crypto.PublicKey {
	kty, crv := o.String("kty"), o.String("crv")
	switch {
	case kty == "EC" && crv == "P-256":
		o.Only(append(more, "kty", "crv", "x", "y")...)
		x, y := coordinate(o, "x"), coordinate(o, "y")
		if x == nil || y == nil {
			return nil
		}
		pub, err := ecdsa.ParseUncompressedPublicKey(elliptic.P256(), append(append([]byte{4}, x...), y...))
		if err != nil {
			o.Fault("x", ijson.ErrValue, "not a point on the curve")
			return nil
		}
		return pub
	case kty == "OKP" && crv == "Ed25519":
		o.Only(append(more, "kty", "crv", "x")...)
		if x := coordinate(o, "x"); x != nil {
			return ed25519.PublicKey(x)
		}
		return nil
	}
	if kty != "" && crv != "" {
		o.Fault("crv", ijson.ErrValue, "want EC P-256 or OKP Ed25519")
	}
	return nil
}

// coordinate reads 32 bytes, nil when they are not there.
func coordinate(o ijson.Obj, name string) []byte {
	s := o.String(name)
	if s == "" && !o.Has(name) {
		return nil
	}
	h, err := record.ParseHash(s) // the same form: 32 bytes in canonical base64url
	if err != nil {
		o.Fault(name, ijson.ErrValue, "want 32 bytes in base64url")
		return nil
	}
	return h[:]
}
