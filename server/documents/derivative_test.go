package documents_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"tachiai/server/documents"
)

// A JPEG of one colour in each corner: red, green, blue and white, clockwise
// from the upper left.
func corners(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	for y := range h {
		for x := range w {
			c := color.RGBA{255, 255, 255, 255}
			switch {
			case x < w/2 && y < h/2:
				c = color.RGBA{255, 0, 0, 255}
			case y < h/2:
				c = color.RGBA{0, 255, 0, 255}
			case x >= w/2:
				c = color.RGBA{0, 0, 255, 255}
			}
			luma, cb, cr := color.RGBToYCbCr(c.R, c.G, c.B)
			m.Y[m.YOffset(x, y)], m.Cb[m.COffset(x, y)], m.Cr[m.COffset(x, y)] = luma, cb, cr
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 90}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// with puts segments behind the first marker of a JPEG.
func with(file []byte, segments ...[]byte) []byte {
	return bytes.Join([][]byte{file[:2], bytes.Join(segments, nil), file[2:]}, nil)
}

func segment(marker byte, data string) []byte {
	return append(binary.BigEndian.AppendUint16([]byte{0xFF, marker}, uint16(len(data)+2)), data...)
}

// exif is an APP1 segment of one directory, whose entries are 12 bytes each.
func exif(next string, entries ...string) []byte {
	return segment(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08"+string(binary.BigEndian.AppendUint16(nil, uint16(len(entries))))+strings.Join(entries, "")+next)
}

func turned(n byte) []byte {
	return exif("\x00\x00\x00\x00", "\x01\x12\x00\x03\x00\x00\x00\x01\x00"+string([]byte{n})+"\x00\x00")
}

// derived is a derivative that is what it promises to be.
func derived(t testing.TB, original []byte) image.Image {
	t.Helper()
	file, w, h, err := documents.Derivative(original)
	if err != nil {
		t.Fatal(err)
	}
	m, err := jpeg.Decode(bytes.NewReader(file))
	if err != nil || m.Bounds().Dx() != w || m.Bounds().Dy() != h || max(w, h) > documents.MaxDerivativeSide || min(w, h) < 1 || len(file) > documents.MaxDerivative {
		t.Fatalf("%d bytes, %d × %d: %v", len(file), w, h, err)
	}
	for at := 2; file[at+1] != 0xDA; at += 2 + int(binary.BigEndian.Uint16(file[at+2:])) {
		if marker := file[at+1]; marker >= 0xE0 && marker <= 0xEF || marker == 0xFE {
			t.Errorf("a segment %X that is no picture", marker)
		}
	}
	if !bytes.HasSuffix(file, []byte{0xFF, 0xD9}) {
		t.Error("something stands behind the end")
	}
	return m
}

func near(m image.Image, x, y int, want color.RGBA) bool {
	r, g, b, _ := m.At(x, y).RGBA()
	far := func(a uint32, b uint8) bool { d := int(a>>8) - int(b); return d > 40 || d < -40 }
	return !far(r, want.R) && !far(g, want.G) && !far(b, want.B)
}

func TestDerivativeTurns(t *testing.T) {
	const w, h = 96, 64
	file := corners(t, w, h)
	red, green, blue, white := color.RGBA{255, 0, 0, 255}, color.RGBA{0, 255, 0, 255}, color.RGBA{0, 0, 255, 255}, color.RGBA{255, 255, 255, 255}
	for orientation, want := range map[byte][4]color.RGBA{ // clockwise from the upper left
		0: {red, green, blue, white}, 1: {red, green, blue, white}, 2: {green, red, white, blue}, 3: {blue, white, red, green}, 4: {white, blue, green, red},
		5: {red, white, blue, green}, 6: {white, red, green, blue}, 7: {blue, green, red, white}, 8: {green, blue, white, red}, 9: {red, green, blue, white},
	} {
		original := file
		if orientation > 0 {
			original = with(file, turned(orientation))
		}
		m := derived(t, original)
		x, y := m.Bounds().Dx(), m.Bounds().Dy()
		if lying := x == w && y == h; lying != (orientation < 5 || orientation > 8) || x*y != w*h {
			t.Errorf("orientation %d: %d × %d", orientation, x, y)
		}
		for n, at := range [4][2]int{{8, 8}, {x - 8, 8}, {x - 8, y - 8}, {8, y - 8}} {
			if !near(m, at[0], at[1], want[n]) {
				t.Errorf("orientation %d, corner %d: %v, want %v", orientation, n, m.At(at[0], at[1]), want[n])
			}
		}
	}
}

func TestDerivativeFormats(t *testing.T) {
	see := image.NewNRGBA(image.Rect(0, 0, 40, 30)) // transparent
	deep := image.NewGray16(image.Rect(0, 0, 40, 30))
	flat := image.NewPaletted(image.Rect(0, 0, 40, 30), color.Palette{color.RGBA{0, 0, 255, 255}})
	for name, c := range map[string]struct {
		m    image.Image
		want color.RGBA
	}{"transparent": {see, color.RGBA{255, 255, 255, 255}}, "16 bit": {deep, color.RGBA{0, 0, 0, 255}}, "palette": {flat, color.RGBA{0, 0, 255, 255}}} {
		var b bytes.Buffer
		if err := png.Encode(&b, c.m); err != nil {
			t.Fatal(err)
		}
		if m := derived(t, b.Bytes()); !near(m, 20, 15, c.want) || m.Bounds().Dx() != 40 {
			t.Errorf("%s: %v", name, m.At(20, 15))
		}
	}
	tiny, err := base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=")
	if err != nil {
		t.Fatal(err)
	}
	derived(t, tiny)
	derived(t, corners(t, 5000, 1)) // nothing of a side is left to halve
}

// A picture of noise, which compresses badly, and one of many pixels.
func TestDerivativeIsSmall(t *testing.T) {
	noise := image.NewGray(image.Rect(0, 0, 1000, 1000))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(random.Uint32())
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, noise, &jpeg.Options{Quality: 98}); err != nil {
		t.Fatal(err)
	}
	derived(t, b.Bytes())

	original := corners(t, 4000, 3000)
	if used := memory(func() {
		if m := derived(t, original); m.Bounds().Dx() != documents.MaxDerivativeSide || !near(m, 1500, 100, color.RGBA{0, 255, 0, 255}) {
			t.Errorf("%v", m.Bounds())
		}
	}); used > 56<<20 {
		t.Errorf("12 megapixels took %d MiB", used>>20)
	}
}

// memory is what a function allocates in all, which is at least what it holds
// at any time.
func memory(do func()) uint64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	do()
	runtime.ReadMemStats(&after)
	return after.TotalAlloc - before.TotalAlloc
}

// pngOf is the head of a PNG that says it has so many pixels.
func pngOf(w, h uint32, depth, colour, interlace byte) []byte {
	head := append([]byte("IHDR"), binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, w), h)...)
	head = append(head, depth, colour, 0, 0, interlace)
	file := append([]byte("\x89PNG\r\n\x1a\n\x00\x00\x00\x0d"), head...)
	return binary.BigEndian.AppendUint32(file, crc32.ChecksumIEEE(head))
}

// jpegOf is the head of a JPEG that says the same.
func jpegOf(marker byte, w, h uint16, sampling byte) []byte {
	frame := binary.BigEndian.AppendUint16(binary.BigEndian.AppendUint16([]byte{8}, h), w)
	frame = append(frame, 3, 1, sampling, 0, 2, 0x11, 0, 3, 0x11, 0)
	return append(append([]byte{0xFF, 0xD8}, segment(marker, string(frame))...), scan...)
}

// scan is the head of a scan over the first component.
var scan = segment(0xDA, "\x01\x01\x00\x00\x3f\x00")

// L33, images: what a stranger may send is refused in so many words, without
// taking memory or time for it.
func TestDerivativeRefuses(t *testing.T) {
	whole := corners(t, 320, 240)
	scans := append(jpegOf(0xC2, 3000, 3000, 0x22), bytes.Repeat(scan, 100)...)
	for name, c := range map[string]struct {
		original []byte
		want     error
	}{
		"nothing":                      {nil, documents.ErrFormat},
		"HEIC":                         {[]byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic"), documents.ErrFormat},
		"GIF":                          {[]byte("GIF89a\x01\x00\x01\x00\x80\x00\x00"), documents.ErrFormat},
		"TIFF":                         {[]byte("MM\x00*\x00\x00\x00\x08"), documents.ErrFormat},
		"SVG":                          {[]byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>1</script></svg>`), documents.ErrFormat},
		"HTML before a JPEG":           {append([]byte("<!doctype html>"), whole...), documents.ErrFormat},
		"a zip":                        {[]byte("PK\x03\x04"), documents.ErrFormat},
		"a PDF":                        {[]byte("%PDF-1.7"), documents.ErrFormat},
		"RIFF, but sound":              {[]byte("RIFF\x00\x00\x00\x00WAVEfmt "), documents.ErrFormat},
		"the first bytes of a JPEG":    {whole[:3], documents.ErrPicture},
		"a JPEG cut in its head":       {whole[:100], documents.ErrPicture},
		"a JPEG cut in its picture":    {whole[:len(whole)-len(whole)/4], documents.ErrPicture},
		"a PNG cut in its head":        {pngOf(10, 10, 8, 2, 0)[:20], documents.ErrPicture},
		"a PNG without a picture":      {pngOf(10, 10, 8, 2, 0), documents.ErrPicture},
		"a PNG of no width":            {pngOf(0, 10, 8, 2, 0), documents.ErrPicture},
		"a JPEG of 4 gigapixels":       {jpegOf(0xC0, 65535, 65535, 0x22), documents.ErrPixels},
		"a progressive one of 48 MP":   {jpegOf(0xC2, 8000, 6000, 0x11), documents.ErrPixels},
		"a hundred scans":              {scans, documents.ErrPixels},
		"a PNG of 10 gigapixels":       {pngOf(100_000, 100_000, 8, 2, 0), documents.ErrPixels},
		"a PNG that overflows":         {pngOf(1<<31-1, 1<<31-1, 1, 0, 0), documents.ErrPicture},
		"a PNG, 16 bit, interlaced":    {pngOf(7000, 7000, 16, 6, 1), documents.ErrPixels},
		"a WebP of 268 megapixels":     {append([]byte("RIFF\x20\x00\x00\x00WEBPVP8L\x10\x00\x00\x00\x2f"), 0xFF, 0xFF, 0xFF, 0x0F, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0), documents.ErrPixels},
		"a WebP that ends in its name": {[]byte("RIFF\x00\x00\x00\x00WEBP"), documents.ErrPicture},
	} {
		begin := time.Now()
		if used := memory(func() {
			if file, w, h, err := documents.Derivative(c.original); !errors.Is(err, c.want) || file != nil || w != 0 || h != 0 {
				t.Errorf("%s: %d bytes, %v; want %v", name, len(file), err, c.want)
			}
		}); used > 2<<20 || time.Since(begin) > 2*time.Second {
			t.Errorf("%s took %d KiB, %v", name, used>>10, time.Since(begin))
		}
	}
	for n := range 200 { // cut anywhere
		if _, _, _, err := documents.Derivative(whole[:len(whole)*n/200]); !errors.Is(err, documents.ErrPicture) && !errors.Is(err, documents.ErrFormat) {
			t.Errorf("cut at %d: %v", len(whole)*n/200, err)
		}
	}
}

// L33, images: what is hidden in a picture that is one does not come through,
// and metadata that is made to hurt does not.
func TestDerivativeKeepsPixelsOnly(t *testing.T) {
	whole := corners(t, 320, 240)
	secret := "<script>alert('35.7056789, 139.6651234')</script>"
	for name, original := range map[string][]byte{
		"a zip behind the end":                  append(bytes.Clone(whole), "PK\x03\x04"+secret...),
		"HTML in a comment":                     with(whole, segment(0xFE, secret)),
		"a place in the XMP":                    with(whole, segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00"+secret)),
		"a profile":                             with(whole, segment(0xE2, "ICC_PROFILE\x00\x01\x01"+secret)),
		"another picture behind":                append(bytes.Clone(whole), whole...),
		"65,535 entries":                        with(whole, segment(0xE1, "Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff"+strings.Repeat("\x01\x0f\x00\x02\xff\xff\xff\xff\x00\x00\x00\x08", 5000))),
		"a directory that is its own successor": with(whole, exif("\x00\x00\x00\x08", strings.Repeat("\x01\x0f\x00\x02\x00\x00\x00\x04abc\x00", 1))),
		"a directory inside itself":             with(whole, exif("\x00\x00\x00\x00", "\x87\x69\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08", "\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x08")),
		"four gigabytes of text":                with(whole, exif("\x00\x00\x00\x00", "\x01\x0f\x00\x02\xff\xff\xff\xff\x00\x00\x00\x1a", "\x92\x86\x00\x07\xff\xff\xff\xff\x00\x00\x00\x1a")),
		"offsets behind the end":                with(whole, exif("\xff\xff\xff\xf0", "\x01\x12\x00\x03\x00\x00\x10\x00\xff\xff\xff\xf0")),
		"bytes of no order":                     with(whole, segment(0xE1, "Exif\x00\x00XX\x00*\x00\x00\x00\x08")),
		"an orientation that is a text":         with(whole, exif("\x00\x00\x00\x00", "\x01\x12\x00\x02\x00\x00\x00\x04\x06\x06\x06\x00")),
	} {
		begin := time.Now()
		used := memory(func() {
			file, w, h, err := documents.Derivative(original)
			if err != nil || w != 320 || h != 240 || bytes.Contains(file, []byte("script")) {
				t.Errorf("%s: %d × %d, %v", name, w, h, err)
			}
		})
		if used > 8<<20 || time.Since(begin) > 2*time.Second {
			t.Errorf("%s took %d KiB, %v", name, used>>10, time.Since(begin))
		}
		if !t.Failed() {
			derived(t, original)
		}
	}
}

// FuzzDerivative: whatever arrives, there is a good derivative or one of three
// reasons why not.
func FuzzDerivative(f *testing.F) {
	whole := corners(f, 40, 30)
	f.Add(whole)
	f.Add(with(whole, turned(6)))
	f.Add(jpegOf(0xC2, 300, 300, 0x22))
	f.Add(pngOf(10, 10, 8, 2, 1))
	var b bytes.Buffer
	if err := png.Encode(&b, image.NewNRGBA(image.Rect(0, 0, 9, 9))); err != nil {
		f.Fatal(err)
	}
	f.Add(b.Bytes())
	tiny, err := base64.StdEncoding.DecodeString("UklGRiQAAABXRUJQVlA4IBgAAAAwAQCdASoBAAEAAwA0JaQAA3AA/vuUAAA=")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(tiny)
	f.Fuzz(func(t *testing.T, original []byte) {
		switch _, _, _, err := documents.Derivative(original); {
		case err == nil:
			derived(t, original)
		case !errors.Is(err, documents.ErrFormat) && !errors.Is(err, documents.ErrPixels) && !errors.Is(err, documents.ErrPicture):
			t.Fatal(err)
		}
	})
}
