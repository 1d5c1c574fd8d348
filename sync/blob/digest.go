package blob

import (
	"encoding/base64"
	"fmt"
	"strings"
)

// FormatContentDigest writes the value of the HTTP field Content-Digest for a
// body that is the blob r (RFC 9530 §2).
func FormatContentDigest(r Ref) string {
	return "sha-256=:" + base64.StdEncoding.EncodeToString(r[:]) + ":"
}

// ParseContentDigest returns the sha-256 of a Content-Digest field (RFC 9530
// §2): a dictionary of byte sequences (RFC 8941 §3.2, §3.3.5). Other algorithms
// are passed over. ErrDigest when sha-256 is missing, stands there twice, is not
// canonical base64 of 32 bytes, or when the field is no such dictionary.
func ParseContentDigest(field string) (Ref, error) {
	var ref Ref
	found := false
	for member := range strings.SplitSeq(field, ",") {
		member = strings.Trim(member, " \t")
		name, value, ok := strings.Cut(member, "=")
		if !ok || !isKey(name) {
			return Ref{}, fmt.Errorf("%w: %q is no member", ErrDigest, clip(member))
		}
		if len(value) < 2 || value[0] != ':' || value[len(value)-1] != ':' {
			return Ref{}, fmt.Errorf("%w: %s is no byte sequence", ErrDigest, clip(name))
		}
		sum, err := base64.StdEncoding.Strict().DecodeString(value[1 : len(value)-1])
		if err != nil || strings.ContainsAny(value, "\r\n") {
			return Ref{}, fmt.Errorf("%w: %s is no canonical base64", ErrDigest, clip(name))
		}
		if name != "sha-256" {
			continue
		}
		if found {
			return Ref{}, fmt.Errorf("%w: sha-256 twice", ErrDigest)
		}
		if len(sum) != len(ref) {
			return Ref{}, fmt.Errorf("%w: %d bytes", ErrDigest, len(sum))
		}
		copy(ref[:], sum)
		found = true
	}
	if !found {
		return Ref{}, fmt.Errorf("%w: no sha-256", ErrDigest)
	}
	return ref, nil
}

// isKey: RFC 8941 §3.1.2, lcalpha or "*", then lcalpha, digits and _-.*
func isKey(s string) bool {
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= 'a' && c <= 'z', c == '*':
		case i > 0 && (c >= '0' && c <= '9' || c == '_' || c == '-' || c == '.'):
		default:
			return false
		}
	}
	return s != ""
}

// clip keeps a hostile field out of error messages and logs.
func clip(s string) string {
	if len(s) > 32 {
		return s[:32] + "…"
	}
	return s
}
