package record

import (
	"errors"
	"reflect"
	"testing"
)

// FuzzParseStructure: what is read can be written, and reads the same again;
// what is refused says so with the one sentinel.
func FuzzParseStructure(f *testing.F) {
	valid, invalid := payloadCases(f)
	for _, c := range append(valid, invalid...) {
		f.Add([]byte(c.Payload), c.Office)
	}
	f.Fuzz(func(t *testing.T, payload []byte, office bool) {
		s, flags, err := ParseStructure(payload, office)
		if err != nil {
			if !errors.Is(err, ErrStructure) || flags != nil {
				t.Fatalf("%v %v", flags, err)
			}
			return
		}
		text, err := s.Marshal()
		if err != nil {
			t.Fatalf("read and not written: %v", err)
		}
		again, flags2, err := ParseStructure(text, office)
		if err != nil || !reflect.DeepEqual(normal(s), normal(again)) || !reflect.DeepEqual(flags, flags2) {
			t.Fatalf("%v\n%+v\n%+v", err, s, again)
		}
	})
}

// normal forgets the difference between no blobs and an empty list.
func normal(s Structure) Structure {
	if len(s.Blobs) == 0 {
		s.Blobs = nil
	}
	return s
}
