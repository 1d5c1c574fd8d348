package form

import (
	"slices"
	"strings"

	"tachiai/sync/record"
)

// withheld are the fields, beside the client-hidden items of a paper, that no
// client edition discloses: where he was, how he writes, what could be guessed
// by its hash, and what is between the agency and the worker
// (docs/protocol.md section 11).
var withheld = []string{"companions", "copy_code_sha256", "copy_sha256", "geo", "note", "paper_kept", "strokes", "text_sha256"}

// ClientShows reports whether a client edition discloses the field of that name.
// t is the paper of the record, zero when the record holds none. A value that
// t has no item for is withheld: nobody said that it may be seen.
func ClientShows(t Template, name string) bool {
	key, ofPaper := strings.CutPrefix(name, record.FormPrefix)
	if !ofPaper {
		return !slices.Contains(withheld, name)
	}
	i, there := t.Item(key)
	return there && i.Valued() && !i.ClientHidden
}
