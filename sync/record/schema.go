package record

import (
	"slices"
	"strings"

	"tachiai/sync/ijson"
)

// A Schema is what one kind asks of its records (docs/records.md).
type Schema struct {
	Phone, Office bool // who may seal it
	// Case, Visit and Amends: the structure must name one. (A phone's record
	// always names a case.)
	Case, Visit, Amends bool
	Fields              []Slot
	Any                 int      // of the optional fields, at least so many
	Form                bool     // field.<key> may be there; package form judges them
	Roles               []string // of blobs; none: no blobs. A last _n stands for a number from 1 to 99
	Blobs               int      // at least so many
	Rules               []Rule
}

// A Rule asks for more fields when one is there, or when one, or a member of
// one, is a certain text.
type Rule struct {
	If     string // name of a field, or "blobs": any blob of the structure
	Member string // of that field's value or of the blob; "" is the value itself
	Is     string // "": anything, as long as it is there
	Then   []string
}

func (rule Rule) applies(r *Record) bool {
	if rule.If == "blobs" {
		return slices.ContainsFunc(r.Blobs, func(b BlobSlot) bool { return b.Role == rule.Is })
	}
	v, _ := r.Field(rule.If)
	if rule.Member != "" {
		v = v.Get(rule.Member)
	}
	if rule.Is == "" {
		return v.Kind() != ijson.Absent
	}
	s, ok := v.Text()
	return ok && s == rule.Is
}

// A Fault is one way in which a record fails its kind's schema. Pointer names
// the place: "/field/<name>", "/blobs/<id>", "/case", "/visit", "/amends",
// "/kind", "/fields" or "/blobs".
type Fault struct{ Pointer, Code string }

// SchemaOf returns the schema of a kind. It is shared: do not change it.
func SchemaOf(k Kind) (Schema, bool) {
	s, ok := schemas[k]
	return s, ok
}

// CheckSchema judges a record by its kind's schema, for FlagSchema. A field
// that is not here counts as missing only when nothing is withheld, so that a
// record with withheld or erased fields is not blamed for them. An unknown
// kind or version has no schema and no faults.
func CheckSchema(r *Record) []Fault {
	s, ok := schemas[r.Kind]
	if !ok || r.V != Version {
		return nil
	}
	var faults []Fault
	add := func(pointer, code string) { faults = append(faults, Fault{pointer, code}) }
	if r.Office() && !s.Office || !r.Office() && !s.Phone {
		add("/kind", FaultValue)
		return faults
	}
	if s.Case && r.Case.IsZero() {
		add("/case", FaultMissing)
	}
	if s.Visit && r.Visit.IsZero() {
		add("/visit", FaultMissing)
	}
	if s.Amends && r.Amends.IsZero() {
		add("/amends", FaultMissing)
	}
	for _, f := range r.Fields {
		if code := s.checkField(r, f); code != "" {
			add("/field/"+f.Name, code)
		}
	}
	if r.Withheld() == 0 {
		s.checkPresence(r, add)
	}
	s.checkBlobs(r, add)
	return faults
}

func (s Schema) checkField(r *Record, f Field) string {
	if slot := find(s.Fields, f.Name); slot != nil {
		return checkShape(f.Value, slot.Shape)
	}
	if strings.HasPrefix(f.Name, FormPrefix) && s.Form {
		return ""
	}
	id, isBlob := strings.CutPrefix(f.Name, BlobPrefix)
	if !isBlob || !r.hasSlot(id) {
		return FaultUnknown
	}
	if code := checkShape(f.Value, blobShape); code != "" {
		return code
	}
	if of, ok := f.Value.Get("of").Text(); ok && (of == id || !r.hasSlot(of)) {
		return FaultValue
	}
	return ""
}

// hasSlot reports whether the structure names a blob of that id.
func (r *Record) hasSlot(id string) bool {
	for _, b := range r.Blobs {
		if b.ID == id {
			return true
		}
	}
	return false
}

// checkPresence judges what must be there; all fields are known.
func (s Schema) checkPresence(r *Record, add func(pointer, code string)) {
	optional := 0
	for _, slot := range s.Fields {
		_, there := r.Field(slot.Name)
		if slot.Required && !there {
			add("/field/"+slot.Name, FaultMissing)
		}
		if !slot.Required && there {
			optional++
		}
	}
	if s.Form {
		optional += len(r.FormFields())
	}
	if optional < s.Any {
		add("/fields", FaultMissing)
	}
	for _, rule := range s.Rules {
		if !rule.applies(r) {
			continue
		}
		for _, name := range rule.Then {
			if _, there := r.Field(name); !there {
				add("/field/"+name, FaultRequired)
			}
		}
	}
	for _, b := range r.Blobs {
		if _, there := r.Field(BlobPrefix + b.ID); !there {
			add("/field/"+BlobPrefix+b.ID, FaultMissing)
		}
	}
}

func (s Schema) checkBlobs(r *Record, add func(pointer, code string)) {
	for _, b := range r.Blobs {
		if !s.takesRole(b.Role) {
			add("/blobs/"+b.ID, FaultValue)
		}
	}
	if len(r.Blobs) < s.Blobs {
		add("/blobs", FaultMissing)
	}
}

func (s Schema) takesRole(role string) bool {
	for _, known := range s.Roles {
		if stem, numbered := strings.CutSuffix(known, "_n"); numbered {
			if n, ok := strings.CutPrefix(role, stem+"_"); ok && isPage(n) {
				return true
			}
		} else if role == known {
			return true
		}
	}
	return false
}

// isPage reports whether s is a number from 1 to 99 without leading zeros.
func isPage(s string) bool {
	if len(s) == 0 || len(s) > 2 || s[0] == '0' {
		return false
	}
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// blobShape is the value of every blob.<id>.
var blobShape = object(
	must("sha256", plain(ShapeSHA256)),
	must("size", number(1, ijson.MaxInt)), // an empty photo is a defect, never evidence
	must("type", text(127)),
	must("of", orNull(text(64))),
)
