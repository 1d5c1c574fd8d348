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

// Fields returns what a record holds of a paper, by name of field: how it was
// presented, the hashes of both texts, every value. The hand and the place are
// fields of their own. Errors are those of Text.
func Fields(t Template, values map[string]any, p Presentation) (map[string]any, error) {
	whole, err := Text(t, values, p.Lang)
	if err != nil {
		return nil, err
	}
	client, err := ClientText(t, values, p.Lang)
	if err != nil {
		return nil, err
	}
	fields := map[string]any{"presentation": p.Value(), "text_sha256": TextHash(whole), "client_text_sha256": TextHash(client)}
	for key, v := range values {
		fields[record.FormPrefix+key] = v
	}
	return fields, nil
}

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
