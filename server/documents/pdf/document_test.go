package pdf

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"
)

// inflate returns the inside of the stream that begins at or behind an offset.
func inflate(t *testing.T, file []byte, at int) []byte {
	t.Helper()
	_, data, found := bytes.Cut(file[at:], []byte("stream\n"))
	if !found {
		t.Fatal("no stream")
	}
	r, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	inside, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return inside
}

// typed sets a text on a page of its own and returns the file.
func typed(t *testing.T, text string) []byte {
	t.Helper()
	f, _ := noto(t)
	d := New(Info{Title: "題 <&> 𠮷", Author: "著者", Subject: "主題", Lang: "ja"})
	face := d.Face(f)
	line, _ := Lay([]*Face{face}, text)
	for i := range line {
		line[i].Kern, line[i].Heavy = i%3*10, i%5 == 4
	}
	p := d.Page(400, 100)
	p.Open(d.Top().Add("P"))
	p.Text(10, 50, 10, Colour{}, line)
	p.Close()
	d.Top().Add("Sect").Add("P") // empty: pruned
	file, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return file
}

// TestTextLayerExact reads the codes of the page through ToUnicode, as the
// standard says: nothing of the text is lost, not even what readers make of
// blanks.
func TestTextLayerExact(t *testing.T) {
	const text = "全角　空白 non\u00a0break\u2009thin\u200b\u200d\u00ad\ufeff辻\U000E0100月⽉神\uFA19神\uFE00か\u3099がe\u0323\u0302ệ𠮷吉「『あ』」。"
	file := typed(t, text)
	var content, toUnicode string
	for at := 0; ; {
		i := bytes.Index(file[at:], []byte("/FlateDecode/Length"))
		if i < 0 {
			break
		}
		at += i + 1
		switch inside := string(inflate(t, file, at)); {
		case strings.Contains(inside, "beginbfchar"):
			toUnicode = inside
		case strings.Contains(inside, " Tm"):
			content = inside
		}
	}
	texts := map[string]string{}
	for _, m := range regexp.MustCompile(`<([0-9A-F]{4})><([0-9A-F]+)>\n`).FindAllStringSubmatch(toUnicode, -1) {
		b, err := hex.DecodeString(m[2])
		if err != nil {
			t.Fatal(err)
		}
		var units []uint16
		for ; len(b) > 1; b = b[2:] {
			units = append(units, binary.BigEndian.Uint16(b))
		}
		texts[m[1]] = string(utf16.Decode(units))
	}
	var got strings.Builder
	for _, m := range regexp.MustCompile(`<([0-9A-F]+)>`).FindAllStringSubmatch(content, -1) {
		for codes := m[1]; codes != ""; codes = codes[4:] {
			got.WriteString(texts[codes[:4]])
		}
	}
	if got.String() != text {
		t.Errorf("%q became %q", text, got.String())
	}
	if len(texts) < 40 {
		t.Errorf("only %d codes", len(texts))
	}
}

// TestCrossReferences follows every entry of the table to its object.
func TestCrossReferences(t *testing.T) {
	file := typed(t, "相互参照")
	tail := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(file)
	if tail == nil {
		t.Fatal("no end")
	}
	start, _ := strconv.Atoi(string(tail[1]))
	table := inflate(t, file, start)
	size := regexp.MustCompile(`/Size (\d+)/W\[1 3 2\]`).FindSubmatch(file[start:])
	if n, _ := strconv.Atoi(string(size[1])); n*6 != len(table) {
		t.Fatalf("%s entries in %d bytes", size[1], len(table))
	}
	packs := map[int][]string{} // by number of the object stream: numbers and bodies
	for n := 1; n < len(table)/6; n++ {
		e := table[6*n:]
		at := int(e[1])<<16 | int(e[2])<<8 | int(e[3])
		within := int(e[4])<<8 | int(e[5])
		switch e[0] {
		case 1:
			if want := fmt.Sprintf("%d 0 obj\n", n); !bytes.HasPrefix(file[at:], []byte(want)) {
				t.Errorf("object %d: at %d is %.20q", n, at, file[at:])
			}
		case 2:
			if packs[at] == nil {
				p := table[6*at:]
				from := int(p[1])<<16 | int(p[2])<<8 | int(p[3])
				first := regexp.MustCompile(`/First (\d+)`).FindSubmatch(file[from:])
				offset, _ := strconv.Atoi(string(first[1]))
				inside := inflate(t, file, from)
				numbers := strings.Fields(string(inside[:offset]))
				for i := 0; i < len(numbers); i += 2 {
					begin, _ := strconv.Atoi(numbers[i+1])
					packs[at] = append(packs[at], numbers[i]+" "+string(inside[offset+begin:]))
				}
			}
			if want := fmt.Sprintf("%d ", n); !strings.HasPrefix(packs[at][within], want+"<<") {
				t.Errorf("object %d: in its stream is %.30q", n, packs[at][within])
			}
		default:
			t.Errorf("object %d is of kind %d", n, e[0])
		}
	}
	length := regexp.MustCompile(`/Length (\d+)>>\nstream\n`)
	for _, m := range length.FindAllSubmatchIndex(file, -1) {
		n, _ := strconv.Atoi(string(file[m[2]:m[3]]))
		if !bytes.HasPrefix(file[m[1]+n:], []byte("\nendstream\nendobj\n")) {
			t.Errorf("a stream of %d bytes at %d does not end there", n, m[1])
		}
	}
}

func TestProfile(t *testing.T) {
	p := sRGB()
	if int(binary.BigEndian.Uint32(p)) != len(p) || string(p[36:40]) != "acsp" || len(p) > 700 {
		t.Fatalf("%d bytes: %q", len(p), p[:40])
	}
	sum := [3]float64{}
	for i := range int(binary.BigEndian.Uint32(p[128:])) {
		e := p[132+12*i:]
		tag, ok := part(p, int(binary.BigEndian.Uint32(e[4:])), int(binary.BigEndian.Uint32(e[8:])))
		if !ok || binary.BigEndian.Uint32(e[4:])%4 != 0 {
			t.Fatalf("tag %q is not inside", e[:4])
		}
		if name := string(e[:4]); name == "rXYZ" || name == "gXYZ" || name == "bXYZ" {
			for k := range sum {
				sum[k] += float64(int32(binary.BigEndian.Uint32(tag[8+4*k:]))) / 65536
			}
		}
	}
	for k, white := range [3]float64{0.9642, 1, 0.8249} { // red, green and blue together are white
		if d := sum[k] - white; d > 0.0005 || d < -0.0005 {
			t.Errorf("the primaries add up to %v", sum)
		}
	}
}
