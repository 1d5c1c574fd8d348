package documents

import (
	"bytes"
	"encoding/binary"

	"github.com/bep/imagemeta"
)

// orientation reads the one thing that is taken from a picture's metadata: how
// it is to be turned, 1 (upright) to 8. 1 when nothing sensible is said.
func orientation(original []byte) int {
	f, ok := sniff(original)
	if !ok {
		return 1
	}
	found := 1
	_, err := imagemeta.Decode(imagemeta.Options{
		R:               bytes.NewReader(original),
		ImageFormat:     map[string]imagemeta.ImageFormat{"JPEG": imagemeta.JPEG, "PNG": imagemeta.PNG, "WebP": imagemeta.WebP}[f.name],
		Sources:         imagemeta.EXIF,
		ShouldHandleTag: func(tag imagemeta.TagInfo) bool { return tag.Tag == "Orientation" && tag.Namespace == "IFD0" },
		HandleTag: func(tag imagemeta.TagInfo) error {
			if n, ok := tag.Value.(uint16); ok && n >= 1 && n <= 8 {
				found = int(n)
			}
			return imagemeta.ErrStopWalking
		},
		LimitNumTags: 200, LimitTagSize: 64,
	})
	if err != nil {
		return found // what is no metadata turns nothing
	}
	return found
}

// A frame is what a JPEG says of its samples.
type frame struct {
	progressive bool
	halved      bool // two of three components have a quarter of the pixels
}

// startOfFrame looks for the first frame header; the zero frame when there is
// none.
func startOfFrame(jpeg []byte) (f frame) {
	for at := 2; at+4 <= len(jpeg) && jpeg[at] == 0xFF; {
		marker := jpeg[at+1]
		if marker == 0xFF { // fill
			at++
			continue
		}
		size := int(binary.BigEndian.Uint16(jpeg[at+2:]))
		if marker >= 0xC0 && marker <= 0xC2 {
			f.progressive = marker == 0xC2
			// 8: length, precision, height, width, number of components; then id, sampling, table of each.
			if c := jpeg[at+2:]; len(c) >= 17 && c[7] == 3 {
				f.halved = c[9] == 0x22 && c[12] == 0x11 && c[15] == 0x11
			}
			return f
		}
		at += 2 + size
	}
	return f
}
