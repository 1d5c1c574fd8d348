// Package fonts holds the fonts that documents are set in, compiled into the program: Noto Sans JP, and Noto Sans for the letters of other
// languages that it lacks, under the SIL Open Font License, which stands beside them. They are fetched and not committed; before the first
// fetch (make tools, make build) there is only a placeholder, and Read says so.
package fonts

import (
	"embed"
	"errors"
	"fmt"
)

//go:embed all:files
var files embed.FS

// ErrAbsent means that the program was compiled before its fonts were fetched.
var ErrAbsent = errors.New("the fonts for documents were not there when this program was built: run make build, which fetches them")

// The fonts, in the order in which a form is looked for.
const (
	Japanese = "NotoSansJP-Regular"
	Letters  = "NotoSans-Regular"
)

// Read returns the TrueType file of a font, a copy of its own. Error: ErrAbsent.
func Read(name string) ([]byte, error) { return read(name + ".ttf") }

// Licence returns the terms under which a font may be passed on. Error: ErrAbsent.
func Licence(name string) ([]byte, error) { return read(name + ".OFL.txt") }

func read(file string) ([]byte, error) {
	data, err := files.ReadFile("files/" + file)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrAbsent, err)
	}
	return data, nil
}
