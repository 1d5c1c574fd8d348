package fonts

import (
	"bytes"
	"errors"
	"testing"
)

func TestRead(t *testing.T) {
	for _, name := range []string{Japanese, Letters} {
		font, err := Read(name)
		if err != nil || len(font) < 100_000 {
			t.Errorf("%s: %d bytes, %v", name, len(font), err)
		}
		terms, err := Licence(name)
		if err != nil || !bytes.Contains(terms, []byte("SIL OPEN FONT LICENSE")) {
			t.Errorf("terms of %s: %v", name, err)
		}
	}
	if _, err := Read("Comic-Sans"); !errors.Is(err, ErrAbsent) {
		t.Errorf("a font that is not there: %v", err)
	}
}
