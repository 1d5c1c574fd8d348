package pdf

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"image/jpeg"
)

// ErrJPEG means a photo that no document takes. The words behind it say why.
var ErrJPEG = errors.New("not a photo for a document")

// Bounds of a photo: a derivative for reading, never the original.
const (
	MaxPhotoBytes  = 8 << 20
	MaxPhotoSide   = 8192     // pixels
	MaxPhotoPixels = 16 << 20 // pixels
)

// A Picture is a photo without metadata, ready to be drawn.
type Picture struct {
	W, H int    // pixels
	Data []byte // JPEG: the same picture, without APPn and COM segments

	components int
	plainRGB   bool // the three components are RGB, not YCbCr
	ref        ref
}

// Markers of ITU-T T.81, table B.1.
const (
	soi, eoi, sos      = 0xD8, 0xD9, 0xDA
	sof0, sof1, sof2   = 0xC0, 0xC1, 0xC2
	dht, dqt, dri, com = 0xC4, 0xDB, 0xDD, 0xFE
	app0, app14, app15 = 0xE0, 0xEE, 0xEF
)

// Strip reads a baseline JPEG in grey or colour, drops every APPn and COM
// segment (EXIF with its coordinates, thumbnails, profiles, comments) and what
// stands behind its end, and keeps the picture's own bytes. It decodes the
// whole once, after the bounds were checked, so that a photo which would not
// open in a reader's hands is refused here. Orientation goes with the EXIF: a
// derivative stands upright. Error: ErrJPEG.
func Strip(data []byte) (*Picture, error) {
	fault := func(format string, args ...any) (*Picture, error) {
		return nil, fmt.Errorf("%w: %s", ErrJPEG, fmt.Sprintf(format, args...))
	}
	if len(data) > MaxPhotoBytes {
		return fault("%d bytes, at most %d", len(data), MaxPhotoBytes)
	}
	if len(data) < 4 || data[0] != 0xFF || data[1] != soi {
		return fault("no JPEG")
	}
	pic := &Picture{Data: []byte{0xFF, soi}}
	for at := 2; ; {
		if at >= len(data) {
			return fault("cut off")
		}
		if data[at] != 0xFF {
			return fault("no marker where one must be")
		}
		for at < len(data) && data[at] == 0xFF { // fill bytes
			at++
		}
		if at >= len(data) {
			return fault("cut off")
		}
		marker := data[at]
		at++
		if marker == eoi {
			pic.Data = append(pic.Data, 0xFF, eoi)
			break
		}
		if at+2 > len(data) {
			return fault("cut off")
		}
		body, ok := part(data, at, int(binary.BigEndian.Uint16(data[at:])))
		if !ok || len(body) < 2 {
			return fault("cut off")
		}
		at += len(body)
		switch marker {
		case sof0, sof1:
			if why := pic.frame(body[2:]); why != "" {
				return fault("%s", why)
			}
		case sof2:
			return fault("progressive")
		case dht, dqt, dri, sos:
		case com:
			continue
		default:
			if marker == app14 && len(body) >= 14 && bytes.HasPrefix(body[2:], []byte("Adobe")) {
				pic.plainRGB = body[13] == 0
			}
			if marker >= app0 && marker <= app15 {
				continue
			}
			return fault("segment %02X", marker)
		}
		pic.Data = append(append(pic.Data, 0xFF, marker), body...)
		if marker == sos {
			if pic.W == 0 {
				return fault("no frame before the scan")
			}
			end := scanEnd(data, at)
			pic.Data = append(pic.Data, data[at:end]...)
			at = end
		}
	}
	if pic.W == 0 {
		return fault("no picture in it")
	}
	if _, err := jpeg.Decode(bytes.NewReader(pic.decodable())); err != nil {
		return fault("%v", err)
	}
	return pic, nil
}

// frame reads a frame header (T.81 B.2.2); the answer says what is wrong.
func (p *Picture) frame(b []byte) string {
	switch {
	case p.W != 0:
		return "two frames"
	case len(b) < 6 || len(b) != 6+3*int(b[5]):
		return "frame header"
	case b[0] != 8:
		return fmt.Sprintf("%d bits", b[0])
	case b[5] == 4:
		return "CMYK"
	case b[5] != 1 && b[5] != 3:
		return fmt.Sprintf("%d components", b[5])
	}
	p.H, p.W, p.components = int(binary.BigEndian.Uint16(b[1:])), int(binary.BigEndian.Uint16(b[3:])), int(b[5])
	if p.W == 0 || p.H == 0 || p.W > MaxPhotoSide || p.H > MaxPhotoSide || p.W*p.H > MaxPhotoPixels {
		return fmt.Sprintf("%d×%d pixels, at most %d a side and %d in all", p.W, p.H, MaxPhotoSide, MaxPhotoPixels)
	}
	return ""
}

// scanEnd finds the marker that ends entropy-coded data: the first that is
// neither a stuffed zero nor a restart.
func scanEnd(data []byte, at int) int {
	for ; at+1 < len(data); at++ {
		if next := data[at+1]; data[at] == 0xFF && next != 0 && (next < 0xD0 || next > 0xD7) {
			return at
		}
	}
	return len(data)
}

// decodable is Data with the segment that tells Go's decoder of plain RGB.
func (p *Picture) decodable() []byte {
	if !p.plainRGB {
		return p.Data
	}
	adobe := []byte{0xFF, app14, 0, 14, 'A', 'd', 'o', 'b', 'e', 0, 100, 0, 0, 0, 0, 0}
	return append(append([]byte{0xFF, soi}, adobe...), p.Data[2:]...)
}

func (p *Picture) write(o *objects) {
	space, transform := "/DeviceRGB", ""
	if p.components == 1 {
		space = "/DeviceGray"
	}
	if p.plainRGB && p.components == 3 {
		transform = "/DecodeParms<</ColorTransform 0>>"
	}
	p.ref = o.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace%s/BitsPerComponent 8/Filter/DCTDecode%s", p.W, p.H, space, transform), p.Data)
}
