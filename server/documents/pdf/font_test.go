package pdf

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"
	"testing"

	"tachiai/server/documents/fonts"
)

func noto(t testing.TB) (*Font, []byte) {
	t.Helper()
	data, err := fonts.Read(fonts.Japanese)
	if err != nil {
		t.Fatal(err)
	}
	f, err := ParseFont(fonts.Japanese, data)
	if err != nil {
		t.Fatal(err)
	}
	return f, data
}

func TestGlyphs(t *testing.T) {
	f, _ := noto(t)
	faces := []*Face{New(Info{}).Face(f)}
	id := func(s string) int {
		g, lacking := Lay(faces, s)
		if lacking != nil || len(g) != 1 || g[0].Text != s {
			t.Fatalf("%q: %v, %v", s, g, lacking)
		}
		return g[0].id
	}
	for _, pair := range [][2]string{{"月", "⽉"}, {"が", "か\u3099"}, {"ệ", "e\u0323\u0302"}, {"ệ", "ê\u0323"}, {"ố", "o\u0302\u0301"}, {"ợ", "ơ\u0323"}, {"Ñ", "N\u0303"}, {"神\uFE00", "\uFA19"}, {"一\uFE0F", "一"}, {"\u2009", " "}} {
		if id(pair[0]) != id(pair[1]) {
			t.Errorf("%q and %q look different", pair[0], pair[1])
		}
	}
	for _, pair := range [][2]string{{"辻", "辻\U000E0100"}, {"髙", "高"}, {"𠮷", "吉"}, {"神", "\uFA19"}, {"か", "が"}} {
		if id(pair[0]) == id(pair[1]) {
			t.Errorf("%q and %q look the same", pair[0], pair[1])
		}
	}
	for s, advance := range map[string]int{"あ": 1000, "　": 1000, "ｱ": 500, "\u200b": 0, "\u00ad": 0} {
		if g, lacking := Lay(faces, s); lacking != nil || g[0].Advance != advance {
			t.Errorf("%q: %v, %v; want %d", s, g, lacking, advance)
		}
	}
}

// What the first face lacks is taken from the second, or framed; the text stays.
func TestLay(t *testing.T) {
	f, _ := noto(t)
	data, err := fonts.Read(fonts.Letters)
	if err != nil {
		t.Fatal(err)
	}
	second, err := ParseFont(fonts.Letters, data)
	if err != nil {
		t.Fatal(err)
	}
	d := New(Info{})
	faces := []*Face{d.Face(f), d.Face(second)}
	for _, c := range []struct {
		text    string
		glyphs  int
		lacking []string
	}{
		{"Łukasz Öztürk İğşŞ", 18, nil},
		{"Ł", 1, nil}, {"S\u0327", 1, nil}, {"Юрий Ωμέγα", 10, nil},
		{"笑😀", 2, []string{"😀"}}, {"陈", 1, []string{"陈"}}, {"नेपाल", 5, []string{"न", "े", "प", "ा", "ल"}},
		{"辻\U000E01EE田", 2, []string{"辻\U000E01EE"}}, {"陈\U000E0100", 1, []string{"陈\U000E0100"}},
		{"x\u0338\u0337", 3, []string{"\u0338", "\u0337"}}, {"\u0301", 1, []string{"\u0301"}}, {"\uFE0F", 1, nil}, {"\U0010FFFD", 1, []string{"\U0010FFFD"}},
		{"\t\xff", 2, []string{"\t"}}, {"👩\u200d💻", 3, []string{"👩", "💻"}}, {"❤\uFE0F", 1, []string{"❤\uFE0F"}}, {"", 0, nil},
	} {
		line, lacking := Lay(faces, c.text)
		var text strings.Builder
		for _, g := range line {
			text.WriteString(g.Text)
			if g.Face != faces[0] && g.Face != faces[1] || (g.box != 0) != slices.Contains(lacking, g.Text) {
				t.Errorf("%q: %+v", c.text, g)
			}
		}
		if text.String() != strings.ToValidUTF8(c.text, "\uFFFD") || len(line) != c.glyphs || !slices.Equal(lacking, c.lacking) {
			t.Errorf("%q: %d glyphs, %q, lacking %q", c.text, len(line), text.String(), lacking)
		}
	}
	if line, _ := Lay(faces, "LŁ"); line[0].Face != faces[0] || line[1].Face != faces[1] {
		t.Error("not from the first face that has it")
	}
}

// A broken font is an error when it is read or when it is written, never a
// panic.
func TestBrokenFont(t *testing.T) {
	_, whole := noto(t)
	try := func(data []byte) error {
		f, err := ParseFont("x", data)
		if err != nil {
			return err
		}
		d := New(Info{Lang: "ja"})
		face := d.Face(f)
		line, _ := Lay([]*Face{face}, "髙橋辻\U000E0100Ệ。😀辻\U000E01EE")
		d.Page(100, 100).Text(0, 0, 10, Colour{}, line)
		_, err = d.Bytes()
		return err
	}
	if err := try(whole); err != nil {
		t.Fatal(err)
	}
	for _, n := range []int{0, 1, 11, 12, 100, 327, 5000, 100_000, 300_000, len(whole) / 2, len(whole) - 5} {
		if err := try(whole[:n]); !errors.Is(err, ErrFont) {
			t.Errorf("cut at %d: %v", n, err)
		}
	}
	// Numbers of the directory and of the tables' heads, made absurd.
	head := append([]byte(nil), whole[:1000]...)
	for at := 4; at < 1000; at += 2 {
		data := append(append([]byte(nil), head...), whole[1000:]...)
		binary.BigEndian.PutUint16(data[at:], 0xFFFF)
		if err := try(data); err != nil && !errors.Is(err, ErrFont) {
			t.Errorf("at %d: %v", at, err)
		}
		if at > 300 {
			at += 20
		}
	}
}
