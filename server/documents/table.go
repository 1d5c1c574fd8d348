package documents

import "tachiai/server/documents/pdf"

// A rule is a horizontal line of a table.
type rule struct {
	page         *pdf.Page
	from, to, at float64
	width        float64
	colour       pdf.Colour
}

func (s *sheet) border(from, to float64) {
	s.rules = append(s.rules, rule{s.page, from, to, s.y, 0.7, ink})
}

// A cell is one column of a row.
type cell struct {
	elem   *pdf.Elem
	x, w   float64 // of its border
	size   float64
	colour pdf.Colour
	shaded bool
	lines  []line
}

// A para is a paragraph in a cell, and the room at its left in points.
type para struct {
	spans  []span
	indent float64
}

// plain is a paragraph in one weight.
func plain(text string, heavy bool) para { return para{spans: []span{{text, heavy}}} }

// fill breaks one more paragraph into the cell.
func (c *cell) fill(s *sheet, p para) {
	lines := s.paragraph(c.size, c.w-2*inset-p.indent, p.spans...)
	for i := range lines {
		lines[i].indent = p.indent
	}
	c.lines = append(c.lines, lines...)
}

// row draws cells beside each other with a hairline below. One that does not
// fit goes on to the next page; one of four lines or less moves there whole.
func (s *sheet) row(cells ...cell) {
	total, lead := 0, 0.0
	for _, c := range cells {
		total, lead = max(total, len(c.lines)), max(lead, leading(c.size))
	}
	for from := 0; from < total; {
		rest, room := total-from, int((s.y-bottom-2*pad)/lead)
		n := min(rest, room)
		if n < rest && rest-n < 2 { // no last line alone
			n--
		}
		if n < rest && (n < 2 || total <= 4) && !s.fresh {
			s.turn()
			s.continued(cells)
			continue
		}
		n = max(n, 1)
		s.segment(cells, from, from+n, lead)
		from += n
		if from < total {
			s.turn()
			s.continued(cells)
		}
	}
}

// continued draws the upper border of a table that goes on.
func (s *sheet) continued(cells []cell) {
	last := cells[len(cells)-1]
	s.border(cells[0].x, last.x+last.w)
}

// segment draws the lines of a row from one to another.
func (s *sheet) segment(cells []cell, from, to int, lead float64) {
	height := float64(to-from)*lead + 2*pad
	s.page.Artifact()
	for _, c := range cells {
		if c.shaded {
			s.page.Fill(c.x, s.y-height, c.w, height, shade)
		}
	}
	s.page.Close()
	last := cells[len(cells)-1]
	s.rules = append(s.rules, rule{s.page, cells[0].x, last.x + last.w, s.y - height, 0.4, ruling})
	for _, c := range cells {
		if from >= len(c.lines) {
			continue
		}
		s.page.Open(c.elem)
		base := s.y - pad - lead/2 - c.size*0.36
		for _, l := range c.lines[from:min(to, len(c.lines))] {
			s.draw(l, c.x+inset, base, c.size, c.colour)
			base -= lead
		}
		s.page.Close()
	}
	s.y -= height
	s.fresh = false
}

// pair draws a label and its values as a row of a table.
func (s *sheet) pair(table *pdf.Elem, width, size float64, name string, c pdf.Colour, values ...para) {
	tr := table.Add("TR")
	l := cell{elem: tr.Add("TH"), x: left, w: labelW, size: size, colour: label, shaded: true}
	v := cell{elem: tr.Add("TD"), x: left + labelW, w: width - labelW, size: size, colour: c}
	set := s.set(span{name, false})
	l.lines, l.size = unwidowed(set, size, labelW-2*inset)
	l.lines = balanced(set, l.size, labelW-2*inset, l.lines)
	for _, paragraph := range values {
		v.fill(s, paragraph)
	}
	s.row(l, v)
}
