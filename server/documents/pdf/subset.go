package pdf

import (
	"encoding/binary"
	"fmt"
)

// A shape is a glyph of a font, moved, and with a width of its own, both in the
// font's units; or a box (see frame).
type shape struct {
	id, shift, advance int
	box                rune
}

// A subset is the part of a font that one document uses. Shapes are numbered
// anew in the order of their first use; 0 is the empty box, as in every font.
type subset struct {
	font   *Font
	order  []shape
	number map[shape]int
}

func newSubset(f *Font) *subset {
	s := &subset{font: f, number: map[shape]int{}}
	s.add(s.whole(0))
	return s
}

// whole is a glyph as the font has it.
func (s *subset) whole(id int) shape {
	return shape{id: id, advance: int(binary.BigEndian.Uint16(s.font.tables["hmtx"][4*min(id, s.font.numMetrics-1):]))}
}

// shape is a glyph as a text uses it.
func (s *subset) shape(g Glyph) shape {
	whole := s.whole(g.id)
	if g.box != 0 {
		return shape{id: g.id, advance: s.units(g.Advance), box: g.box}
	}
	if g.shift == 0 && g.Advance == s.font.scale(whole.advance) {
		return whole
	}
	return shape{id: g.id, shift: s.units(g.shift), advance: s.units(g.Advance)}
}

// add takes a shape in and returns its number here.
func (s *subset) add(f shape) int {
	if n, ok := s.number[f]; ok {
		return n
	}
	n := len(s.order)
	s.order, s.number[f] = append(s.order, f), n
	return n
}

// Flags of a component of a composite glyph (OpenType, table glyf).
const (
	argsAreWords = 1 << 0
	argsAreXY    = 1 << 1
	hasScale     = 1 << 3
	more         = 1 << 5
	hasXYScale   = 1 << 6
	hasTwoByTwo  = 1 << 7
	instructed   = 1 << 8
)

// components calls visit with each component's glyph number in place.
func components(g []byte, visit func(flags, number []byte)) error {
	for at := 10; ; {
		c, ok := part(g, at, 4)
		if !ok {
			return fmt.Errorf("%w: composite glyph", ErrFont)
		}
		flags := binary.BigEndian.Uint16(c)
		visit(c[:2], c[2:4])
		at += 6
		if flags&argsAreWords != 0 {
			at += 2
		}
		switch {
		case flags&hasScale != 0:
			at += 2
		case flags&hasXYScale != 0:
			at += 4
		case flags&hasTwoByTwo != 0:
			at += 8
		}
		if flags&more == 0 {
			return nil
		}
	}
}

// outline returns the entry of the glyf table for a shape: the font's own with
// its components renumbered, or a composite of that one, moved.
func (s *subset) outline(f shape) ([]byte, error) {
	switch {
	case f.box == frame:
		return s.drawFrame(), nil
	case f.box != 0:
		return s.drawBox(f), nil
	}
	g, err := s.font.outline(f.id)
	if err != nil || len(g) == 0 {
		return nil, err
	}
	if f != s.whole(f.id) {
		const xyWords = argsAreWords | argsAreXY
		moved := binary.BigEndian.AppendUint16(nil, 0xFFFF)
		for i, dx := range []int{f.shift, 0, f.shift, 0} { // the box
			moved = binary.BigEndian.AppendUint16(moved, binary.BigEndian.Uint16(g[2+2*i:])+uint16(int16(dx)))
		}
		for _, v := range []int{xyWords, s.add(s.whole(f.id)), f.shift, 0} {
			moved = binary.BigEndian.AppendUint16(moved, uint16(int16(v)))
		}
		return moved, nil
	}
	g = append([]byte(nil), g...)
	if int16(binary.BigEndian.Uint16(g)) >= 0 {
		return g, nil
	}
	err = components(g, func(flags, number []byte) {
		binary.BigEndian.PutUint16(flags, binary.BigEndian.Uint16(flags)&^instructed)
		part := int(binary.BigEndian.Uint16(number))
		binary.BigEndian.PutUint16(number, uint16(s.add(s.whole(min(part, s.font.numGlyphs-1)))))
	})
	return g, err
}

// bearing is the left side bearing of a shape.
func (s *subset) bearing(f shape) int {
	if f.box != 0 {
		return s.units(frameLeft)
	}
	id := f.id
	metrics, n := s.font.tables["hmtx"], s.font.numMetrics
	at := 4*id + 2
	if id >= n {
		at = 4*n + 2*(id-n)
	}
	return int(int16(binary.BigEndian.Uint16(metrics[at:]))) + f.shift
}

// file writes the subset as a TrueType font with the tables that a PDF asks
// for (ISO 32000-1 §9.9), without hints. The same shapes in the same order
// give the same bytes.
func (s *subset) file() ([]byte, error) {
	var glyf, hmtx []byte
	loca := []int{0}
	for i := 0; i < len(s.order); i++ { //nolint:intrange // components are added behind while it runs
		f := s.order[i]
		g, err := s.outline(f)
		if err != nil {
			return nil, err
		}
		glyf = append(glyf, g...)
		for len(glyf)%4 != 0 {
			glyf = append(glyf, 0)
		}
		loca = append(loca, len(glyf))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(f.advance))
		hmtx = binary.BigEndian.AppendUint16(hmtx, uint16(int16(s.bearing(f))))
	}
	count := uint16(len(s.order))
	copied := func(name string) []byte { return append([]byte(nil), s.font.tables[name]...) }
	head, hhea, maxp := copied("head"), copied("hhea"), copied("maxp")
	binary.BigEndian.PutUint32(head[8:], 0)  // checksum of the file, below
	binary.BigEndian.PutUint16(head[50:], 1) // long loca
	binary.BigEndian.PutUint16(hhea[34:], count)
	binary.BigEndian.PutUint16(maxp[4:], count)
	atLeast := func(at int, least uint16) {
		binary.BigEndian.PutUint16(maxp[at:], max(least, binary.BigEndian.Uint16(maxp[at:])))
	}
	const parts = 7                                                             // of a box: the frame and six digits
	atLeast(10, parts*binary.BigEndian.Uint16(maxp[6:]))                        // points and contours of a composite:
	atLeast(12, parts*binary.BigEndian.Uint16(maxp[8:]))                        // any glyph may have been moved
	atLeast(28, parts)                                                          // components
	binary.BigEndian.PutUint16(maxp[30:], binary.BigEndian.Uint16(maxp[30:])+1) // one level more
	var offsets []byte
	for _, at := range loca {
		offsets = binary.BigEndian.AppendUint32(offsets, uint32(at))
	}
	return sfnt([]table{{"glyf", glyf}, {"head", head}, {"hhea", hhea}, {"hmtx", hmtx}, {"loca", offsets}, {"maxp", maxp}}), nil
}

type table struct {
	name string
	data []byte
}

// sfnt puts tables, sorted by name, into one font file.
func sfnt(tables []table) []byte {
	out := binary.BigEndian.AppendUint32(nil, 0x00010000)
	power := 1
	exponent := 0
	for power*2 <= len(tables) {
		power, exponent = power*2, exponent+1
	}
	for _, n := range []int{len(tables), power * 16, exponent, (len(tables) - power) * 16} {
		out = binary.BigEndian.AppendUint16(out, uint16(n))
	}
	at, head := len(out)+16*len(tables), 0
	for _, t := range tables {
		if t.name == "head" {
			head = at
		}
		out = append(out, t.name...)
		out = binary.BigEndian.AppendUint32(out, checksum(t.data))
		out = binary.BigEndian.AppendUint32(out, uint32(at))
		out = binary.BigEndian.AppendUint32(out, uint32(len(t.data)))
		at += (len(t.data) + 3) &^ 3
	}
	for _, t := range tables {
		out = append(out, t.data...)
		for len(out)%4 != 0 {
			out = append(out, 0)
		}
	}
	binary.BigEndian.PutUint32(out[head+8:], 0xB1B0AFBA-checksum(out))
	return out
}

// checksum adds up big-endian words; what is missing of the last one is zero.
func checksum(b []byte) (sum uint32) {
	for ; len(b) >= 4; b = b[4:] {
		sum += binary.BigEndian.Uint32(b)
	}
	var last [4]byte
	copy(last[:], b)
	return sum + binary.BigEndian.Uint32(last[:])
}
