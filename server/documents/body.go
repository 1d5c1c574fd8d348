package documents

import (
	"strings"

	"tachiai/server/documents/pdf"
	"tachiai/sync/form"
)

// head draws the title, and whom the document is for.
func (s *sheet) head(p *paper) {
	title := p.blocks[0].head
	set := s.set(span{title, true})
	if p.lang == form.JA {
		for i := range set { // wide, but not so wide that a reader takes the room for blanks
			set[i].Kern = 80
		}
	}
	const size = 21
	l := line{glyphs: set}
	s.page.Open(s.doc.Top().Add("H1"))
	s.page.Text(left+(fullW-l.width()*size/1000)/2, s.y-26, size, ink, set)
	s.page.Close()
	s.single(s.doc.Top().Add("P"), span{p.blocks[1].head, false}, centred, left, fullW, s.y-43, 7.5, grey)
	s.y -= 52
	s.page.Artifact()
	s.page.Rule(left, s.y, left+fullW, s.y, 1.4, accent)
	s.page.Close()
	s.y -= 8
	s.fresh = false
	for _, f := range []struct{ pattern, value string }{{p.words.recipient, p.Recipient}, {p.words.issued, p.issued()}} {
		if f.value == "" {
			continue
		}
		s.single(s.doc.Top().Add("P"), span{strings.Replace(f.pattern, "%s", f.value, 1), false}, flushRight, left, fullW, s.y-9, smallSize, ink)
		s.y -= leading(smallSize)
	}
}

func (p *paper) issued() string {
	if p.Issued.IsZero() {
		return ""
	}
	return instant(p.Issued.UnixMilli(), p.lang)
}

// text returns a filled-in string, or the name of a person.
func (p *paper) text(key string) string {
	switch v := p.values[key].(type) {
	case string:
		return v
	case map[string]any:
		name, _ := v["name"].(string)
		return name
	}
	return ""
}

// body draws the paper: every block of its text, in its order.
func (s *sheet) body(p *paper) {
	sect := s.doc.Top()
	var table, list *pdf.Elem // the one being filled, while like follows like
	for n, b := range p.blocks[2:] {
		if b.kind != rowBlock && b.kind != tableBlock {
			table = nil
		} else if table == nil {
			table = sect.Add("Table")
		}
		if b.kind != tickBlock {
			list = nil
		} else if list == nil {
			list = sect.Add("L")
		}
		switch b.kind {
		case sectionBlock:
			sect = s.doc.Top().Add("Sect")
			below := 40.0
			switch following := section(p.blocks[n+3:]); {
			case following[len(following)-1].kind == signatureBlock: // the whole, so that no hand stands under nothing
				below = 232
			case following[0].kind != rowBlock:
				below = 60
			}
			s.heading(sect, b.head, ink, fullW, below)
		case sentenceBlock:
			s.prose(sect.Add("P"), b.head, 8.6, ink, 5, fullW)
			s.y -= 3
		case tickBlock:
			s.tick(list, b)
		case rowBlock, tableBlock:
			c := ink
			if p.values[b.item.Key] == nil {
				c = grey
			}
			s.pair(table, fullW, bodySize, b.head, c, paragraphs(b)...)
		case signatureBlock:
			s.signature(sect, p, b)
		}
	}
	end := p.words.above
	if p.Edition == Client {
		end = p.words.aboveShort
	}
	s.prose(s.doc.Top().Add("P"), end, smallSize, grey, 8, fullW)
}

// section returns the blocks up to the next section, and the first at least.
func section(blocks []block) []block {
	for n, b := range blocks {
		if b.kind == sectionBlock && n > 0 {
			return blocks[:n]
		}
	}
	return append(blocks, block{})[:max(len(blocks), 1)]
}

// paragraphs are the lines of a value. The tree of a table keeps its shape by
// room at the left, not by characters.
func paragraphs(b block) (all []para) {
	for _, text := range b.body {
		in := para{spans: []span{{text, false}}}
		if inner, ok := strings.CutPrefix(text, indent); ok && b.kind == tableBlock {
			in = para{spans: []span{{inner, false}}, indent: 2 * bodySize}
		}
		all = append(all, in)
	}
	return all
}

// tick draws a check or a consent: the answer in a column of its own.
func (s *sheet) tick(list *pdf.Elem, b block) {
	width := 38.0
	if b.item.Type == form.TypeConsent {
		width = 92
	}
	item := list.Add("LI")
	mark := cell{elem: item.Add("Lbl"), x: left, w: width, size: bodySize, colour: ink, shaded: true}
	says := cell{elem: item.Add("LBody"), x: left + width, w: fullW - width, size: bodySize, colour: ink}
	mark.fill(s, plain(b.head, true))
	for _, text := range b.body {
		says.fill(s, para{spans: []span{{b.lead, true}, {text, false}}})
	}
	s.row(mark, says)
}
