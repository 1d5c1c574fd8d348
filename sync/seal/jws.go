package seal

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/sha256"
	"encoding/asn1"
	"encoding/base64"
	"fmt"
	"io"
	"math/big"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// The algorithms of the protocol: one for what phones seal, one for what the
// server seals.
const (
	algPhone  = string(jose.ES256)
	algServer = string(jose.EdDSA)
)

const signatureSize = 64 // both algorithms

var base64url = base64.RawURLEncoding.Strict()

// decode reads canonical base64url. The caller has checked the characters, so
// that the decoder never meets the line breaks that it would pass over.
func decode(s string) ([]byte, error) {
	b, err := base64url.DecodeString(s)
	if err != nil {
		return nil, fmt.Errorf("%w: base64url not canonical", ErrForm)
	}
	return b, nil
}

// A jws is a compact JWS taken apart; nothing is verified yet.
type jws struct {
	alg, typ  string
	kid       record.KeyID
	core      string // protected.payload
	payload   []byte
	signature []byte
}

// split takes a compact JWS apart. It takes ^[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+){2}$
// and nothing else, and a signature of 64 bytes.
func split(token string) (jws, error) {
	first := strings.IndexByte(token, '.')
	last := strings.LastIndexByte(token, '.')
	if first < 1 || last < first+2 || !isBase64url(token[:first]) || !isBase64url(token[first+1:last]) || !isBase64url(token[last+1:]) {
		return jws{}, fmt.Errorf("%w: not three parts of base64url", ErrForm)
	}
	j := jws{core: token[:last]}
	var err error
	if j.signature, err = decode(token[last+1:]); err != nil {
		return jws{}, err
	}
	if len(j.signature) != signatureSize {
		return jws{}, fmt.Errorf("%w: signature of %d bytes", ErrForm, len(j.signature))
	}
	if j.payload, err = decode(token[first+1 : last]); err != nil {
		return jws{}, err
	}
	header, err := decode(token[:first])
	if err != nil {
		return jws{}, err
	}
	return j, j.parseHeader(header)
}

// maxHeader is more than any header of the protocol needs.
const maxHeader = 512

// parseHeader takes alg, kid and typ, each a string, and no other member. So
// there is no jwk, jku, x5u or crit that could be obeyed.
func (j *jws) parseHeader(text []byte) error {
	v, err := ijson.Parse(text, ijson.Limits{Bytes: maxHeader})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrHeader, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	o.Only("alg", "kid", "typ")
	j.alg, j.typ = o.String("alg"), o.String("typ")
	if j.kid, err = record.ParseKeyID(o.String("kid")); err != nil && o.Has("kid") {
		o.Fault("kid", err, "")
	}
	if err := f.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrHeader, err)
	}
	return nil
}

// expect holds the header against what the caller reads.
func (j *jws) expect(alg, typ string) error {
	if j.alg != alg || j.typ != typ {
		return fmt.Errorf("%w: want %s %s", ErrHeader, alg, typ)
	}
	return nil
}

// isBase64url is ^[A-Za-z0-9_-]+$.
func isBase64url(s string) bool {
	if s == "" {
		return false
	}
	for i := range len(s) {
		if !alphabet[s[i]] {
			return false
		}
	}
	return true
}

var alphabet = func() (t [256]bool) {
	for _, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") {
		t[c] = true
	}
	return t
}()

// header writes the protected header, its members in one order always.
func header(alg, typ string, kid record.KeyID) string {
	text, err := ijson.Marshal(ijson.Members{ijson.M("alg", alg), ijson.M("typ", typ), ijson.M("kid", kid)})
	if err != nil {
		panic(err) // three plain strings
	}
	return base64url.EncodeToString(text)
}

// algOf names the algorithm that a public key is for.
func algOf(pub crypto.PublicKey) (string, error) {
	switch k := pub.(type) {
	case *ecdsa.PublicKey:
		if k != nil && k.Curve == elliptic.P256() {
			return algPhone, nil
		}
	case ed25519.PublicKey:
		if len(k) == ed25519.PublicKeySize {
			return algServer, nil
		}
	}
	return "", fmt.Errorf("%w: %T", ErrKey, pub)
}

// sign makes the 64 bytes of a signature over core. An ECDSA key that lies in
// memory signs deterministically (RFC 6979) and needs no randomness; Ed25519
// always does.
func sign(core string, key crypto.Signer, random io.Reader) ([]byte, error) {
	alg, err := algOf(key.Public())
	if err != nil {
		return nil, err
	}
	if alg == algServer {
		return key.Sign(random, []byte(core), crypto.Hash(0))
	}
	if _, inMemory := key.(*ecdsa.PrivateKey); inMemory {
		random = nil
	}
	digest := sha256.Sum256([]byte(core))
	der, err := key.Sign(random, digest[:], crypto.SHA256)
	if err != nil {
		return nil, err
	}
	var rs struct{ R, S *big.Int }
	if rest, err := asn1.Unmarshal(der, &rs); err != nil || len(rest) > 0 {
		return nil, fmt.Errorf("%w: signer gave no ECDSA signature", ErrKey)
	}
	signature := make([]byte, signatureSize) // r‖s (RFC 7518 §3.4)
	rs.R.FillBytes(signature[:32])
	rs.S.FillBytes(signature[32:])
	return signature, nil
}

// checkKey refuses a key that is not the one of the header, and one that is
// for another algorithm.
func checkKey(alg string, kid record.KeyID, pub crypto.PublicKey) error {
	got, err := Thumbprint(pub)
	if err != nil {
		return err
	}
	if got != kid {
		return ErrUnknownKey
	}
	if of, err := algOf(pub); err != nil || of != alg {
		return fmt.Errorf("%w: key is not for %s", ErrHeader, alg)
	}
	return nil
}

// verifyCore checks a signature with the standard library alone: records come
// by the thousand, and go-jose would parse header and payload once more, a
// quarter of the whole cost. The tests hold it against go-jose.
func verifyCore(core string, signature []byte, pub crypto.PublicKey) bool {
	if len(signature) != signatureSize {
		return false
	}
	switch k := pub.(type) {
	case *ecdsa.PublicKey:
		digest := sha256.Sum256([]byte(core))
		r, s := new(big.Int).SetBytes(signature[:32]), new(big.Int).SetBytes(signature[32:])
		return ecdsa.Verify(k, digest[:], r, s)
	case ed25519.PublicKey:
		return ed25519.Verify(k, []byte(core), signature)
	}
	return false
}
