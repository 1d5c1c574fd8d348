package seal

import (
	"crypto"
	"errors"
	"fmt"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const typProof = "device-proof+jwt"

// ErrProof reports a proof that was made for another request.
var ErrProof = errors.New("proof is for another request")

// A Proof is what a phone says about one request that it makes.
type Proof struct {
	KeyID  record.KeyID
	Method string // htm
	URL    string // htu: PUBLIC_URL and path, without query
	Nonce  string // the server's, as it gave it

	token string
}

// proofClaims has no "v": the members are those of section 4.1.
func readProof(payload []byte) (p Proof, err error) {
	v, err := ijson.Parse(payload, ijson.Limits{Bytes: MaxToken})
	if err != nil {
		return Proof{}, fmt.Errorf("%w: %w", ErrClaims, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	p = Proof{Method: o.String("htm"), URL: o.String("htu"), Nonce: o.String("nonce")}
	o.Only("htm", "htu", "nonce")
	if err := f.Err(); err != nil {
		return Proof{}, fmt.Errorf("%w: %w", ErrClaims, err)
	}
	return p, nil
}

// SignProof makes the header Device-Proof for one request with the device key.
// Errors: ErrKey, ErrClaims.
func SignProof(key crypto.Signer, method, url, nonce string) (string, error) {
	kid, err := Thumbprint(key.Public())
	if err != nil {
		return "", err
	}
	core, err := makeCore(algPhone, typProof, kid, ijson.Members{ijson.M("htm", method), ijson.M("htu", url), ijson.M("nonce", nonce)})
	if err != nil {
		return "", err
	}
	return signAndOpen(core, key, func(token string) error {
		_, _, err := OpenProof(token, OneKey(key.Public()), method, url)
		return err
	})
}

// ParseProof reads a proof and verifies nothing, so that an old nonce is found
// before a key is looked up. Errors: ErrSize, ErrForm, ErrHeader, ErrClaims.
func ParseProof(token string) (Proof, error) {
	j, err := parseToken(token, algPhone, typProof)
	if err != nil {
		return Proof{}, err
	}
	p, err := readProof(j.payload)
	if err != nil {
		return Proof{}, err
	}
	p.KeyID, p.token = j.kid, token
	return p, nil
}

// Verify holds a parsed proof against the request and the key of p.KeyID.
// Errors: ErrUnknownKey, ErrSignature, ErrProof, ErrKey. The nonce is for
// CheckNonce.
func (p Proof) Verify(pub crypto.PublicKey, method, url string) error {
	if err := checkKey(algPhone, p.KeyID, pub); err != nil {
		return err
	}
	if err := verifyToken(p.token, algPhone, pub); err != nil {
		return err
	}
	if p.Method != method || p.URL != url {
		return ErrProof
	}
	return nil
}

// OpenProof is ParseProof, the search for the key, and Verify. It returns who
// asks and the nonce, which the caller has to check.
func OpenProof(token string, key KeyFunc, method, url string) (record.KeyID, string, error) {
	p, err := ParseProof(token)
	if err != nil {
		return record.KeyID{}, "", err
	}
	pub, err := key(p.KeyID)
	if err != nil {
		return record.KeyID{}, "", err
	}
	if err := p.Verify(pub, method, url); err != nil {
		return record.KeyID{}, "", err
	}
	return p.KeyID, p.Nonce, nil
}
