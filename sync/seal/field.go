package seal

import (
	"crypto/sha256"
	"fmt"
	"io"
	"slices"
	"strings"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// Content is a field to be sealed. The value is anything that ijson.Marshal
// takes.
type Content struct {
	Name  string
	Value any
}

// FieldDigest is the digest that stands for a field in _sd: SHA-256 over the
// disclosure as it stands in the compact form (RFC 9901 §4.2.3).
func FieldDigest(raw string) record.Hash { return sha256.Sum256([]byte(raw)) }

// makeField writes one disclosure (RFC 9901 §4.2.1).
func makeField(c Content, random io.Reader) (string, error) {
	if !record.CheckFieldName(c.Name) {
		return "", fmt.Errorf("%w: name %.40q", ErrField, c.Name)
	}
	var salt [16]byte
	if _, err := io.ReadFull(random, salt[:]); err != nil {
		return "", fmt.Errorf("salt: %w", err)
	}
	text, err := ijson.Marshal([]any{base64url.EncodeToString(salt[:]), c.Name, c.Value})
	if err != nil {
		return "", fmt.Errorf("%w: %s: %w", ErrField, c.Name, err)
	}
	raw := base64url.EncodeToString(text)
	if _, err := parseField(raw); err != nil {
		return "", err
	}
	return raw, nil
}

// parseField reads a disclosure. Error: ErrField.
func parseField(raw string) (record.Field, error) {
	fail := func(why string) (record.Field, error) { return record.Field{}, fmt.Errorf("%w: %s", ErrField, why) }
	text, err := decode(raw)
	if err != nil {
		return fail("base64url not canonical")
	}
	v, err := ijson.Parse(text, ijson.Limits{Bytes: record.MaxSize})
	if err != nil {
		return record.Field{}, fmt.Errorf("%w: %w", ErrField, err)
	}
	var parts [3]ijson.Value
	if v.Kind() != ijson.Array || v.Len() != len(parts) {
		return fail("not an array of salt, name, value")
	}
	for i, e := range v.Elements() {
		parts[i] = e
	}
	salt, _ := parts[0].Text()
	name, _ := parts[1].Text()
	switch {
	case !record.CheckSalt(salt):
		return fail("salt is not 16 bytes")
	case !record.CheckFieldName(name):
		return fail("not the name of a field")
	case !record.Flat(parts[2]):
		return fail("a field within a field")
	}
	return record.Field{Salt: salt, Name: name, Value: parts[2], Raw: raw}, nil
}

// match tells the fields of a record, in the order of its _sd, from those that
// it does not name. What it names and what is not of the form, or comes twice,
// is an error: that was signed so, or is not one record.
func match(digests []record.Hash, raws []string) (fields []record.Field, stray []string, err error) {
	at := make(map[record.Hash]int, len(digests))
	for i, d := range digests {
		at[d] = i
	}
	found := make([]record.Field, len(digests))
	names := make(map[string]bool, len(raws))
	for _, raw := range raws {
		i, ours := at[FieldDigest(raw)]
		if !ours {
			stray = append(stray, raw)
			continue
		}
		if found[i], err = parseField(raw); err != nil {
			return nil, nil, err
		}
		if names[found[i].Name] { // two fields, or one that was given twice
			return nil, nil, fmt.Errorf("%w: two of one name", ErrField)
		}
		names[found[i].Name] = true
	}
	fields = slices.DeleteFunc(found, func(f record.Field) bool { return f.Raw == "" })
	return fields, stray, nil
}

// Missing tells which of the fields in more, as a later push of the same record
// may bring them, belong to r and are not held yet, in the order of _sd.
// Everything else, held ones left out, is stray: a digest that r does not name,
// a field that is not of the form, a name that r has already. Whether an
// erasure has tombstoned a digest is for the caller to know.
func Missing(r *record.Record, more []string) (fields []record.Field, stray []string) {
	names, held := make(map[string]bool), make(map[string]bool)
	for _, f := range r.Fields {
		names[f.Name], held[f.Raw] = true, true
	}
	at := make(map[record.Hash]int, len(r.SD))
	for i, d := range r.SD {
		at[d] = i
	}
	place := make(map[string]int)
	for _, raw := range more {
		if held[raw] {
			continue
		}
		held[raw] = true
		i, ours := at[FieldDigest(raw)]
		f, err := parseField(raw)
		if !ours || err != nil || names[f.Name] {
			stray = append(stray, raw)
			continue
		}
		names[f.Name], place[raw] = true, i
		fields = append(fields, f)
	}
	slices.SortFunc(fields, func(a, b record.Field) int { return place[a.Raw] - place[b.Raw] })
	return fields, stray
}

// Withhold returns a compact record with only those fields whose names keep
// takes; what the record does not name itself is left out always. The record
// still opens, and shows how many fields are withheld. Errors are those of
// Parse; no signature is checked.
func Withhold(compact string, keep func(name string) bool) (string, error) {
	r, err := Parse(compact)
	if err != nil {
		return "", err
	}
	var kept []string
	for _, f := range r.Fields {
		if keep(f.Name) {
			kept = append(kept, f.Raw)
		}
	}
	return Compact(r.Core, r.Signature, kept), nil
}

// Compact puts a record together: core, signature, and fields in any order.
func Compact(core string, signature []byte, fields []string) string {
	var b strings.Builder
	b.Grow(compactSize(len(core), fields))
	b.WriteString(core)
	b.WriteByte('.')
	b.WriteString(base64url.EncodeToString(signature))
	b.WriteByte('~')
	for _, f := range fields {
		b.WriteString(f)
		b.WriteByte('~')
	}
	return b.String()
}

// compactSize is the length of a compact record in bytes.
func compactSize(core int, fields []string) int {
	n := core + len(".") + base64url.EncodedLen(signatureSize) + len("~")
	for _, f := range fields {
		n += len(f) + len("~")
	}
	return n
}
