package wire

import (
	"fmt"
	"io"
	"strings"

	"tachiai/sync/record"
)

// Code is a one-time enrolment code: 12 digits of Crockford base32, 60 bits.
// Every Code that ParseCode or NewCode made is in the canonical form, upper
// case without separators, so that codes can be compared and hashed.
type Code string

const (
	crockford  = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	codeDigits = 12
)

// NewCode makes a code. It panics if random fails, as crypto/rand.Reader cannot.
func NewCode(random io.Reader) Code {
	var b [codeDigits]byte
	if _, err := io.ReadFull(random, b[:]); err != nil {
		panic(fmt.Sprintf("wire: no randomness: %v", err))
	}
	for i := range b {
		b[i] = crockford[b[i]&31]
	}
	return Code(b[:])
}

// ParseCode reads what a person typed: letters of either case, O for 0, I and L
// for 1, spaces and hyphens anywhere, and all of that in full width, as a
// Japanese keyboard writes it. Error: ErrCode; it does not repeat the text.
func ParseCode(text string) (Code, error) {
	if len(text) > 128 {
		return "", fmt.Errorf("%w: too long", ErrCode)
	}
	digits := make([]byte, 0, codeDigits)
	for _, r := range text {
		if r >= '！' && r <= '～' { // full width, U+FF01 to U+FF5E, mirrors ASCII
			r -= '！' - '!'
		}
		switch {
		case r == ' ', r == '\t', r == '\u3000', r == '\u00a0', r == '-', r >= '\u2010' && r <= '\u2015', r == '\u2212', r == 'ー', r == '\uff70':
			continue
		case r >= 'a' && r <= 'z':
			r -= 'a' - 'A'
		}
		switch r {
		case 'O':
			r = '0'
		case 'I', 'L':
			r = '1'
		}
		if r > 'Z' || strings.IndexByte(crockford, byte(r)) < 0 || len(digits) == codeDigits {
			return "", ErrCode
		}
		digits = append(digits, byte(r))
	}
	if len(digits) != codeDigits {
		return "", fmt.Errorf("%w: %d digits", ErrCode, len(digits))
	}
	return Code(digits), nil
}

// String returns the canonical form. It is a secret for ten minutes: not for logs.
func (c Code) String() string { return string(c) }

// Spaced returns the code in three groups, as it is shown to people.
func (c Code) Spaced() string {
	if len(c) != codeDigits {
		return string(c)
	}
	return string(c[:4] + "-" + c[4:8] + "-" + c[8:])
}

// EnrolPath is the page that an enrolment link opens.
const EnrolPath = "/field/enrol"

// EnrolLink returns what the QR code holds. Code and fingerprint stand behind
// the #, which no browser sends to a server and no server logs.
func EnrolLink(publicURL string, c Code, root record.KeyID) string {
	return strings.TrimSuffix(publicURL, "/") + EnrolPath + "#" + string(c) + "." + root.String()
}

// ParseEnrolLink reads a link, its fragment, or a code that was typed; the last
// gives a zero root, which pins nothing. Errors: ErrCode.
func ParseEnrolLink(text string) (c Code, root record.KeyID, err error) {
	if _, fragment, ok := strings.Cut(text, "#"); ok {
		text = fragment
	}
	code, fingerprint, pinned := strings.Cut(text, ".")
	if c, err = ParseCode(code); err != nil {
		return "", record.KeyID{}, err
	}
	if !pinned {
		return c, record.KeyID{}, nil
	}
	if root, err = record.ParseKeyID(fingerprint); err != nil {
		return "", record.KeyID{}, fmt.Errorf("%w: bad fingerprint", ErrCode)
	}
	return c, root, nil
}
