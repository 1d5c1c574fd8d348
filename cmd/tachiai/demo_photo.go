package main

import (
	"bytes"
	"encoding/binary"
	"image"
	"image/color"
	"image/draw"
	"image/jpeg"
	"math/rand/v2"
	"time"

	"tachiai/server/documents"
)

// photograph makes a JPEG such as a phone takes at night: a pale badge or paper
// on a dark ground, sensor noise (which gives it a real photograph's size,
// 200 to 400 KiB), and an EXIF block with maker, time and orientation.
func photograph(seed uint64, at time.Time) ([]byte, error) {
	rng := rand.New(rand.NewPCG(seed, seed^0x7ac1a1)) //nolint:gosec // noise in a picture, not a secret
	const width, height = 1280, 960
	img := image.NewRGBA(image.Rect(0, 0, width, height))
	draw.Draw(img, img.Bounds(), image.NewUniform(color.RGBA{34, 32, 38, 255}), image.Point{}, draw.Src)
	left, top := 300+rng.IntN(80), 200+rng.IntN(80)
	card := image.Rect(left, top, left+620, top+400)
	draw.Draw(img, card, image.NewUniform(color.RGBA{226, 222, 208, 255}), image.Point{}, draw.Src)
	draw.Draw(img, image.Rect(left+40, top+60, left+200, top+260), image.NewUniform(color.RGBA{150, 158, 170, 255}), image.Point{}, draw.Src)
	for line := range 5 {
		y := top + 80 + line*60
		draw.Draw(img, image.Rect(left+240, y, left+420+rng.IntN(150), y+18), image.NewUniform(color.RGBA{60, 62, 74, 255}), image.Point{}, draw.Src)
	}
	for i := 0; i < len(img.Pix); i += 4 {
		n := rng.IntN(25) - 12
		for c := range 3 {
			img.Pix[i+c] = uint8(min(255, max(0, int(img.Pix[i+c])+n)))
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 72}); err != nil {
		return nil, err
	}
	body := out.Bytes()
	photo := append([]byte{0xff, 0xd8}, exif(at)...)
	return append(photo, body[2:]...), nil
}

// partlyHidden is a picture of a photo in which the portrait on the badge is painted over; nil where no picture can be made of it.
func partlyHidden(photo []byte) []byte {
	small, w, h, err := documents.Derivative(photo)
	if err != nil {
		return nil
	}
	m, err := jpeg.Decode(bytes.NewReader(small))
	if err != nil {
		return nil
	}
	picture := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(picture, picture.Rect, m, image.Point{}, draw.Src)
	draw.Draw(picture, image.Rect(w*26/100, h*26/100, w*46/100, h*58/100), image.NewUniform(color.Gray{0x2b}), image.Point{}, draw.Src)
	var out bytes.Buffer
	if err := jpeg.Encode(&out, picture, &jpeg.Options{Quality: 72}); err != nil || out.Len() > documents.MaxDerivative {
		return nil
	}
	return out.Bytes()
}

// exif writes an APP1 segment (Exif 2.3, TIFF big endian) with Make, Model,
// Orientation and DateTime of the picture.
func exif(at time.Time) []byte {
	texts := []struct {
		tag  uint16
		text string
	}{
		{0x010f, "Tachiai\x00"},
		{0x0110, "Doorstep 1\x00"},
		{0x0132, at.Format("2006:01:02 15:04:05") + "\x00"},
	}
	be := binary.BigEndian
	entries := len(texts) + 1
	data := 8 + 2 + entries*12 + 4
	tiff := []byte{'M', 'M', 0, 42, 0, 0, 0, 8}
	tiff = be.AppendUint16(tiff, uint16(entries))
	var tail []byte
	text := func(i int) {
		tiff = be.AppendUint16(tiff, texts[i].tag)
		tiff = be.AppendUint16(tiff, 2) // ASCII
		tiff = be.AppendUint32(tiff, uint32(len(texts[i].text)))
		tiff = be.AppendUint32(tiff, uint32(data+len(tail)))
		tail = append(tail, texts[i].text...)
	}
	text(0)
	text(1)
	tiff = be.AppendUint16(tiff, 0x0112) // Orientation: 1, the tags must ascend
	tiff = be.AppendUint16(tiff, 3)
	tiff = be.AppendUint32(tiff, 1)
	tiff = append(tiff, 0, 1, 0, 0)
	text(2)
	tiff = be.AppendUint32(tiff, 0) // no second directory
	tiff = append(tiff, tail...)
	segment := append([]byte("Exif\x00\x00"), tiff...)
	head := []byte{0xff, 0xe1}
	head = be.AppendUint16(head, uint16(len(segment)+2))
	return append(head, segment...)
}
