// Package seal signs and opens what the protocol seals: records as SD-JWT
// (RFC 9901), and the server's tokens as compact JWS (RFC 7515). It is the only
// room that knows JOSE; the rest of the program sees records, receipts and key
// ids (docs/protocol.md, sections 1, 3 and 4).
//
// Every text is held to one form before any parser sees it: size, characters,
// then a header with exactly the members of the protocol. The algorithm is what
// the type prescribes, never what the header asks for, and no key is ever taken
// out of a header. Nothing here compares times: a token holds no expiry that
// anyone is trusted to read, and a nonce is judged by the clock that made it.
package seal

import (
	"errors"

	"tachiai/sync/record"
)

// What can be wrong with a sealed text. Each has a code for machines (Code),
// which is what a quarantine receipt names.
var (
	ErrSize       = errors.New("sealed text too long")                // size
	ErrForm       = errors.New("not a sealed text")                   // form
	ErrHeader     = errors.New("not the header of this type")         // header
	ErrStructure  = record.ErrStructure                               // structure
	ErrClaims     = errors.New("not the claims of this type")         // claims
	ErrField      = errors.New("a signed field is not of the form")   // field
	ErrUnknownKey = errors.New("signed by another or an unknown key") // unknown_key
	ErrSignature  = errors.New("signature does not verify")           // signature
)

// ErrKey reports a key that cannot do what is asked: not P-256 for a phone, not
// Ed25519 for the server, or not a key of this protocol at all.
var ErrKey = errors.New("not a key for this")

var codes = []struct {
	err  error
	code string
}{
	{ErrSize, "size"}, {ErrForm, "form"}, {ErrHeader, "header"}, {ErrStructure, "structure"}, {ErrClaims, "claims"},
	{ErrField, "field"}, {ErrUnknownKey, "unknown_key"}, {ErrSignature, "signature"},
}

// Code names the fault for machines, "" when err is none of this package's.
func Code(err error) string {
	for _, c := range codes {
		if errors.Is(err, c.err) {
			return c.code
		}
	}
	return ""
}

// MaxToken is the longest token in bytes; a record has its own bound.
const MaxToken = 8 << 10
