package documents

import (
	"errors"
	"fmt"

	"tachiai/server/documents/fonts"
	"tachiai/server/documents/pdf"
)

// ErrFonts means that documents cannot be written because the program was
// built without their fonts, or with files that are none.
var ErrFonts = errors.New("no fonts for documents")

// Fonts are what documents are set in, parsed once and shared by all: 6 MB in
// memory. They are safe for concurrent use.
type Fonts struct{ faces []*pdf.Font }

// LoadFonts reads the fonts that are compiled into the program. Call it once,
// at the start. Error: ErrFonts, with what to do.
func LoadFonts() (*Fonts, error) {
	f := &Fonts{}
	for _, name := range []string{fonts.Japanese, fonts.Letters} {
		data, err := fonts.Read(name)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFonts, err)
		}
		font, err := pdf.ParseFont(name, data)
		if err != nil {
			return nil, fmt.Errorf("%w: %w", ErrFonts, err)
		}
		f.faces = append(f.faces, font)
	}
	return f, nil
}
