// Package record holds the fact that everything else is made of: a record, its
// structure in the clear, its content in fields, the kinds there are, and the
// rules of the journal that chains a phone's records (docs/protocol.md,
// section 1).
//
// The package knows what a record says, not how it is sealed: that is package
// seal, which reads and writes the compact form and checks signatures.
package record

import (
	"strings"

	"tachiai/sync/ijson"
)

// Bounds of one record.
const (
	Version   = 1
	MaxSize   = 65536 // bytes of the whole compact form, fields included
	MaxFields = 256   // digests in _sd
	MaxBlobs  = 64
)

// A Record is an opened record: what was signed, and the fields that came with
// it. It is read-only once made; copies share their slices.
type Record struct {
	Structure
	KeyID     KeyID    // the key that signed, as the header names it
	Hash      Hash     // SHA-256 of Core
	Core      string   // protected.payload, exactly as signed
	Signature []byte   // 64 bytes, r‖s (ES256) or Ed25519
	Fields    []Field  // in the order of _sd; fewer than SD when some are withheld or erased
	Stray     []string // what came along and has no digest in _sd; not part of the record
	Flags     []Flag   // what the text alone shows: unknown_version, unknown_kind, stray_field
}

// Office reports whether the record is of the office and not of a phone. An
// office record has no place in a journal.
func (s *Structure) Office() bool { return s.Seq == 0 }

// Field returns the value of a field, if it is disclosed here.
func (r *Record) Field(name string) (ijson.Value, bool) {
	for i := range r.Fields {
		if r.Fields[i].Name == name {
			return r.Fields[i].Value, true
		}
	}
	return ijson.Value{}, false
}

// Text returns a field's text, "" when it is not there or not a string.
func (r *Record) Text(name string) string {
	v, _ := r.Field(name)
	s, _ := v.Text()
	return s
}

// Int returns a field's integer; ok is false when it is not there or not an
// integer.
func (r *Record) Int(name string) (n int64, ok bool) {
	v, _ := r.Field(name)
	return v.Int()
}

// Withheld is the number of digests whose fields are not here: not sent yet,
// kept back from this reader, or erased.
func (r *Record) Withheld() int { return len(r.SD) - len(r.Fields) }

// A BlobField is what a record says about one of its blobs.
type BlobField struct {
	ID     string // names the blob within its record
	Role   string
	SHA256 string // lower-case hex, 64 characters
	Size   int64  // bytes, at least 1
	Type   string // media type as the phone named it
	Of     string // id of the original in the same record, for a derivative; else ""
}

// BlobFields returns the blobs that are both named in the structure and
// described by a well-formed field, in the order of the structure. A field
// that was erased takes its blob with it.
func (r *Record) BlobFields() []BlobField {
	var list []BlobField
	for _, slot := range r.Blobs {
		v, ok := r.Field(BlobPrefix + slot.ID)
		if !ok || checkShape(v, blobShape) != "" {
			continue
		}
		b := BlobField{ID: slot.ID, Role: slot.Role}
		b.SHA256, _ = v.Get("sha256").Text()
		b.Size, _ = v.Get("size").Int()
		b.Type, _ = v.Get("type").Text()
		b.Of, _ = v.Get("of").Text()
		list = append(list, b)
	}
	return list
}

// Prefixes of the two families of field names.
const (
	FormPrefix = "field." // a field of a form, by its key
	BlobPrefix = "blob."  // a blob, by its id
)

// FormFields returns the values of the form, by key without the prefix.
func (r *Record) FormFields() map[string]ijson.Value {
	values := make(map[string]ijson.Value)
	for _, f := range r.Fields {
		if key, ok := strings.CutPrefix(f.Name, FormPrefix); ok {
			values[key] = f.Value
		}
	}
	return values
}
