package photos

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
)

// The four quarters of every picture here, as it lies in the file: each of a colour of its own, with grain.
var quarters = [4]color.RGBA{{200, 40, 40, 255}, {40, 180, 60, 255}, {50, 70, 210, 255}, {210, 205, 190, 255}}

// shot is a photo as a camera makes it, w pixels wide as it lies in the file; turned: its EXIF says that it is to be shown turned to the right.
func shot(w, h int, turned bool) ([]byte, error) {
	picture := image.NewYCbCr(image.Rect(0, 0, w, h), image.YCbCrSubsampleRatio420)
	random := rand.New(rand.NewPCG(uint64(w), 7)) //nolint:gosec // repeatable
	for y := range h {
		for x := range w {
			luma, _, _ := color.RGBToYCbCr(quarter(x, y, w, h))
			picture.Y[y*picture.YStride+x] = luma ^ uint8(random.Uint32()&7) //nolint:gosec // grain
		}
	}
	for y := range (h + 1) / 2 {
		for x := range (w + 1) / 2 {
			_, cb, cr := color.RGBToYCbCr(quarter(2*x, 2*y, w, h))
			picture.Cb[y*picture.CStride+x], picture.Cr[y*picture.CStride+x] = cb, cr
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: 85}); err != nil {
		return nil, err
	}
	if !turned {
		return b.Bytes(), nil
	}
	return append(append([]byte{0xff, 0xd8}, exif(6)...), b.Bytes()[2:]...), nil
}

func quarter(x, y, w, h int) (r, g, b uint8) {
	c := quarters[2*(2*y/h)+2*x/w]
	return c.R, c.G, c.B
}

// exif is the segment that a camera puts first, with nothing but how the picture is to be turned.
func exif(orientation uint32) []byte {
	tiff := []byte("II*\x00\x08\x00\x00\x00\x01\x00")
	tiff = binary.LittleEndian.AppendUint16(tiff, 0x0112)
	tiff = binary.LittleEndian.AppendUint16(tiff, 3)
	tiff = binary.LittleEndian.AppendUint32(tiff, 1)
	tiff = binary.LittleEndian.AppendUint32(tiff, orientation)
	tiff = append(tiff, 0, 0, 0, 0)
	body := append([]byte("Exif\x00\x00"), tiff...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2)), body...) //nolint:gosec // short
}

// heic is the beginning of a photo of an iPhone, and noise: no Chromium reads it.
func heic() []byte {
	data := []byte("\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic")
	random := rand.New(rand.NewPCG(5, 5)) //nolint:gosec // repeatable
	for range 1 << 20 {
		data = append(data, uint8(random.Uint32())) //nolint:gosec // noise
	}
	return data
}
