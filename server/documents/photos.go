package documents

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
)

// Room of a photo, in points; its words stand beside it.
const photoW, photoH = 286, 214

// photos draws each derivative with what it shows and the hashes that name it:
// of the bytes as they were handed in, and of the original.
func (s *sheet) photos(p *paper) error {
	if len(p.Photos) == 0 {
		return nil
	}
	sect := s.doc.Top().Add("Sect")
	s.heading(sect, p.words.photos, accent, fullW, photoH)
	for n, photo := range p.Photos {
		pic, err := s.doc.Picture(photo.JPEG)
		if err != nil {
			return fmt.Errorf("photo %d: %w", n+1, err)
		}
		scale := min(photoW/float64(pic.W), photoH/float64(pic.H))
		w, h := scale*float64(pic.W), scale*float64(pic.H)
		s.need(max(h, 120) + 16)
		s.y -= 8
		y := s.y - h
		s.page.Open(sect.Figure(photo.Caption, left, y, w, h))
		s.page.Picture(pic, left, y, w, h)
		s.page.Close()
		s.page.Artifact()
		s.page.Box(left, y, w, h, 0.35, ruling)
		s.page.Close()
		sum := sha256.Sum256(photo.JPEG)
		says := []struct {
			text string
			size float64
		}{{photo.Caption, bodySize}, {p.words.derivative + "  SHA-256", tinySize}, {hex.EncodeToString(sum[:]), tinySize}}
		if photo.Original != "" {
			says = append(says, struct {
				text string
				size float64
			}{p.words.original + "  SHA-256", tinySize}, struct {
				text string
				size float64
			}{photo.Original, tinySize})
		}
		at := s.y
		for i, line := range says {
			lines := s.paragraph(line.size, fullW-photoW-16, span{line.text, i == 0})
			s.page.Open(sect.Add("P"))
			for _, l := range lines {
				at -= leading(line.size)
				s.draw(l, left+photoW+16, at+line.size*0.3, line.size, ink)
			}
			s.page.Close()
		}
		s.y, s.fresh = min(y, at)-6, false
	}
	return nil
}
