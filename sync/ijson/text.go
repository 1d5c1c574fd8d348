package ijson

import "unicode/utf8"

// Classes of bytes inside a string. Everything that is not named is plain.
const (
	plain = iota
	quote
	escape
	control
	suspect // leads a sequence that could be a noncharacter
)

var class = func() (t [256]uint8) {
	for c := range 0x20 {
		t[c] = control
	}
	t['"'], t['\\'], t[0xEF] = quote, escape, suspect
	for c := 0xF0; c <= 0xF4; c++ {
		t[c] = suspect
	}
	return t
}()

// str reads a string and adds its node. The text is known to be valid UTF-8.
func (p *parser) str() *Error {
	start, s, i := p.pos, p.text, p.pos+1
	for i < len(s) {
		switch class[s[i]] {
		case plain:
			i++
		case quote:
			p.leaf(String, start, i+1, -1)
			return nil
		case escape:
			return p.escaped(start, i)
		case control:
			p.pos = i
			return p.fail(ErrSyntax, "control character in a string")
		case suspect:
			r, size := utf8.DecodeRuneInString(s[i:])
			if isNoncharacter(r) {
				p.pos = i
				return p.fail(ErrNoncharacter, "")
			}
			i += size
		}
	}
	p.pos = i
	return p.fail(ErrSyntax, "string without end")
}

// escaped goes on where str met the first backslash.
func (p *parser) escaped(start, i int) *Error {
	s := p.text
	buf := append(p.buf[:0], s[start+1:i]...)
	for i < len(s) {
		c := s[i]
		switch class[c] {
		case plain:
			buf = append(buf, c)
			i++
		case quote:
			p.doc.unescaped = append(p.doc.unescaped, string(buf))
			p.buf = buf
			p.leaf(String, start, i+1, int64(len(p.doc.unescaped)-1))
			return nil
		case escape:
			r, size, err := unescape(s[i:])
			if err != nil {
				p.pos = i
				return p.fail(err, "")
			}
			buf = utf8.AppendRune(buf, r)
			i += size
		case control:
			p.pos = i
			return p.fail(ErrSyntax, "control character in a string")
		case suspect:
			r, size := utf8.DecodeRuneInString(s[i:])
			if isNoncharacter(r) {
				p.pos = i
				return p.fail(ErrNoncharacter, "")
			}
			buf = append(buf, s[i:i+size]...)
			i += size
		}
	}
	p.pos = i
	return p.fail(ErrSyntax, "string without end")
}

// unescape reads the escape at the beginning of s: one of the short forms or
// \uXXXX, where a surrogate must come as a pair of two such escapes (RFC 8259
// §7, RFC 7493 §2.1). It returns the character and the bytes it took.
func unescape(s string) (r rune, size int, err error) {
	if len(s) < 2 {
		return 0, 0, ErrSyntax
	}
	switch c := s[1]; c {
	case '"', '\\', '/':
		return rune(c), 2, nil
	case 'b':
		return '\b', 2, nil
	case 'f':
		return '\f', 2, nil
	case 'n':
		return '\n', 2, nil
	case 'r':
		return '\r', 2, nil
	case 't':
		return '\t', 2, nil
	}
	r, ok := hex4(s)
	switch {
	case !ok:
		return 0, 0, ErrSyntax
	case r < 0xD800 || r > 0xDFFF:
		if isNoncharacter(r) {
			return 0, 0, ErrNoncharacter
		}
		return r, 6, nil
	}
	low, ok := hex4(s[6:])
	if r > 0xDBFF || !ok || low < 0xDC00 || low > 0xDFFF {
		return 0, 0, ErrSurrogate
	}
	r = 0x10000 + (r-0xD800)<<10 + (low - 0xDC00)
	if isNoncharacter(r) {
		return 0, 0, ErrNoncharacter
	}
	return r, 12, nil
}

// hex4 reads \uXXXX at the beginning of s.
func hex4(s string) (r rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	for i := 2; i < 6; i++ {
		c := s[i]
		switch {
		case '0' <= c && c <= '9':
			c -= '0'
		case 'a' <= c && c <= 'f':
			c -= 'a' - 10
		case 'A' <= c && c <= 'F':
			c -= 'A' - 10
		default:
			return 0, false
		}
		r = r<<4 | rune(c)
	}
	return r, true
}

// isNoncharacter reports the 66 code points that RFC 7493 §2.1 shuts out
// beside surrogates: U+FDD0 to U+FDEF and the last two of each plane.
func isNoncharacter(r rune) bool {
	return r&0xFFFE == 0xFFFE || 0xFDD0 <= r && r <= 0xFDEF
}
