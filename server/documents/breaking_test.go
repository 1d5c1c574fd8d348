package documents

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tachiai/server/documents/pdf"
)

func typeset(t testing.TB) func(string) []pdf.Set {
	t.Helper()
	fonts, err := LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	faces := []*pdf.Face{pdf.New(pdf.Info{}).Face(fonts.faces[0])}
	return func(s string) []pdf.Set {
		set, lacking := pdf.Lay(faces, s)
		if lacking != nil {
			t.Fatal(lacking)
		}
		return set
	}
}

func (l line) String() string {
	var b strings.Builder
	for _, g := range l.glyphs {
		b.WriteString(g.Text)
	}
	return b.String()
}

func TestBreakLines(t *testing.T) {
	set := typeset(t)
	for _, c := range []struct {
		text string
		ems  float64
		want string
	}{
		{"あいうえおかきくけこ", 5, "あいうえお|かきくけこ"},
		{"あいうえお。かきく", 5, "あいうえ|お。かきく"},             // no full stop first, and half of it does not fit
		{"あいうえ。かきく", 4.5, "あいうえ。|かきく"},             // its blank half hangs out
		{"あいうえ「かき」く", 5, "あいうえ|「かき」く"},             // no opening bracket last
		{"「あいうえ」かきくけ", 5, "「あいうえ」|かきくけ"},           // blank halves at both ends
		{"あいう」「えお", 4, "あいう」|「えお"},                 // two brackets share
		{"あいう」、えお", 4, "あいう」、|えお"},                 //
		{"あいうチャーハン", 4, "あいう|チャーハ|ン"},              // no small kana, no long mark first
		{"あいうえ……かき", 5, "あいうえ|……かき"},               // one sign of two
		{"Dear John Smith", 5, "Dear John |Smith"}, // words stay whole
		{"電話03-1234-5678まで", 5, "電話03-|1234-5678|まで"},
		{"2026年11月20日", 4, "2026年|11月20|日"},
		{"abcdefghijklmnopqrstuvwxyz", 5, "abcdefghij|klmnopqr|stuvwxyz"}, // longer than the line
		{"あいう　えお", 3, "あいう　|えお"},                                          // a blank hangs
		{"辻󠄀𠮷か\u3099か\u3099辻󠄀𠮷", 3, "辻󠄀𠮷か\u3099|か\u3099辻󠄀𠮷"},
		{"", 5, ""},
	} {
		var got []string
		for _, l := range breakLines(set(c.text), 10, c.ems*10) {
			got = append(got, l.String())
		}
		if strings.Join(got, "|") != c.want {
			t.Errorf("%q in %g em: %q, want %q", c.text, c.ems, strings.Join(got, "|"), c.want)
		}
	}
}

// Whatever the text: nothing is lost or moved, nothing stands out at the right
// but blanks and single words, and the rules of first and last hold wherever
// there was a choice.
func TestBreakLinesHolds(t *testing.T) {
	set := typeset(t)
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("あいうえお漢字カナ「」『』（）、。・ーっッャAbc12,.- 　…―!？")), 1, 120, -1).Draw(t, "text")
		const size = 10
		width := rapid.Float64Range(60, 400).Draw(t, "width")
		lines := breakLines(set(text), size, width)
		var all strings.Builder
		for i, l := range lines {
			all.WriteString(l.String())
			if w := l.width() * size / 1000; w > width+0.01 {
				t.Errorf("line %d is %g wide, of %g: %q", i, w, width, l)
			}
			for _, g := range l.glyphs {
				if g.Kern > mostSpread+1 || g.Kern < 0 {
					t.Errorf("line %d: room of %d after %q", i, g.Kern, g.Text)
				}
			}
			if i == 0 {
				continue
			}
			last, first := lines[i-1].glyphs[len(lines[i-1].glyphs)-1], l.glyphs[0]
			if mayBreak(last, first) {
				continue
			}
			for n := range lines[i-1].glyphs[:len(lines[i-1].glyphs)-1] { // there was no other place
				if mayBreak(lines[i-1].glyphs[n], lines[i-1].glyphs[n+1]) {
					t.Errorf("line %d begins with %q after %q", i, first.Text, last.Text)
				}
			}
		}
		if all.String() != text {
			t.Errorf("%q became %q", text, all.String())
		}
	})
}
