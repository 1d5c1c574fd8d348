package form

// Which characters may stand in a value. Nothing is ever changed: no
// normalisation, no trimming, no folding of width; a name keeps its bytes. What
// would make the shown text lie about itself is refused instead.

// clean reports whether s holds only characters that may be shown: no C0 or C1
// control (LF only in paragraphs), no line or paragraph separator, no
// bidirectional control, which could make the text read differently from the
// bytes that are hashed (CVE-2021-42574), no noncharacter.
func clean(s string, lf bool) bool {
	for _, r := range s {
		switch {
		case r == '\n' && lf:
		case r < 0x20, r >= 0x7f && r < 0xa0,
			r == 0x2028, r == 0x2029,
			r == 0x061c, r == 0x200e, r == 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2066 && r <= 0x2069,
			r >= 0xfdd0 && r <= 0xfdef, r&0xfffe == 0xfffe,
			r == 0xfffd:
			return false
		}
	}
	return true
}

// blank reports whether nothing would be seen.
func blank(s string) bool {
	for _, r := range s {
		switch {
		case r == ' ', r == '\n', r == 0xa0, r == 0xad, r == 0x1680,
			r >= 0x2000 && r <= 0x200d, r == 0x202f, r == 0x205f, r == 0x2060,
			r == 0x3000, r == 0x3164, r == 0xfeff:
		default:
			return false
		}
	}
	return true
}

// kana reports whether s is a reading: hiragana, katakana of either width, the
// long mark, the middle dot, iteration marks and spaces.
func kana(s string) bool {
	for _, r := range s {
		switch {
		case r == ' ', r == 0x3000,
			r >= 0x3041 && r <= 0x3096, r >= 0x309b && r <= 0x309e,
			r >= 0x30a1 && r <= 0x30fe,
			r >= 0xff65 && r <= 0xff9f:
		default:
			return false
		}
	}
	return true
}
