package pdf

import "unicode"

// A Glyph is one form together with the text that it stands for: a character
// with its variation selector or its marks. The text survives byte for byte
// in the document's text layer, whatever other text has the same form.
type Glyph struct {
	Text    string
	Advance int // thousandths of an em
	id      int
	shift   int // of the outline to the right, the same
	box     rune
}

// TrimStart is the glyph without so much of its room at the left, in
// thousandths of an em: a full-width opening bracket without its blank half.
// The trimmed form gets its own width in the file, so nothing overlaps, and
// readers of the text layer see one line of neighbours.
func (g Glyph) TrimStart(room int) Glyph {
	g.Advance -= room
	g.shift -= room
	return g
}

// TrimEnd is the glyph without so much of its room at the right.
func (g Glyph) TrimEnd(room int) Glyph {
	g.Advance -= room
	return g
}

// Lay sets a text in its order, without reordering, kerning or ligatures:
// enough for Japanese set horizontally and for Latin, Greek and Cyrillic
// letters. A letter and marks that Unicode can write as one character take that
// character's form, and keep their own text. Each form comes from the first
// face that has it; the others serve only scripts that need no shaping.
//
// Every text is set. What no face has a form for is a frame: around the
// character without its variation selector, where only that is not known, else
// around the number of the character. lacking names those texts; a reader
// of the text layer does not notice.
func Lay(faces []*Face, s string) (line []Set, lacking []string) {
	runes := []rune(s)
	line = make([]Set, 0, len(runes))
	for i := 0; i < len(runes); {
		set, used := first(faces, runes[i:])
		set.Text = string(runes[i : i+used])
		if set.box != 0 {
			lacking = append(lacking, set.Text)
		}
		line = append(line, set)
		i += used
	}
	return line, lacking
}

// first sets the beginning of a text; Text is left to the caller.
func first(faces []*Face, s []rune) (set Set, used int) {
	for n, f := range faces {
		if n > 0 && !unshaped(s[0]) {
			break
		}
		if id, used, advance := f.cluster(s); id != 0 {
			return Set{Glyph: Glyph{Advance: advance, id: id}, Face: f}, used
		}
	}
	main := faces[0]
	if len(s) > 1 && isSelector(s[1]) {
		if id := main.glyph(s[0]); id != 0 {
			return Set{Glyph: Glyph{Advance: em, id: id, box: framed}, Face: main}, 2
		}
		return Set{Glyph: Glyph{Advance: em, box: s[0]}, Face: main}, 2
	}
	if len(s) > 1 && !unicode.Is(unicode.Mn, s[0]) && unicode.Is(unicode.Mn, s[1]) { // marks that do not go with it
		set, _ = first(faces, s[:1])
		return set, 1
	}
	return Set{Glyph: Glyph{Advance: em, box: s[0]}, Face: main}, 1
}

// em is a full width, in thousandths.
const em = 1000

// unshaped reports whether a character is of a script whose letters stand side
// by side as they are.
func unshaped(r rune) bool {
	return unicode.In(r, unicode.Latin, unicode.Greek, unicode.Cyrillic, unicode.Common, unicode.Inherited)
}

// cluster finds the glyph for the beginning of a text, and how many characters
// it uses up, at least one. id 0: there is none.
func (f *Font) cluster(s []rune) (id, used, advance int) {
	r := s[0]
	if invisible(r) || isSelector(r) {
		return f.glyph(' '), 1, 0
	}
	if len(s) > 1 && isSelector(s[1]) {
		id = f.variant(r, s[1])
		if id == 0 && (s[1] == 0xFE0E || s[1] == 0xFE0F) { // asks for text or emoji style, of a form that is the same
			id = f.glyph(r)
		}
		return id, 2, f.advance(id)
	}
	used = 1
	for used < len(s) && unicode.Is(unicode.Mn, s[used]) && !isSelector(s[used]) {
		whole := compose(r, s[used])
		if whole == 0 {
			return 0, used + 1, 0
		}
		r = whole
		used++
	}
	if unicode.Is(unicode.Mn, r) { // a mark on nothing
		return 0, used, 0
	}
	id = f.glyph(r)
	if id == 0 && unicode.Is(unicode.Zs, r) {
		id = f.glyph(' ')
	}
	return id, used, f.advance(id)
}

func isSelector(r rune) bool {
	return r >= 0xFE00 && r <= 0xFE0F || r >= 0xE0100 && r <= 0xE01EF
}

// invisible characters take no room and stay in the text layer.
func invisible(r rune) bool {
	switch r {
	case 0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF:
		return true
	}
	return false
}
