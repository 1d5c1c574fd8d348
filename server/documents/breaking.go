package documents

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"tachiai/server/documents/pdf"
)

// Breaking of lines by the rules of Japanese composition (JIS X 4051, JLREQ),
// as far as one column of horizontal text needs them: no line begins with a
// closing bracket, a full stop or a small kana, none ends with an opening
// bracket; neighbouring brackets and stops share their blank halves; Latin
// words stay whole while they fit.
const (
	notFirst = "、。，．・：；？！,.:;?!)]}）］｝〕〉》」』】’”ーァィゥェォッャュョヮヵヶぁぃぅぇぉっゃゅょゎゝゞヽヾ々〻‐–〜～％%℃°゛゜ｰｧｨｩｪｫｯｬｭｮ､｡｣ﾞﾟ"
	notLast  = "([{（［｛〔〈《「『【‘“｢￥$＄#＃№"
	together = "…‥―—" // pairs of these are one sign
	closers  = "、。，．）］｝〕〉》」』】"
	openers  = "（［｛〔〈《「『【"
)

// half is the blank half of a full-width bracket or stop, in thousandths of
// an em.
const half = 500

func isCloser(g pdf.Set) bool { return g.Advance == 1000 && strings.Contains(closers, g.Text) }
func isOpener(g pdf.Set) bool { return g.Advance == 1000 && strings.Contains(openers, g.Text) }
func isSpace(g pdf.Set) bool  { return g.Text == " " || g.Text == "　" || g.Text == "\u200b" }

// inWord reports whether a glyph is part of a word that is not broken: Latin,
// digits, and what stands inside addresses, numbers and times.
func inWord(g pdf.Set) bool {
	r, _ := utf8.DecodeRuneInString(g.Text)
	return r == '\u00a0' || r == '\u2060' || r < 0x3000 && (unicode.IsLetter(r) || unicode.IsDigit(r)) || strings.ContainsRune("'’.,:/@_&+#%", r) && r < 0x3000
}

// mayBreak reports whether a line may end between two glyphs.
func mayBreak(a, b pdf.Set) bool {
	switch {
	case isSpace(b): // hangs at the end of the line
		return false
	case isSpace(a):
		return a.Text != "\u00a0"
	case strings.Contains(notLast, a.Text), strings.Contains(notFirst, b.Text):
		return false
	case strings.Contains(together, a.Text) && a.Text == b.Text:
		return false
	case inWord(a) && inWord(b), inWord(a) && b.Text == "-":
		return false
	}
	return true
}

// A line is what fits into a width.
type line struct {
	glyphs []pdf.Set
	indent float64 // from the left, in points
}

// breakLines breaks a paragraph; size and width are points. An empty one is
// one empty line. Every text is in exactly one line, in order.
func breakLines(set []pdf.Set, size, width float64) []line {
	room := width / size * 1000
	var lines []line
	for len(set) > 0 {
		n := fit(set, room)
		l := line{glyphs: append([]pdf.Set(nil), set[:n]...)}
		for i, g := range set[:n] {
			switch {
			case isOpener(g) && (i == 0 || isOpener(set[i-1])):
				l.glyphs[i].Glyph = g.TrimStart(half)
			case isCloser(g) && i+1 < n && kern(g, set[i+1]) != 0:
				l.glyphs[i].Glyph = g.TrimEnd(half)
			}
		}
		if set = set[n:]; len(set) > 0 {
			l.justify(room)
		}
		lines = append(lines, l)
	}
	if lines == nil {
		lines = []line{{}}
	}
	return lines
}

// mostShrunk is what a size of type may lose so that a few letters do not stand
// in a line of their own, in points.
const mostShrunk = 0.8

// unwidowed breaks a paragraph a little smaller where that saves a short last
// line, and says in which size.
func unwidowed(set []pdf.Set, size, width float64) ([]line, float64) {
	lines := breakLines(set, size, width)
	if last := lines[len(lines)-1]; len(lines) > 1 && last.width() < 8000 { // eight characters
		for less := 0.2; less <= mostShrunk; less += 0.2 {
			if fewer := breakLines(set, size-less, width); len(fewer) < len(lines) {
				return fewer, size - less
			}
		}
	}
	return lines, size
}

// balanced breaks what takes several lines into as many lines of about one
// length.
func balanced(set []pdf.Set, size, width float64, lines []line) []line {
	for narrow := width - size/2; len(lines) > 1; narrow -= size / 2 {
		again := breakLines(set, size, narrow)
		if narrow < width/2 || len(again) > len(lines) {
			break
		}
		lines = again
	}
	return lines
}

// kern is how much closer two glyphs stand than their widths say.
func kern(a, b pdf.Set) int {
	if isCloser(a) && (isCloser(b) || isOpener(b)) || isOpener(a) && isOpener(b) {
		return -half
	}
	return 0
}

// fit returns how many glyphs make the first line, at least one.
func fit(set []pdf.Set, room float64) int {
	at, last := 0.0, 0
	if isOpener(set[0]) {
		at = -half
	}
	for i, g := range set {
		end := at + float64(g.Advance)
		if isCloser(g) { // its blank half may hang out
			end -= half
		}
		if end > room && !isSpace(g) && i > 0 {
			if last > 0 {
				return last
			}
			return i // one word, longer than the line
		}
		at += float64(g.Advance)
		if i+1 < len(set) {
			at += float64(kern(g, set[i+1]))
			if mayBreak(g, set[i+1]) {
				last = i + 1
			}
		}
	}
	return len(set)
}

// width is the natural width without the blanks at the end.
func (l line) width() (w float64) {
	end := len(l.glyphs)
	for end > 0 && isSpace(l.glyphs[end-1]) {
		end--
	}
	for i, g := range l.glyphs[:end] {
		w += float64(g.Advance)
		if i+1 < end {
			w += float64(g.Kern)
		}
	}
	if end > 0 && isCloser(l.glyphs[end-1]) {
		w -= half
	}
	return w
}

// most that justifying adds after a glyph, thousandths of an em. Readers of
// the text layer take a tenth of an em for a space between words.
const mostSpread = 70

// justify spreads a line that is not the paragraph's last over the width, if
// little is missing; else its right end stays ragged.
func (l line) justify(room float64) {
	var gaps []int
	for i := range len(l.glyphs) - 1 {
		if a, b := l.glyphs[i], l.glyphs[i+1]; mayBreak(a, b) || !inWord(a) && !inWord(b) {
			gaps = append(gaps, i)
		}
	}
	missing := int(room - l.width())
	if len(gaps) == 0 || missing <= 0 || missing > mostSpread*len(gaps) {
		return
	}
	for n, i := range gaps {
		l.glyphs[i].Kern += missing*(n+1)/len(gaps) - missing*n/len(gaps)
	}
}
