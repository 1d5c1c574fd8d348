package pdf

import (
	"bytes"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"
)

// picture is a JPEG by the standard library: no metadata at all.
func picture(t testing.TB, w, h int, grey bool) []byte {
	t.Helper()
	var m image.Image = image.NewGray(image.Rect(0, 0, w, h))
	if !grey {
		c := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range w * h {
			c.Set(i%w, i/w, color.RGBA{uint8(i), uint8(i / w), uint8(i % 7 * 30), 255})
		}
		m = c
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// segment is a marker with its length and body.
func segment(marker byte, body string) []byte {
	return append([]byte{0xFF, marker, byte((len(body) + 2) >> 8), byte(len(body) + 2)}, body...)
}

// behind puts segments behind the first marker.
func behind(j []byte, segments ...[]byte) []byte {
	return append(append([]byte{0xFF, soi}, bytes.Join(segments, nil)...), j[2:]...)
}

// exif is a TIFF with the make of a camera and a GPS directory: 35° 42′ N.
const exif = "Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08" +
	"\x00\x02" + "\x01\x0f\x00\x02\x00\x00\x00\x06\x00\x00\x00\x26" + "\x88\x25\x00\x04\x00\x00\x00\x01\x00\x00\x00\x2c" + "\x00\x00\x00\x00" +
	"Camera\x00\x02" + "\x00\x01\x00\x02\x00\x00\x00\x02N\x00\x00\x00" + "\x00\x02\x00\x05\x00\x00\x00\x03\x00\x00\x00\x4a" + "\x00\x00\x00\x00" +
	"\x00\x00\x00\x23\x00\x00\x00\x01\x00\x00\x00\x2a\x00\x00\x00\x01\x00\x00\x00\x00\x00\x00\x00\x01"

// L33, images: what a photo carries beside its picture does not come along.
func TestStrip(t *testing.T) {
	clean := picture(t, 64, 48, false)
	thumbnail := picture(t, 16, 12, false)
	dirty := behind(clean,
		segment(0xE0, "JFIF\x00\x01\x02\x00\x00\x48\x00\x48\x00\x00"),
		segment(0xE1, exif), segment(0xE1, exif+string(thumbnail)),
		segment(0xE1, "http://ns.adobe.com/xap/1.0/\x00<x:xmpmeta>名前</x:xmpmeta>"),
		segment(0xE2, "ICC_PROFILE\x00\x01\x01secret"), segment(0xED, "Photoshop 3.0\x00IPTC"),
		segment(com, "taken at home"), segment(0xEF, "x"))
	dirty = append(dirty, "trailing secret"...)
	pic, err := Strip(dirty)
	if err != nil {
		t.Fatal(err)
	}
	for _, secret := range []string{"Exif", "JFIF", "Camera", "xmpmeta", "secret", "IPTC", "home", "\x00\x00\x00\x23\x00\x00\x00\x01"} {
		if !bytes.Contains(dirty, []byte(secret)) {
			t.Fatalf("%q was never there", secret)
		}
		if bytes.Contains(pic.Data, []byte(secret)) {
			t.Errorf("%q is still there", secret)
		}
	}
	if pic.W != 64 || pic.H != 48 || !bytes.Equal(pic.Data, clean) {
		t.Errorf("%d×%d, %d bytes; the picture alone has %d", pic.W, pic.H, len(pic.Data), len(clean))
	}
	d := New(Info{Lang: "ja"})
	if one, err := d.Picture(dirty); err != nil {
		t.Error(err)
	} else if again, err := d.Picture(dirty); err != nil || again != one {
		t.Errorf("the same photo is kept twice: %v", err)
	}
}

// Grey stays grey, and RGB without YCbCr keeps its colours without the segment
// that says so.
func TestStripColours(t *testing.T) {
	for _, c := range []struct {
		data []byte
		want string
	}{
		{picture(t, 8, 8, true), "/ColorSpace/DeviceGray"},
		{picture(t, 8, 8, false), "/ColorSpace/DeviceRGB/BitsPerComponent 8/Filter/DCTDecode/Length"},
		{behind(picture(t, 8, 8, false), segment(app14, "Adobe\x00\x64\x00\x00\x00\x00\x00")), "/DecodeParms<</ColorTransform 0>>"},
		{behind(picture(t, 8, 8, false), segment(app14, "Adobe\x00\x64\x00\x00\x00\x00\x01")), "/Filter/DCTDecode/Length"},
	} {
		pic, err := Strip(c.data)
		if err != nil {
			t.Fatal(err)
		}
		var o objects
		pic.write(&o)
		if !strings.Contains(string(o[0]), c.want) || bytes.Contains(o[0], []byte("Adobe")) {
			t.Errorf("%.160s: not %s", o[0], c.want)
		}
	}
}

func TestStripHostile(t *testing.T) {
	good := picture(t, 64, 48, false)
	frame := bytes.Index(good, []byte{0xFF, sof0})
	changed := func(at int, with ...byte) []byte {
		b := bytes.Clone(good)
		copy(b[at:], with)
		return b
	}
	cmyk := append(append(bytes.Clone(good[:frame]), segment(sof0, "\x08\x00\x30\x00\x40\x04\x01\x11\x00\x02\x11\x00\x03\x11\x00\x04\x11\x00")...), good[frame+19:]...)
	for name, c := range map[string]struct {
		data []byte
		says string
	}{
		"empty":           {nil, "no JPEG"},
		"a PNG":           {[]byte("\x89PNG\r\n\x1a\n0123456789"), "no JPEG"},
		"a web page":      {[]byte("<html>captive portal</html>"), "no JPEG"},
		"no picture":      {[]byte{0xFF, soi, 0xFF, eoi}, "no picture"},
		"cut in a header": {good[:100], "cut off"},
		"cut in the scan": {good[:len(good)-40], "cut off"},
		"cut, and ended":  {append(bytes.Clone(good[:len(good)-200]), 0xFF, eoi), "invalid JPEG"},
		"no end":          {good[:len(good)-2], "cut off"},
		"progressive":     {changed(frame+1, sof2), "progressive"},
		"arithmetic":      {changed(frame+1, 0xC9), "segment C9"},
		"lossless":        {changed(frame+1, 0xC3), "segment C3"},
		"CMYK":            {cmyk, "CMYK"},
		"12 bits":         {changed(frame+4, 12), "12 bits"},
		"two components":  {changed(frame+9, 2), "frame header"},
		"no width":        {changed(frame+7, 0, 0), "0×48"},
		"huge side":       {changed(frame+7, 0xFF, 0xFF), "65535×48"},
		"pixel flood":     {changed(frame+5, 0x1F, 0xFF, 0x1F, 0xFF), "8191×8191"},
		"two frames":      {append(append(bytes.Clone(good[:frame]), good[frame:frame+19]...), good[frame:]...), "two frames"},
		"scan first":      {append([]byte{0xFF, soi}, segment(sos, "\x01\x01\x00\x00\x3f\x00")...), "no frame"},
		"rubbish between": {behind(good, []byte("rubbish")), "no marker"},
		"too many bytes":  {make([]byte, MaxPhotoBytes+1), "at most"},
	} {
		pic, err := Strip(c.data)
		if !errors.Is(err, ErrJPEG) || pic != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %v, want %q", name, err, c.says)
		}
	}
}

// FuzzStrip: whatever comes in, what goes out is a picture without metadata,
// and stripping it again changes nothing.
func FuzzStrip(f *testing.F) {
	small := picture(f, 9, 7, false)
	f.Add(small)
	f.Add(picture(f, 8, 8, true))
	f.Add(behind(small, segment(0xE1, exif), segment(com, "x"), segment(app14, "Adobe\x00\x64\x00\x00\x00\x00\x00")))
	f.Add(small[:len(small)-9])
	f.Fuzz(func(t *testing.T, data []byte) {
		pic, err := Strip(data)
		if err != nil {
			if !errors.Is(err, ErrJPEG) || pic != nil {
				t.Fatalf("%v", err)
			}
			return
		}
		for at := 2; pic.Data[at+1] != sos && pic.Data[at+1] != eoi; {
			if m := pic.Data[at+1]; pic.Data[at] != 0xFF || m >= app0 && m <= app15 || m == com {
				t.Fatalf("marker %02X at %d", m, at)
			}
			at += 2 + int(pic.Data[at+2])<<8 + int(pic.Data[at+3])
		}
		again, err := Strip(pic.decodable())
		if err != nil || !bytes.Equal(again.Data, pic.Data) || again.W != pic.W || again.plainRGB != pic.plainRGB {
			t.Fatalf("again: %v", err)
		}
		if conf, err := jpeg.DecodeConfig(bytes.NewReader(pic.Data)); err != nil || conf.Width != pic.W || conf.Height != pic.H {
			t.Fatalf("%v, %v", conf, err)
		}
	})
}
