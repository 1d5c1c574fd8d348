package history

import (
	"bytes"
	"encoding/json"
	"strings"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// Reading fields. None of these trusts the kind's schema to hold.

// visibleNUL stands for U+0000, which jsonb cannot hold.
const visibleNUL = "\u2400"

// clean makes a text storable.
func clean(s string) string { return strings.ReplaceAll(s, "\x00", visibleNUL) }

// How much a state holds of a text, in bytes: of a code or a name, and of words
// that are meant for a person.
const (
	maxShort = 800
	maxLong  = 4000
)

// short reads a code, a name or a label; beyond maxShort it ends in an ellipsis.
func short(r *record.Record, name string) string { return shorten(r.Text(name)) }

// long reads what one person tells another; beyond maxLong it ends in an ellipsis.
func long(r *record.Record, name string) string { return cut(r.Text(name), maxLong) }

func shorten(s string) string { return cut(s, maxShort) }

func cut(s string, most int) string {
	s = clean(s)
	if len(s) <= most {
		return s
	}
	return strings.ToValidUTF8(s[:most], "") + "…"
}

// raw returns a value as compact JSON text without U+0000.
func raw(v ijson.Value) json.RawMessage {
	text, err := ijson.Marshal(v)
	if err != nil { // not for a value that was parsed
		return json.RawMessage("null")
	}
	if !bytes.Contains(text, []byte(`\u0000`)) {
		return text
	}
	// An escape is taken whole, so that `\\u0000`, a backslash and letters, stays.
	out := make([]byte, 0, len(text))
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			out = append(out, text[i])
			continue
		}
		if bytes.HasPrefix(text[i:], []byte(`\u0000`)) {
			out = append(out, visibleNUL...)
			i += 5
			continue
		}
		out = append(out, text[i], text[i+1])
		i++
	}
	return out
}

func idField(r *record.Record, name string) (record.ID, bool) {
	id, err := record.ParseID(r.Text(name))
	return id, err == nil
}

func keyField(r *record.Record, name string) (record.KeyID, bool) {
	kid, err := record.ParseKeyID(r.Text(name))
	return kid, err == nil
}

func boolField(r *record.Record, name string) (value, ok bool) {
	v, _ := r.Field(name)
	return v.Bool()
}

// idList reads an array of ids, each once; ok is false when it is not one.
func idList(r *record.Record, name string) (list []record.ID, ok bool) {
	v, _ := r.Field(name)
	if v.Kind() != ijson.Array {
		return nil, false
	}
	seen := make(map[record.ID]bool, v.Len())
	list = make([]record.ID, 0, v.Len())
	for _, e := range v.Elements() {
		text, _ := e.Text()
		id, err := record.ParseID(text)
		if err != nil {
			return nil, false
		}
		if !seen[id] {
			seen[id] = true
			list = append(list, id)
		}
	}
	return list, true
}

// hashList reads an array of hashes, each once; ok is false when it is not one.
func hashList(r *record.Record, name string) (list []record.Hash, ok bool) {
	v, _ := r.Field(name)
	if v.Kind() != ijson.Array {
		return nil, false
	}
	seen := make(map[record.Hash]bool, v.Len())
	list = make([]record.Hash, 0, v.Len())
	for _, e := range v.Elements() {
		text, _ := e.Text()
		h, err := record.ParseHash(text)
		if err != nil {
			return nil, false
		}
		if !seen[h] {
			seen[h] = true
			list = append(list, h)
		}
	}
	return list, true
}

// texts reads an array of strings, passing over what is none.
func texts(r *record.Record, name string, most int) []string {
	v, _ := r.Field(name)
	var list []string
	for _, e := range v.Elements() {
		if s, ok := e.Text(); ok && len(list) < most {
			list = append(list, shorten(s))
		}
	}
	return list
}

func isHex256(s string) bool {
	return len(s) == 64 && strings.Trim(s, "0123456789abcdef") == ""
}
