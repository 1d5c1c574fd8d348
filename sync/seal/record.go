package seal

import (
	"cmp"
	"crypto"
	"fmt"
	"io"
	"slices"
	"strings"

	"tachiai/sync/record"
)

// The types of a record.
const (
	typPhone  = "visit-record+sd-jwt"
	typOffice = "office-record+sd-jwt"
)

// Seal makes a record of structure and content: ES256 with a P-256 key when s
// has a Seq, EdDSA with an Ed25519 key when it is the office's. It fills V and
// SD, takes 16 bytes out of random for each salt, and checks the size before it
// signs. The record that it returns is what Parse makes of the text.
//
// Seal does not look at the kind's schema: what has happened can always be
// sealed (record.CheckSchema tells beforehand what will be flagged). Errors:
// ErrKey, ErrSize, ErrStructure, ErrField, or the signer's own.
func Seal(s record.Structure, content []Content, key crypto.Signer, random io.Reader) (string, *record.Record, error) {
	alg, err := algOf(key.Public())
	if err != nil {
		return "", nil, err
	}
	typ, want := typPhone, algPhone
	if s.Office() {
		typ, want = typOffice, algServer
	}
	if alg != want {
		return "", nil, fmt.Errorf("%w: %s wants %s", ErrKey, typ, want)
	}
	kid, err := Thumbprint(key.Public())
	if err != nil {
		return "", nil, err
	}
	raws := make([]string, len(content))
	s.SD = make([]record.Hash, len(content))
	for i, c := range content {
		if raws[i], err = makeField(c, random); err != nil {
			return "", nil, err
		}
		s.SD[i] = FieldDigest(raws[i])
	}
	slices.SortFunc(s.SD, func(a, b record.Hash) int { return cmp.Compare(a.String(), b.String()) })
	payload, err := s.Marshal()
	if err != nil {
		return "", nil, err
	}
	core := header(alg, typ, kid) + "." + base64url.EncodeToString(payload)
	if n := compactSize(len(core), raws); n > record.MaxSize {
		return "", nil, fmt.Errorf("%w: %d bytes", ErrSize, n)
	}
	fields, _, err := match(s.SD, raws) // finds a name that is given twice
	if err != nil {
		return "", nil, err
	}
	for i, f := range fields {
		raws[i] = f.Raw // written in the order of _sd, which says nothing of the order of the content
	}
	signature, err := sign(core, key, random)
	if err != nil {
		return "", nil, err
	}
	text := Compact(core, signature, raws)
	r, err := Parse(text)
	return text, r, err
}

// Parse reads a compact record strictly and verifies nothing: whoever uses the
// result has to call Verify, or calls Open. Fields that the record does not
// name are in Stray. Errors, each with a Code: ErrSize, ErrForm, ErrHeader,
// ErrStructure, ErrField.
func Parse(compact string) (*record.Record, error) {
	if len(compact) > record.MaxSize {
		return nil, fmt.Errorf("%w: %d bytes", ErrSize, len(compact))
	}
	token, rest, ok := strings.Cut(compact, "~")
	if !ok || rest != "" && !strings.HasSuffix(rest, "~") {
		return nil, fmt.Errorf("%w: does not end in a tilde", ErrForm)
	}
	var raws []string
	if rest != "" {
		raws = strings.Split(rest[:len(rest)-1], "~")
	}
	for _, raw := range raws {
		if !isBase64url(raw) {
			return nil, fmt.Errorf("%w: a field is not base64url", ErrForm)
		}
	}
	j, err := split(token)
	if err != nil {
		return nil, err
	}
	office := j.typ == typOffice
	if office {
		err = j.expect(algServer, typOffice)
	} else {
		err = j.expect(algPhone, typPhone)
	}
	if err != nil {
		return nil, err
	}
	s, flags, err := record.ParseStructure(j.payload, office)
	if err != nil {
		return nil, err
	}
	fields, stray, err := match(s.SD, raws)
	if err != nil {
		return nil, err
	}
	if len(stray) > 0 {
		flags = append(flags, record.FlagStrayField)
	}
	return &record.Record{
		Structure: s, KeyID: j.kid, Hash: record.HashCore([]byte(j.core)), Core: j.core, Signature: j.signature,
		Fields: fields, Stray: stray, Flags: flags,
	}, nil
}

// Verify checks the signature of a record that Parse has read. pub must be the
// key that the record names. Errors: ErrUnknownKey (another key), ErrSignature,
// ErrKey.
func Verify(r *record.Record, pub crypto.PublicKey) error {
	alg := algPhone
	if r.Office() {
		alg = algServer
	}
	if err := checkKey(alg, r.KeyID, pub); err != nil {
		return err
	}
	if !verifyCore(r.Core, r.Signature, pub) {
		return ErrSignature
	}
	return nil
}

// A KeyFunc finds the public key of that id. Its error, which should wrap
// ErrUnknownKey when there is none, is passed on.
type KeyFunc func(record.KeyID) (crypto.PublicKey, error)

// OneKey returns a KeyFunc that knows one key.
func OneKey(pub crypto.PublicKey) KeyFunc {
	return func(kid record.KeyID) (crypto.PublicKey, error) {
		if got, err := Thumbprint(pub); err != nil || got != kid {
			return nil, ErrUnknownKey
		}
		return pub, nil
	}
}

// Open is Parse, the search for the key, and Verify.
func Open(compact string, key KeyFunc) (*record.Record, error) {
	r, err := Parse(compact)
	if err != nil {
		return nil, err
	}
	pub, err := key(r.KeyID)
	if err != nil {
		return nil, err
	}
	if err := Verify(r, pub); err != nil {
		return nil, err
	}
	return r, nil
}
