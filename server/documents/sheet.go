package documents

import (
	"fmt"
	"slices"
	"strings"

	"tachiai/server/documents/pdf"
)

// Measures of the page, in points: A4 with margins of 20 mm at the sides.
const (
	pageW, pageH = 595.28, 841.89
	left         = 56.69
	fullW        = pageW - 2*left
	top          = pageH - 54
	bottom       = 58
	labelW       = 132
	pad          = 2.8 // above and below the lines of a row
	inset        = 7   // beside them
)

// Sizes of type, in points.
const (
	bodySize  = 9.2
	smallSize = 8
	tinySize  = 6.8
)

var (
	ink    = pdf.Colour{0.09, 0.10, 0.12}
	accent = pdf.Colour{0.10, 0.20, 0.36}
	grey   = pdf.Colour{0.36, 0.39, 0.43} // 6.5:1 on white
	label  = pdf.Colour{0.20, 0.25, 0.33}
	ruling = pdf.Colour{0.76, 0.78, 0.81}
	shade  = pdf.Colour{0.955, 0.96, 0.968}
)

// leading is the distance of base lines for a size of type.
func leading(size float64) float64 { return size * 1.56 }

// A sheet is a document while it is filled from top to bottom.
type sheet struct {
	doc   *pdf.Document
	faces []*pdf.Face
	pages []*pdf.Page
	page  *pdf.Page
	y     float64 // what is above is used
	fresh bool    // nothing on the page yet
	rules []rule  // drawn at the end, over all shading

	lacking []string // texts that no font has a form for, each once
}

func newSheet(p *paper) *sheet {
	title := p.blocks[0].head
	doc := pdf.New(pdf.Info{Title: title, Author: p.Agency, Subject: p.words.editions[p.Edition], Lang: p.lang})
	s := &sheet{doc: doc}
	for _, f := range p.Fonts.faces {
		s.faces = append(s.faces, doc.Face(f))
	}
	s.turn()
	return s
}

// turn begins a new page.
func (s *sheet) turn() {
	s.page = s.doc.Page(pageW, pageH)
	s.pages = append(s.pages, s.page)
	s.y, s.fresh = top, true
}

// need begins a new page unless so much room is left.
func (s *sheet) need(height float64) {
	if !s.fresh && s.y-height < bottom {
		s.turn()
	}
}

// A span is text in one weight.
type span struct {
	text  string
	heavy bool
}

// set makes glyphs of spans, and remembers what has no form.
func (s *sheet) set(spans ...span) (all []pdf.Set) {
	for _, sp := range spans {
		set, lacking := pdf.Lay(s.faces, sp.text)
		for i := range set {
			set[i].Heavy = sp.heavy
		}
		all = append(all, set...)
		for _, text := range lacking {
			if !slices.Contains(s.lacking, text) {
				s.lacking = append(s.lacking, text)
			}
		}
	}
	return all
}

// paragraph sets and breaks.
func (s *sheet) paragraph(size, width float64, spans ...span) []line {
	return breakLines(s.set(spans...), size, width)
}

// draw sets a line at a base line. at is its left end.
func (s *sheet) draw(l line, at, base, size float64, c pdf.Colour) {
	s.page.Text(at+l.indent, base, size, c, l.glyphs)
}

// A place is where a line stands between its left and right end.
type place int

const (
	flushLeft place = iota
	centred
	flushRight
)

// single sets one line that is not broken, in a box from x of a width.
func (s *sheet) single(e *pdf.Elem, sp span, where place, x, width, base, size float64, c pdf.Colour) {
	l := breakLines(s.set(sp), size, 1e6)[0]
	switch slack := width - l.width()*size/1000; where {
	case centred:
		x += slack / 2
	case flushRight:
		x += slack
	}
	if e == nil {
		s.page.Artifact()
	} else {
		s.page.Open(e)
	}
	s.draw(l, x, base, size, c)
	s.page.Close()
}

// heading draws a section's name over the upper border of its table. below is
// the room that must be left under it on the page.
func (s *sheet) heading(sect *pdf.Elem, name string, c pdf.Colour, width, below float64) {
	s.need(34 + below)
	if !s.fresh {
		s.y -= 12
	}
	s.single(sect.Add("H2"), span{name, true}, flushLeft, left, width, s.y-12, 10.5, c)
	s.y -= 18.5
	s.border(left, left+width)
	s.fresh = false
}

// prose draws a paragraph over the whole width.
func (s *sheet) prose(e *pdf.Elem, text string, size float64, c pdf.Colour, before, width float64) {
	set := s.set(span{text, false})
	lines, size := unwidowed(set, size, width)
	s.need(before + float64(min(len(lines), 4))*leading(size))
	s.y -= before
	for len(lines) > 0 {
		n := min(len(lines), max(1, int((s.y-bottom)/leading(size))))
		s.page.Open(e)
		for i, l := range lines[:n] {
			s.draw(l, left, s.y-leading(size)/2-size*0.36-float64(i)*leading(size), size, c)
		}
		s.page.Close()
		s.y -= float64(n) * leading(size)
		s.fresh = false
		if lines = lines[n:]; len(lines) > 0 {
			s.turn()
		}
	}
}

// forms says which texts had no form in any font, so that a reader knows what
// the frames mean.
func (s *sheet) forms(p *paper) {
	s.set(span{p.blocks[0].head, false}, span{p.text("document_no"), false}, span{p.Agency, false}) // what feet will draw
	if s.lacking == nil {
		return
	}
	var list []string
	for _, text := range slices.Clone(s.lacking) {
		list = append(list, text+"\u00a0"+strings.Trim(fmt.Sprintf("%U", []rune(text)), "[]"))
	}
	s.prose(s.doc.Top().Add("P"), fmt.Sprintf(p.words.lacking, strings.Join(list, p.words.comma)), smallSize, ink, 12, fullW)
}

// feet draws header and footer of every page, when their number is known.
func (s *sheet) feet(p *paper) {
	for i, page := range s.pages {
		s.page = page
		mark := p.words.editions[p.Edition]
		if p.Practice {
			mark = p.words.practice + "  " + mark
		}
		s.single(nil, span{mark, p.Practice}, flushRight, left, fullW, pageH-36, 7.5, grey)
		if i > 0 {
			s.single(nil, span{p.blocks[0].head + "  " + p.text("document_no"), false}, flushLeft, left, fullW, pageH-36, 7.5, grey)
		}
		page.Artifact()
		page.Rule(left, 48, left+fullW, 48, 0.4, ruling)
		for _, r := range s.rules {
			if r.page == page {
				page.Rule(r.from, r.at, r.to, r.at, r.width, r.colour)
			}
		}
		page.Close()
		for _, f := range []struct {
			text  string
			where place
		}{
			{p.Agency, flushLeft},
			{fmt.Sprintf("%d / %d", i+1, len(s.pages)), centred},
			{p.words.record + " " + p.Record.Hash.String()[:12] + "…", flushRight},
		} {
			s.single(nil, span{f.text, false}, f.where, left, fullW, 36, 7.5, grey)
		}
	}
}
