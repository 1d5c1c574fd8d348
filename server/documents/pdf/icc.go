package pdf

import (
	"encoding/binary"
	"math"
	"slices"
)

// sRGB is a colour profile of ICC.1:2010 (version 4.3) with the primaries and
// the curve of IEC 61966-2-1, adapted to D50 as profiles are. It is made here,
// 500 bytes, so that nothing has to be carried along.
func sRGB() []byte {
	u32 := binary.BigEndian.AppendUint32
	fixed := func(b []byte, v float64) []byte { return u32(b, uint32(int32(math.Round(v*65536)))) }
	words := func(s string) []byte { // multiLocalizedUnicodeType, one entry
		b := append(u32([]byte("mluc\x00\x00\x00\x00"), 1), 0, 0, 0, 12, 'e', 'n', 'U', 'S')
		b = u32(u32(b, uint32(2*len(s))), 28)
		for _, c := range []byte(s) {
			b = append(b, 0, c)
		}
		return b
	}
	numbers := func(kind string, v ...float64) []byte {
		b := []byte(kind + "\x00\x00\x00\x00")
		for _, x := range v {
			b = fixed(b, x)
		}
		return b
	}
	curve := []byte("para\x00\x00\x00\x00\x00\x03\x00\x00") // Y = (aX+b)^g from d on, cX below
	for _, x := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
		curve = fixed(curve, x)
	}
	tags := []struct {
		name string
		data []byte
	}{
		{"desc", words("sRGB IEC61966-2.1")},
		{"cprt", words("No copyright")},
		{"wtpt", numbers("XYZ ", 0.9642, 1, 0.8249)},
		{"chad", numbers("sf32", 1.0479298, 0.0229468, -0.0501922, 0.0296278, 0.9904344, -0.0170738, -0.0092430, 0.0150552, 0.7518743)},
		{"rXYZ", numbers("XYZ ", 0.4360657, 0.2224884, 0.0139160)},
		{"gXYZ", numbers("XYZ ", 0.3851471, 0.7168732, 0.0970764)},
		{"bXYZ", numbers("XYZ ", 0.1430664, 0.0606079, 0.7140961)},
		{"rTRC", curve}, {"gTRC", nil}, {"bTRC", nil}, // one curve for the three
	}
	head := make([]byte, 128)
	binary.BigEndian.PutUint32(head[8:], 0x04300000)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[24:], []byte{7, 0xEA, 0, 1, 0, 1}) // a date there must be: 2026-01-01
	copy(head[36:], "acsp")
	copy(head[68:], fixed(fixed(fixed(nil, 0.9642), 1), 0.8249))

	directory := u32(nil, uint32(len(tags)))
	var data []byte
	at, size := 0, 0
	for _, t := range tags {
		if t.data != nil {
			at, size = 128+4+12*len(tags)+len(data), len(t.data)
			data = append(data, t.data...)
			for len(data)%4 != 0 {
				data = append(data, 0)
			}
		}
		directory = u32(u32(append(directory, t.name...), uint32(at)), uint32(size))
	}
	profile := slices.Concat(head, directory, data)
	binary.BigEndian.PutUint32(profile, uint32(len(profile)))
	return profile
}
