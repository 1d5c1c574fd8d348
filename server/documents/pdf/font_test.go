package pdf

import (
	"encoding/binary"
	"errors"
	"os"
	"path/filepath"
	"testing"
)

func noto(t testing.TB) (*Font, []byte) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "..", ".tools", "fonts", "NotoSansJP_400Regular.ttf"))
	if err != nil {
		t.Fatalf("run make tools, which fetches the font: %v", err)
	}
	f, err := ParseFont("NotoSansJP-Regular", data)
	if err != nil {
		t.Fatal(err)
	}
	return f, data
}

func TestGlyphs(t *testing.T) {
	f, _ := noto(t)
	id := func(s string) int {
		g, err := f.Glyphs(s)
		if err != nil || len(g) != 1 || g[0].Text != s {
			t.Fatalf("%q: %v, %v", s, g, err)
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
		if g, err := f.Glyphs(s); err != nil || g[0].Advance != advance {
			t.Errorf("%q: %v, %v; want %d", s, g, err, advance)
		}
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
		g, err := face.Glyphs("髙橋辻\U000E0100Ệ。")
		if err != nil {
			return err
		}
		var line []Set
		for _, one := range g {
			line = append(line, Set{Glyph: one, Face: face})
		}
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
		if err := try(data); err != nil && !errors.Is(err, ErrFont) && !errors.Is(err, ErrGlyph) {
			t.Errorf("at %d: %v", at, err)
		}
		if at > 300 {
			at += 20
		}
	}
}
