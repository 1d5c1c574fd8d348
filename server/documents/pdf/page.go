package pdf

import (
	"fmt"
	"math"
	"strings"
)

// A Colour is red, green, blue from 0 to 1, in sRGB.
type Colour [3]float64

// A Page is drawn on from top to bottom. Lengths are points (1/72 inch), from
// the lower left corner. Everything drawn stands between Open or Artifact and
// Close: a mark that belongs to an element, or decoration.
type Page struct {
	W, H  float64
	ref   ref
	b     strings.Builder
	marks []*Elem // by MCID
	faces []*Face
	pics  []*Picture
}

// Open begins content of an element.
func (p *Page) Open(e *Elem) {
	mcid := len(p.marks)
	p.marks = append(p.marks, e)
	e.kids = append(e.kids, kid{page: p, mcid: mcid})
	fmt.Fprintf(&p.b, "/%s<</MCID %d>>BDC\n", e.kind, mcid)
}

// Artifact begins what is no content: rules, shading, headers and footers.
func (p *Page) Artifact() { p.b.WriteString("/Artifact BMC\n") }

// Close ends what Open or Artifact began.
func (p *Page) Close() { p.b.WriteString("EMC\n") }

// A Set glyph is a glyph of a face, and the room after it in thousandths of
// an em beside its advance (below zero: closer).
type Set struct {
	Glyph
	Face  *Face
	Kern  int
	Heavy bool // for emphasis: its outline is drawn too, which gives the weight called medium
}

// heavier is the width of that outline as a part of the size of type. A second
// font for the headings would cost 13 KB in each document, and 5 MB of memory.
const heavier = 0.018

// Text sets one line from (x, y), y being the base line.
func (p *Page) Text(x, y, size float64, c Colour, line []Set) {
	if len(line) == 0 {
		return
	}
	fmt.Fprintf(&p.b, "BT %s rg 1 0 0 1 %s Tm", num(c[:]...), num(x, y))
	var face *Face
	heavy, open := false, false
	for i, g := range line {
		if g.Face != face || g.Heavy != heavy {
			if open {
				p.b.WriteString(">]TJ")
			}
			if g.Face != face {
				face = g.Face
				fmt.Fprintf(&p.b, "/F%d %s Tf", p.face(face), num(size))
			}
			if g.Heavy != heavy {
				heavy = g.Heavy
				p.weight(heavy, size, c)
			}
			p.b.WriteString("[<")
			open = true
		}
		fmt.Fprintf(&p.b, "%04X", face.cid(g.Glyph))
		if g.Kern != 0 && i+1 < len(line) {
			fmt.Fprintf(&p.b, ">%d<", -g.Kern)
		}
	}
	p.b.WriteString(">]TJ")
	if heavy {
		p.weight(false, size, c)
	}
	p.b.WriteString(" ET\n")
}

func (p *Page) weight(heavy bool, size float64, c Colour) {
	if heavy {
		fmt.Fprintf(&p.b, " 2 Tr %s w %s RG", num(size*heavier), num(c[:]...))
	} else {
		p.b.WriteString(" 0 Tr")
	}
}

func (p *Page) face(f *Face) int {
	for i, have := range p.faces {
		if have == f {
			return i
		}
	}
	p.faces = append(p.faces, f)
	return len(p.faces) - 1
}

// Fill paints a rectangle.
func (p *Page) Fill(x, y, w, h float64, c Colour) {
	fmt.Fprintf(&p.b, "%s rg %s re f\n", num(c[:]...), num(x, y, w, h))
}

// Box draws the border of a rectangle.
func (p *Page) Box(x, y, w, h, width float64, c Colour) {
	fmt.Fprintf(&p.b, "%s RG %s w %s re S\n", num(c[:]...), num(width), num(x, y, w, h))
}

// Rule draws a straight line.
func (p *Page) Rule(x1, y1, x2, y2, width float64, c Colour) {
	fmt.Fprintf(&p.b, "%s RG %s w %s m %s l S\n", num(c[:]...), num(width), num(x1, y1), num(x2, y2))
}

// Dots draws a dotted line.
func (p *Page) Dots(x1, y1, x2, y2, width float64, c Colour) {
	fmt.Fprintf(&p.b, "q 1 J [0 %s] 0 d\n", num(3*width))
	p.Rule(x1, y1, x2, y2, width, c)
	p.b.WriteString("Q\n")
}

// A Point is a place on a page.
type Point struct{ X, Y float64 }

// Pen draws strokes with a round pen, each a smooth curve that passes through
// every one of its points (Catmull-Rom). A stroke of one point is a dot.
func (p *Page) Pen(strokes [][]Point, width float64, c Colour) {
	fmt.Fprintf(&p.b, "q 1 J 1 j %s RG .1 0 0 .1 0 0 cm %d w\n", num(c[:]...), tenth(width))
	for _, s := range strokes {
		if len(s) == 0 {
			continue
		}
		fmt.Fprintf(&p.b, "%d %d m\n", tenth(s[0].X), tenth(s[0].Y))
		if len(s) == 1 {
			fmt.Fprintf(&p.b, "%d %d l\n", tenth(s[0].X), tenth(s[0].Y))
		}
		for i := 0; i+1 < len(s); i++ {
			before, from, to, after := s[max(i-1, 0)], s[i], s[i+1], s[min(i+2, len(s)-1)]
			fmt.Fprintf(&p.b, "%d %d %d %d %d %d c\n",
				tenth(from.X+(to.X-before.X)/6), tenth(from.Y+(to.Y-before.Y)/6),
				tenth(to.X-(after.X-from.X)/6), tenth(to.Y-(after.Y-from.Y)/6), tenth(to.X), tenth(to.Y))
		}
		p.b.WriteString("S\n")
	}
	p.b.WriteString("Q\n")
}

// tenth is a length in tenths of a point, 35 µm: finer than any pen.
func tenth(v float64) int { return int(math.Round(v * 10)) }

// Squares fills the squares of a grid: a code of black modules, row 0 at the
// top, in a square of the side given whose lower left corner is (x, y).
func (p *Page) Squares(x, y, side float64, n int, black func(column, row int) bool, c Colour) {
	fmt.Fprintf(&p.b, "q %s rg %s 0 0 %s %s cm\n", num(c[:]...), fine(side/float64(n)), fine(-side/float64(n)), num(x, y+side))
	for row := range n {
		for from := 0; from < n; from++ {
			to := from
			for to < n && black(to, row) {
				to++
			}
			if to > from {
				fmt.Fprintf(&p.b, "%d %d %d 1 re\n", from, row, to-from)
				from = to
			}
		}
	}
	p.b.WriteString("f Q\n")
}

func fine(v float64) string { return fmt.Sprintf("%.5f", v) }

// Picture draws a photo into a rectangle.
func (p *Page) Picture(pic *Picture, x, y, w, h float64) {
	n := -1
	for i, have := range p.pics {
		if have == pic {
			n = i
		}
	}
	if n < 0 {
		n = len(p.pics)
		p.pics = append(p.pics, pic)
	}
	fmt.Fprintf(&p.b, "q %s 0 0 %s %s cm /I%d Do Q\n", num(w), num(h), num(x, y), n)
}

func (p *Page) write(o *objects, parent ref, index int) {
	var fonts, pics strings.Builder
	for i, f := range p.faces {
		fmt.Fprintf(&fonts, "/F%d %s", i, f.ref)
	}
	for i, pic := range p.pics {
		fmt.Fprintf(&pics, "/I%d %s", i, pic.ref)
	}
	content := o.deflated("", []byte(p.b.String()))
	o.set(p.ref, fmt.Sprintf("<</Type/Page/Parent %s/MediaBox[0 0 %s]/Contents %s/Resources<</Font<<%s>>/XObject<<%s>>>>/StructParents %d/Tabs/S>>",
		parent, num(p.W, p.H), content, fonts.String(), pics.String(), index))
}
