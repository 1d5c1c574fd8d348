package documents

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"tachiai/server/documents/pdf"
)

// ErrFonts means that documents cannot be written because their fonts are not
// there.
var ErrFonts = errors.New("the fonts for documents are missing: run make tools, which fetches Noto Sans JP into .tools/fonts")

// Fonts are what documents are set in, parsed once and shared by all: 5.5 MB
// in memory. They are safe for concurrent use.
type Fonts struct{ text *pdf.Font }

// LoadFonts reads NotoSansJP_400Regular.ttf (SIL Open Font License) out of a
// directory, which `make tools` fills. Error: ErrFonts, with the cause.
//
// It is not committed and so cannot be embedded into the program here: how an
// installed program carries it (beside the binary, or copied into the embedded
// files at build) is left to the issue that first serves documents.
func LoadFonts(dir string) (*Fonts, error) {
	const file, name = "NotoSansJP_400Regular.ttf", "NotoSansJP-Regular"
	data, err := os.ReadFile(filepath.Join(dir, file))
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrFonts, err)
	}
	font, err := pdf.ParseFont(name, data)
	if err != nil {
		return nil, fmt.Errorf("%w: %s: %w", ErrFonts, file, err)
	}
	return &Fonts{font}, nil
}
