package pdf

import (
	"encoding/binary"
	"fmt"
)

// What a shape may be beside a glyph of the font; above zero: a frame around the
// number of that character, in hexadecimal.
const (
	frame  rune = -1 // empty
	framed rune = -2 // around the glyph
)

// The frame, in thousandths of an em: its outer edges, and how thick it is.
const (
	frameLeft, frameRight, frameLow, frameHigh = 50, 950, -110, 850
	frameWide                                  = 28
)

// units turns thousandths of an em into the font's units.
func (s *subset) units(thousandths int) int { return thousandths * s.font.unitsPerEm / 1000 }

// drawFrame is the entry of the glyf table for the empty frame: one rectangle
// in another that runs the other way.
func (s *subset) drawFrame() []byte {
	l, r, b, t, w := s.units(frameLeft), s.units(frameRight), s.units(frameLow), s.units(frameHigh), s.units(frameWide)
	g := words(nil, 2, l, b, r, t, 3, 7, 0) // contours, box, last points, no instructions
	for range 8 {
		g = append(g, 1) // on the curve, both coordinates in two bytes
	}
	corners := [8][2]int{{l, b}, {l, t}, {r, t}, {r, b}, {l + w, b + w}, {r - w, b + w}, {r - w, t - w}, {l + w, t - w}}
	for axis := range 2 {
		at := 0
		for _, c := range corners {
			g = words(g, c[axis]-at)
			at = c[axis]
		}
	}
	return g
}

// drawBox is the entry for a frame with something in it: a composite of the
// frame and smaller glyphs.
func (s *subset) drawBox(f shape) []byte {
	l, r, b, t := s.units(frameLeft), s.units(frameRight), s.units(frameLow), s.units(frameHigh)
	g := words(nil, 0xFFFF, l, b, r, t)
	component := func(flags int, part shape, x, y, scale int) {
		g = words(g, flags|argsAreWords|argsAreXY|hasScale, s.add(part), x, y, scale)
	}
	const whole = 1 << 14 // scale 1 of a component
	component(more, shape{box: frame, advance: s.units(em)}, 0, 0, whole)
	if f.box == framed {
		part, scale := s.whole(f.id), 78
		component(0, part, (s.units(em)-part.advance*scale/100)/2, s.units(80), whole*scale/100)
		return g
	}
	digits := fmt.Sprintf("%04X", f.box)
	columns, scale := (len(digits)+1)/2, 46
	for n, d := range digits {
		part := s.whole(s.font.glyph(d))
		width := (r - l - s.units(80)) / columns
		x := l + s.units(40) + width*(n%columns) + (width-part.advance*scale/100)/2
		y := s.units(430)
		if n >= columns {
			y = s.units(-20)
		}
		flags := more
		if n == len(digits)-1 {
			flags = 0
		}
		component(flags, part, x, y, whole*scale/100)
	}
	return g
}

func words(to []byte, all ...int) []byte {
	for _, v := range all {
		to = binary.BigEndian.AppendUint16(to, uint16(int16(v)))
	}
	return to
}
