package documents

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"sync"

	"golang.org/x/image/draw"
	"golang.org/x/image/webp"
)

// What keeps a picture from having a derivative. The original is evidence all
// the same, and untouched.
var (
	// ErrFormat means bytes that are no JPEG, PNG or WebP, whatever they are
	// called. HEIC is among them: the phone that took it makes the preview.
	ErrFormat = errors.New("not a picture that previews are made of")
	// ErrPixels means a picture that would take too much memory or time.
	ErrPixels = errors.New("the picture is too large to make a preview of")
	// ErrPicture means that the beginning is a picture's and the rest is not.
	ErrPicture = errors.New("the picture is damaged")
)

// Bounds of a derivative and of making one.
const (
	MaxDerivative     = 300 << 10 // bytes of the JPEG
	MaxDerivativeSide = 1600      // pixels
	maxPixels         = 50 << 20  // of the original
	maxDecoded        = 256 << 20 // bytes in memory while it is decoded
	maxScans          = 64        // of a progressive JPEG: each goes over all pixels
)

// decoding is held while a picture is decoded: one at a time, so that pictures
// that arrive together take no more memory than one.
var decoding sync.Mutex

// Derivative makes the picture that is shown in place of an original: a JPEG,
// upright, at most MaxDerivativeSide pixels long and MaxDerivative bytes large,
// made of the pixels alone, so that place, device and time that stood in the
// original's metadata, and whatever was hidden behind its end, are gone.
//
// The bytes decide what they are; neither a name nor a media type is asked. What
// decoding would take is computed before it begins. Errors: ErrFormat, ErrPixels,
// ErrPicture.
func Derivative(original []byte) (file []byte, w, h int, err error) {
	decoding.Lock()
	defer decoding.Unlock()
	defer func() {
		if r := recover(); r != nil { // a decoder that did not expect what a stranger sent
			file, w, h, err = nil, 0, 0, fmt.Errorf("%w: %v", ErrPicture, r)
		}
	}()
	m, err := decode(original)
	if err != nil {
		return nil, 0, 0, err
	}
	small := upright(shrunk(m), orientation(original))
	for {
		for _, quality := range []int{84, 76, 68, 58, 46} {
			var b bytes.Buffer
			if err := jpeg.Encode(&b, small, &jpeg.Options{Quality: quality}); err != nil {
				return nil, 0, 0, fmt.Errorf("%w: %w", ErrPicture, err)
			}
			if b.Len() <= MaxDerivative {
				return b.Bytes(), small.Rect.Dx(), small.Rect.Dy(), nil
			}
		}
		small = scaled(small, small.Rect.Dx()*3/4, small.Rect.Dy()*3/4) // noise: no photo gets here
	}
}

// decode reads the pixels, when their number is bearable.
func decode(original []byte) (image.Image, error) {
	format, ok := sniff(original)
	if !ok {
		return nil, ErrFormat
	}
	config, err := format.config(bytes.NewReader(original))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	switch pixels := config.Width * config.Height; {
	case config.Width <= 0 || config.Height <= 0:
		return nil, ErrPicture
	case config.Width > maxPixels/config.Height, pixels*format.bytes(original, config) > maxDecoded:
		return nil, fmt.Errorf("%w: %d × %d", ErrPixels, config.Width, config.Height)
	}
	m, err := format.decode(bytes.NewReader(original))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPicture, err)
	}
	return m, nil
}

// shrunk draws a picture on white, within the bounds of a derivative. Halving
// before the last step keeps fine lines from breaking up.
func shrunk(m image.Image) *image.RGBA {
	w, h := m.Bounds().Dx(), m.Bounds().Dy()
	for w/2 >= MaxDerivativeSide || h/2 >= MaxDerivativeSide {
		w, h = max(w/2, 1), max(h/2, 1)
		m = scaled(m, w, h)
	}
	if long := max(w, h); long > MaxDerivativeSide {
		w, h = max(w*MaxDerivativeSide/long, 1), max(h*MaxDerivativeSide/long, 1)
	}
	return scaled(m, w, h)
}

func scaled(m image.Image, w, h int) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, max(w, 1), max(h, 1)))
	if o, known := m.(interface{ Opaque() bool }); known && o.Opaque() {
		draw.ApproxBiLinear.Scale(out, out.Rect, m, m.Bounds(), draw.Src, nil)
		return out
	}
	draw.Draw(out, out.Rect, image.NewUniform(color.White), image.Point{}, draw.Src)
	draw.ApproxBiLinear.Scale(out, out.Rect, m, m.Bounds(), draw.Over, nil)
	return out
}

// upright turns a picture as its EXIF orientation says (1 to 8).
func upright(m *image.RGBA, orientation int) *image.RGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	from := map[int]func(x, y int) (int, int){ // the pixel of m that comes to (x, y)
		2: func(x, y int) (int, int) { return w - 1 - x, y },
		3: func(x, y int) (int, int) { return w - 1 - x, h - 1 - y },
		4: func(x, y int) (int, int) { return x, h - 1 - y },
		5: func(x, y int) (int, int) { return y, x },
		6: func(x, y int) (int, int) { return y, h - 1 - x },
		7: func(x, y int) (int, int) { return w - 1 - y, h - 1 - x },
		8: func(x, y int) (int, int) { return w - 1 - y, x },
	}[orientation]
	if from == nil {
		return m
	}
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation >= 5 {
		out = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			fx, fy := from(x, y)
			copy(out.Pix[out.PixOffset(x, y):][:4], m.Pix[m.PixOffset(fx, fy):][:4])
		}
	}
	return out
}

// A format is what previews are made of. bytes is the memory for each pixel
// while it is decoded and halved for the first time, at most.
type format struct {
	name   string
	config func(*bytes.Reader) (image.Config, error)
	decode func(*bytes.Reader) (image.Image, error)
	bytes  func(original []byte, c image.Config) int
}

// sniff tells a format by its first bytes.
func sniff(b []byte) (format, bool) {
	switch {
	case bytes.HasPrefix(b, []byte("\xff\xd8\xff")):
		return format{
			"JPEG", func(r *bytes.Reader) (image.Config, error) { return jpeg.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return jpeg.Decode(r) }, jpegBytes,
		}, true
	case bytes.HasPrefix(b, []byte("\x89PNG\r\n\x1a\n")):
		return format{
			"PNG", func(r *bytes.Reader) (image.Config, error) { return png.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return png.Decode(r) }, pngBytes,
		}, true
	case len(b) >= 12 && string(b[:4]) == "RIFF" && string(b[8:12]) == "WEBP":
		return format{
			"WebP", func(r *bytes.Reader) (image.Config, error) { return webp.DecodeConfig(r) },
			func(r *bytes.Reader) (image.Image, error) { return webp.Decode(r) },
			func([]byte, image.Config) int { return 9 }, // lossless: pixels, and those of a transform
		}, true
	}
	return format{}, false
}

// jpegBytes counts samples of one byte; a progressive picture holds four more
// of each until its last scan, and CMYK or RGB is converted at the end.
func jpegBytes(original []byte, c image.Config) int {
	samples := 3
	switch c.ColorModel {
	case color.GrayModel:
		samples = 1
	case color.CMYKModel:
		samples = 8
	case color.RGBAModel:
		samples = 7
	}
	frame := startOfFrame(original)
	if frame.progressive {
		if bytes.Count(original, []byte{0xFF, 0xDA}) > maxScans {
			return maxDecoded
		}
		samples += 4 * min(samples, 4)
	}
	if frame.halved && samples > 1 { // chroma of a quarter of the pixels: 1.5 in place of 3
		samples = (samples + 1) / 2
	}
	return samples + 1
}

func pngBytes(original []byte, c image.Config) int {
	n := 5
	switch c.ColorModel {
	case color.GrayModel:
		n = 2
	case color.Gray16Model:
		n = 3
	case color.RGBA64Model, color.NRGBA64Model:
		n = 9
	}
	const interlace = 28 // offset of the method in the file
	if len(original) > interlace && original[interlace] != 0 {
		n += n / 2
	}
	return n
}
