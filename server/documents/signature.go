package documents

import (
	"fmt"
	"math"

	"tachiai/server/documents/pdf"
	"tachiai/sync/form"
	"tachiai/sync/record"
)

// Measures of the box that holds a signature, in points.
const (
	stripH = 21  // its name
	areaH  = 104 // room to write in
	areaW  = 290
	detail = 25.5 // one of the details beside it
)

// signature draws the box with the hand that this record holds: vector
// strokes, or words where there are none. A paper with two signatures has
// them in two records; the other's box says so.
func (s *sheet) signature(sect *pdf.Elem, p *paper, b block) {
	mine := form.ByWorker
	if p.Record.Kind == record.KindItemReceived {
		mine = form.ByRep
	}
	height, w := float64(areaH), p.words
	if b.item.By != mine {
		height = 34
	}
	s.need(stripH + height + 36)
	s.y -= 6
	x, y := float64(left), s.y-stripH-height
	s.page.Artifact()
	s.page.Fill(x, s.y-stripH, fullW, stripH, shade)
	s.page.Box(x, y, fullW, stripH+height, 0.8, ink)
	s.page.Rule(x, s.y-stripH, x+fullW, s.y-stripH, 0.35, ruling)
	if b.item.By == mine {
		s.page.Rule(x+areaW, y, x+areaW, s.y-stripH, 0.35, ruling)
		s.page.Dots(x+22, y+22, x+areaW-22, y+22, 0.5, ruling)
	}
	s.page.Close()
	s.single(sect.Add("P"), span{b.head, true}, flushLeft, x+inset, areaW, s.y-14.2, bodySize, ink)
	s.y, s.fresh = y, false
	if b.item.By != mine {
		s.single(sect.Add("P"), span{w.otherHand, false}, flushLeft, x+inset, fullW, y+height/2-3, bodySize, grey)
		return
	}
	name := p.presentation.Method.Name(p.lang)
	if p.outline != nil {
		points := 0
		for _, l := range p.outline.Lines {
			points += len(l) / 2
		}
		figure := sect.Figure(fmt.Sprintf(w.figure, b.head, name, len(p.outline.Lines), points), x, y, areaW, areaH)
		strokes, scale := placed(*p.outline, x+16, y+10, areaW-32, areaH-20)
		s.page.Open(figure)
		s.page.Pen(strokes, min(max(1.6*scale, 0.8), 1.7), ink)
		s.page.Close()
	} else {
		words := w.onPaper
		if p.presentation.Method == form.MethodOwn {
			words = w.onOwn
		}
		s.single(sect.Add("P"), span{words, false}, centred, x, areaW, y+areaH/2, bodySize, grey)
	}
	details := []struct{ label, value string }{
		{w.method, name},
		{w.signedAt, instant(p.Record.Corrected(), p.lang)},
	}
	signer, label := p.text("worker"), w.signer
	if mine == form.ByRep {
		signer, label = p.text("received_by"), w.receiver
	}
	if signer != "" {
		details = append([]struct{ label, value string }{{label, signer}}, details...)
	}
	if witness := p.text("witness"); witness != "" {
		details = append(details, struct{ label, value string }{w.witness, witness})
	}
	at := y + areaH - 2
	for _, d := range details {
		s.single(sect.Add("P"), span{d.label, false}, flushLeft, x+areaW+inset+2, fullW-areaW, at-9, tinySize, grey)
		s.fitted(sect.Add("P"), d.value, x+areaW+inset+2, fullW-areaW-2*inset-2, at-20.5, bodySize-0.3)
		at -= detail
	}
	s.prose(sect.Add("P"), p.presentation.Method.Meaning(p.lang), smallSize, ink, 5, fullW)
	s.y -= 4
}

// fitted sets one line, smaller when it is too long for its room.
func (s *sheet) fitted(e *pdf.Elem, text string, x, width, base, size float64) {
	set := s.set(span{text, false})
	if natural := breakLines(set, size, 1e6)[0].width() * size / 1000; natural > width {
		size *= width / natural
	}
	s.single(e, span{text, false}, flushLeft, x, width, base, size, ink)
}

// placed moves an outline into a rectangle of the page: the ink alone, not the
// empty rest of the canvas, in its own proportions, centred. scale is points
// per CSS pixel, at most 1: a small hand is not blown up to a large one.
func placed(o form.Outline, x, y, w, h float64) (strokes [][]pdf.Point, scale float64) {
	low, high := pdf.Point{X: math.Inf(1), Y: math.Inf(1)}, pdf.Point{X: math.Inf(-1), Y: math.Inf(-1)}
	for _, l := range o.Lines {
		var stroke []pdf.Point
		for i := 0; i+1 < len(l); i += 2 {
			at := pdf.Point{X: float64(l[i]) / 100, Y: float64(l[i+1]) / 100}
			low = pdf.Point{X: min(low.X, at.X), Y: min(low.Y, at.Y)}
			high = pdf.Point{X: max(high.X, at.X), Y: max(high.Y, at.Y)}
			stroke = append(stroke, at)
		}
		strokes = append(strokes, stroke)
	}
	scale = min(1, w/max(high.X-low.X, 1), h/max(high.Y-low.Y, 1))
	centre := pdf.Point{X: x + w/2, Y: y + h/2}
	for _, stroke := range strokes {
		for i, at := range stroke {
			stroke[i] = pdf.Point{
				X: centre.X + (at.X-(low.X+high.X)/2)*scale,
				Y: centre.Y - (at.Y-(low.Y+high.Y)/2)*scale, // a page counts upwards
			}
		}
	}
	return strokes, scale
}
