package seal

import (
	"crypto"
	"fmt"
	"strings"

	"github.com/go-jose/go-jose/v4"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// Tokens of the server are made in two steps: the core is fixed first, under
// the ledger's lock, for it is the ledger's leaf; it is signed after commit. A
// crash in between loses nothing: Ed25519 is deterministic, and the same core
// gives the same token again.

// makeCore writes header and claims.
func makeCore(alg, typ string, kid record.KeyID, claims ijson.Members) (string, error) {
	payload, err := ijson.Marshal(claims)
	if err != nil {
		return "", fmt.Errorf("%w: %w", ErrClaims, err)
	}
	core := header(alg, typ, kid) + "." + base64url.EncodeToString(payload)
	if n := compactSize(len(core), nil); n > MaxToken {
		return "", fmt.Errorf("%w: %d bytes", ErrSize, n)
	}
	return core, nil
}

// SignCore signs a core with the key that it names and returns the token. Of
// all that is signed with Ed25519 the result is always the same. Error: ErrKey,
// or the signer's own.
func SignCore(core string, key crypto.Signer) (string, error) {
	signature, err := sign(core, key, nil)
	if err != nil {
		return "", err
	}
	return core + "." + base64url.EncodeToString(signature), nil
}

// parseToken reads a token's form and header; nothing is verified.
func parseToken(token, alg, typ string) (jws, error) {
	if len(token) > MaxToken {
		return jws{}, fmt.Errorf("%w: %d bytes", ErrSize, len(token))
	}
	j, err := split(token)
	if err != nil {
		return jws{}, err
	}
	return j, j.expect(alg, typ)
}

// openToken reads a token and verifies it with pub, which must be the key that
// it names.
func openToken(token, alg, typ string, pub crypto.PublicKey) (jws, error) {
	j, err := parseToken(token, alg, typ)
	if err != nil {
		return jws{}, err
	}
	if err := checkKey(alg, j.kid, pub); err != nil {
		return jws{}, err
	}
	return j, verifyToken(token, alg, pub)
}

// verifyToken leaves the verification to go-jose, bound to one algorithm.
func verifyToken(token, alg string, pub crypto.PublicKey) error {
	parsed, err := jose.ParseSignedCompact(token, []jose.SignatureAlgorithm{jose.SignatureAlgorithm(alg)})
	if err != nil {
		return fmt.Errorf("%w: %v", ErrForm, err)
	}
	if _, err := parsed.Verify(pub); err != nil {
		return ErrSignature
	}
	return nil
}

// noSignature lets a bare core pass where a token is read.
var noSignature = "." + strings.Repeat("A", base64url.EncodedLen(signatureSize))

// parseCore reads a core that has not been signed yet.
func parseCore(core, typ string) (jws, error) {
	return parseToken(core+noSignature, algServer, typ)
}

// claims reads the payload of a token: "v" must be 1, and no member may be left
// that read has not asked for with only.
func claims(payload []byte, read func(o ijson.Obj), only ...string) error {
	v, err := ijson.Parse(payload, ijson.Limits{Bytes: MaxToken})
	if err != nil {
		return fmt.Errorf("%w: %w", ErrClaims, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	if o.Int("v") != 1 && o.Has("v") {
		o.Fault("v", ijson.ErrValue, "want 1")
	}
	read(o)
	o.Only(append(only, "v")...)
	if err := f.Err(); err != nil {
		return fmt.Errorf("%w: %w", ErrClaims, err)
	}
	return nil
}

// origin reads 1 to 255 printable ASCII characters.
func origin(o ijson.Obj, name string) string {
	s := o.String(name)
	if o.Has(name) && !isOrigin(s) {
		o.Fault(name, ijson.ErrValue, "not an origin")
	}
	return s
}

func isOrigin(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 255
}

// count reads an integer that is not negative.
func count(o ijson.Obj, name string) int64 {
	n := o.Int(name)
	if n < 0 {
		o.Fault(name, ijson.ErrValue, "want 0 or more")
	}
	return n
}

func hash(o ijson.Obj, name string) record.Hash {
	h, err := record.ParseHash(o.String(name))
	if err != nil && o.Has(name) {
		o.Fault(name, err, "")
	}
	return h
}

// digest reads a SHA-256 as 64 lower-case hex digits.
func digest(o ijson.Obj, name string) string {
	s := o.String(name)
	if o.Has(name) && !isDigest(s) {
		o.Fault(name, ijson.ErrValue, "want 64 lower-case hex digits")
	}
	return s
}

func isDigest(s string) bool {
	for i := range len(s) {
		if (s[i] < '0' || s[i] > '9') && (s[i] < 'a' || s[i] > 'f') {
			return false
		}
	}
	return len(s) == 64
}
