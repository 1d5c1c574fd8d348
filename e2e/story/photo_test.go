package story

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/jpeg"
	"math/rand/v2"
	"testing"
)

// maker stands in the EXIF of the photo, and must not be found in what leaves the house.
const maker = "Minato Camera Works"

// photograph is a photo as a camera makes them: 12 megapixels, a few megabytes, with EXIF that says by what it was taken and how to turn it.
func photograph(t *testing.T) []byte {
	t.Helper()
	picture := image.NewYCbCr(image.Rect(0, 0, 4000, 3000), image.YCbCrSubsampleRatio420)
	random := rand.New(rand.NewPCG(3, 9)) //nolint:gosec // repeatable
	for y := range 3000 {
		for x := range 4000 {
			picture.Y[y*picture.YStride+x] = uint8(x/40+y/40) ^ uint8(random.UintN(16)) //nolint:gosec // grain
		}
	}
	for i := range picture.Cb {
		picture.Cb[i], picture.Cr[i] = color.YCbCrModel.Convert(color.White).(color.YCbCr).Cb, 140
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture, &jpeg.Options{Quality: 85}); err != nil {
		t.Fatal(err)
	}
	return append(append([]byte{0xff, 0xd8}, exif()...), b.Bytes()[2:]...)
}

// exif is the segment that a camera puts first: its maker, and that the picture is to be turned.
func exif() []byte {
	text := append([]byte(maker), 0)
	tiff := []byte("II*\x00\x08\x00\x00\x00")
	entry := func(tag, kind uint16, count, value uint32) {
		tiff = binary.LittleEndian.AppendUint16(tiff, tag)
		tiff = binary.LittleEndian.AppendUint16(tiff, kind)
		tiff = binary.LittleEndian.AppendUint32(tiff, count)
		tiff = binary.LittleEndian.AppendUint32(tiff, value)
	}
	tiff = binary.LittleEndian.AppendUint16(tiff, 2)
	entry(0x010f, 2, uint32(len(text)), 8+2+2*12+4) //nolint:gosec // short
	entry(0x0112, 3, 1, 6)
	tiff = append(append(tiff, 0, 0, 0, 0), text...)
	body := append([]byte("Exif\x00\x00"), tiff...)
	return append(binary.BigEndian.AppendUint16([]byte{0xff, 0xe1}, uint16(len(body)+2)), body...) //nolint:gosec // short
}
