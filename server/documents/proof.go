package documents

import (
	"fmt"

	"rsc.io/qr"

	"tachiai/server/documents/pdf"
)

// codeSide is the side of the QR code with its quiet zone, in points.
const codeSide = 106

// proof draws what ties the document to the record: its hash, the key that
// signed it, the server's receipt, and where all that can be verified. It says
// what is not proven.
func (s *sheet) proof(p *paper) error {
	w, r := p.words, p.Record
	room := 260.0 // so that what is proven stands on one page
	sect := s.doc.Top().Add("Sect")
	width := float64(fullW - codeSide - 10)
	s.heading(sect, w.proof, accent, fullW, room)
	if err := s.code(sect, p, left+fullW-codeSide, s.y-6-codeSide); err != nil {
		return err
	}
	page, code := s.page, s.y-6-codeSide
	facts := []fact{
		{w.hash, []string{r.Hash.String()}},
		{w.key, []string{r.KeyID.String()}},
		{w.identity, []string{r.ID.String(), fmt.Sprintf(w.identityValue, r.Seq)}},
	}
	if p.Edition == Full { // over the hidden values too, which are few enough to be guessed by their hash
		facts = append(facts, fact{w.sealed, []string{p.Record.Text("text_sha256")}})
	}
	facts = append(facts, fact{w.receipt, p.receipt()}, fact{w.verify, []string{w.url[p.Edition], p.VerifyURL}})
	if p.Root != "" {
		root := fact{w.root, []string{p.Root}}
		if p.Edition == Client {
			root.values = append(root.values, w.rootSame)
		}
		facts = append(facts, root)
	}
	table := sect.Add("Table")
	for _, f := range facts {
		var values []para
		for _, v := range f.values {
			values = append(values, plain(v, false))
		}
		s.pair(table, width, smallSize, f.label, ink, values...)
	}
	if s.page == page {
		s.y = min(s.y, code-4)
	}
	s.prose(sect.Add("P"), w.means[p.template.Author], smallSize, ink, 6, fullW)
	return nil
}

func (p *paper) receipt() []string {
	w := p.words
	if p.Receipt == nil {
		return []string{w.receiptNone}
	}
	says := []string{
		fmt.Sprintf(w.receiptValue, p.Receipt.Origin, p.Receipt.Index),
		fmt.Sprintf(w.received, instant(p.Receipt.ReceivedAt, p.lang)),
	}
	if p.Receipt.SkewMS != nil {
		says = append(says, fmt.Sprintf(w.skew, lasting(*p.Receipt.SkewMS, p.lang)))
	}
	return says
}

// code draws the QR code of the URL, black on white, with the quiet zone of
// four modules that readers need (ISO/IEC 18004). Error: ErrInput, for a URL
// that is too long for any.
func (s *sheet) code(sect *pdf.Elem, p *paper, x, y float64) error {
	code, err := qr.Encode(p.VerifyURL, qr.M)
	if err != nil {
		return fmt.Errorf("%w: QR code: %w", ErrInput, err)
	}
	const quiet = 4
	figure := sect.Figure(fmt.Sprintf(p.words.qr, p.VerifyURL), x, y, codeSide, codeSide)
	s.page.Open(figure)
	s.page.Squares(x, y, codeSide, code.Size+2*quiet, func(column, row int) bool {
		return code.Black(column-quiet, row-quiet)
	}, pdf.Colour{})
	s.page.Close()
	return nil
}
