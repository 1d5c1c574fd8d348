package pdf

import (
	"encoding/binary"
	"errors"
	"fmt"
)

// ErrFont means that a file is not a TrueType font that can be embedded.
var ErrFont = errors.New("not a TrueType font with outlines")

// A Font is a parsed TrueType font. It is read-only: many documents may share
// it, at the same time.
type Font struct {
	name   string // PostScript name
	data   []byte
	tables map[string][]byte

	unitsPerEm, numGlyphs, numMetrics int
	longLoca                          bool
	ascent, descent, capHeight        int    // thousandths of an em
	box                               [4]int // the same
	groups                            []byte // cmap format 12: 12 bytes each
	variations                        []byte // cmap format 14, or nil
}

// ParseFont reads a font file: TrueType outlines, a Unicode cmap of format 12
// and, for variation selectors, of format 14. Every offset is checked before
// it is believed. name is the PostScript name that documents give it. The data
// is kept and must not change. Error: ErrFont.
func ParseFont(name string, data []byte) (*Font, error) {
	f := &Font{name: name, data: data, tables: map[string][]byte{}}
	if len(data) < 12 || binary.BigEndian.Uint32(data) != 0x00010000 {
		return nil, fmt.Errorf("%w: %s", ErrFont, name)
	}
	for i := range int(binary.BigEndian.Uint16(data[4:])) {
		e, ok := part(data, 12+16*i, 16)
		if !ok {
			return nil, fmt.Errorf("%w: %s: table directory", ErrFont, name)
		}
		t, ok := part(data, int(binary.BigEndian.Uint32(e[8:])), int(binary.BigEndian.Uint32(e[12:])))
		if !ok {
			return nil, fmt.Errorf("%w: %s: table %q", ErrFont, name, e[:4])
		}
		f.tables[string(e[:4])] = t
	}
	for table, least := range map[string]int{"head": 54, "hhea": 36, "maxp": 32, "OS/2": 90, "hmtx": 4, "loca": 4, "glyf": 0, "cmap": 4} {
		if t, ok := f.tables[table]; !ok || len(t) < least {
			return nil, fmt.Errorf("%w: %s: table %q", ErrFont, name, table)
		}
	}
	head, hhea := f.tables["head"], f.tables["hhea"]
	f.unitsPerEm = int(binary.BigEndian.Uint16(head[18:]))
	f.longLoca = binary.BigEndian.Uint16(head[50:]) == 1
	f.numGlyphs = int(binary.BigEndian.Uint16(f.tables["maxp"][4:]))
	f.numMetrics = int(binary.BigEndian.Uint16(hhea[34:]))
	width := 2
	if f.longLoca {
		width = 4
	}
	if f.unitsPerEm == 0 || f.numGlyphs == 0 || f.numMetrics == 0 || f.numMetrics > f.numGlyphs ||
		len(f.tables["hmtx"]) < 4*f.numMetrics+2*(f.numGlyphs-f.numMetrics) || len(f.tables["loca"]) < width*(f.numGlyphs+1) {
		return nil, fmt.Errorf("%w: %s: metrics", ErrFont, name)
	}
	for i := range f.box {
		f.box[i] = f.scale(int(int16(binary.BigEndian.Uint16(head[36+2*i:]))))
	}
	f.ascent = f.scale(int(int16(binary.BigEndian.Uint16(hhea[4:]))))
	f.descent = f.scale(int(int16(binary.BigEndian.Uint16(hhea[6:]))))
	f.capHeight = f.scale(int(int16(binary.BigEndian.Uint16(f.tables["OS/2"][88:]))))
	return f, f.readCmap()
}

// part returns size bytes from an offset, if they are there.
func part(b []byte, from, size int) ([]byte, bool) {
	if from < 0 || size < 0 || from > len(b) || size > len(b)-from {
		return nil, false
	}
	return b[from : from+size], true
}

func (f *Font) scale(units int) int { return units * 1000 / f.unitsPerEm }

func (f *Font) readCmap() error {
	cmap := f.tables["cmap"]
	for i := range int(binary.BigEndian.Uint16(cmap[2:])) {
		e, ok := part(cmap, 4+8*i, 8)
		if !ok {
			return fmt.Errorf("%w: %s: cmap", ErrFont, f.name)
		}
		from := int(binary.BigEndian.Uint32(e[4:]))
		h, ok := part(cmap, from, 16)
		if !ok {
			continue
		}
		switch binary.BigEndian.Uint16(h) {
		case 12:
			if g, ok := part(cmap, from+16, 12*int(binary.BigEndian.Uint32(h[12:]))); ok {
				f.groups = g
			}
		case 14:
			f.variations = cmap[from:]
		}
	}
	if f.groups == nil {
		return fmt.Errorf("%w: %s: no cmap of format 12", ErrFont, f.name)
	}
	return nil
}

// glyph returns the glyph of a character; 0 when there is none.
func (f *Font) glyph(r rune) int {
	low, high := 0, len(f.groups)/12
	for low < high {
		at := (low + high) / 2
		g := f.groups[12*at:]
		switch first, last := rune(binary.BigEndian.Uint32(g)), rune(binary.BigEndian.Uint32(g[4:])); {
		case r < first:
			high = at
		case r > last:
			low = at + 1
		default:
			if id := int(binary.BigEndian.Uint32(g[8:])) + int(r-first); id < f.numGlyphs {
				return id
			}
			return 0
		}
	}
	return 0
}

// variant returns the glyph of a character with a variation selector (Unicode
// §23.4); 0 when the font does not know the pair.
func (f *Font) variant(r, selector rune) int {
	v := f.variations
	head, ok := part(v, 0, 10)
	if !ok {
		return 0
	}
	for i := range int(binary.BigEndian.Uint32(head[6:])) {
		e, ok := part(v, 10+11*i, 11)
		if !ok {
			return 0
		}
		if uint24(e) != selector {
			continue
		}
		if id, ok := f.listed(int(binary.BigEndian.Uint32(e[7:])), r); ok {
			return id
		}
		if f.isDefault(int(binary.BigEndian.Uint32(e[3:])), r) {
			return f.glyph(r)
		}
		return 0
	}
	return 0
}

// listed looks in a table of forms of their own: 5 bytes each.
func (f *Font) listed(from int, r rune) (int, bool) {
	n, ok := part(f.variations, from, 4)
	if from == 0 || !ok {
		return 0, false
	}
	t, ok := part(f.variations, from+4, 5*int(binary.BigEndian.Uint32(n)))
	if !ok {
		return 0, false
	}
	for ; len(t) > 0; t = t[5:] {
		if id := int(binary.BigEndian.Uint16(t[3:])); uint24(t) == r && id < f.numGlyphs {
			return id, true
		}
	}
	return 0, false
}

// isDefault looks in a table of pairs that look like the character alone: 4
// bytes each.
func (f *Font) isDefault(from int, r rune) bool {
	n, ok := part(f.variations, from, 4)
	if from == 0 || !ok {
		return false
	}
	t, ok := part(f.variations, from+4, 4*int(binary.BigEndian.Uint32(n)))
	if !ok {
		return false
	}
	for ; len(t) > 0; t = t[4:] {
		if first := uint24(t); r >= first && r <= first+rune(t[3]) {
			return true
		}
	}
	return false
}

func uint24(b []byte) rune { return rune(b[0])<<16 | rune(b[1])<<8 | rune(b[2]) }

// advance is a glyph's width in thousandths of an em.
func (f *Font) advance(id int) int {
	return f.scale(int(binary.BigEndian.Uint16(f.tables["hmtx"][4*min(id, f.numMetrics-1):])))
}

// outline returns a glyph's entry of the glyf table; empty for a blank.
func (f *Font) outline(id int) ([]byte, error) {
	loca := f.tables["loca"]
	var from, to int
	if f.longLoca {
		from, to = int(binary.BigEndian.Uint32(loca[4*id:])), int(binary.BigEndian.Uint32(loca[4*id+4:]))
	} else {
		from, to = 2*int(binary.BigEndian.Uint16(loca[2*id:])), 2*int(binary.BigEndian.Uint16(loca[2*id+2:]))
	}
	g, ok := part(f.tables["glyf"], from, to-from)
	if !ok || (len(g) > 0 && len(g) < 10) {
		return nil, fmt.Errorf("%w: %s: glyph %d", ErrFont, f.name, id)
	}
	return g, nil
}
