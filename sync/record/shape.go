package record

import (
	"encoding/hex"
	"time"
	"unicode/utf8"

	"tachiai/sync/ijson"
)

// A Shape is what a value may look like. It is data and not code, so that the
// table of schema.go can be read by every twin out of schema.json.
type Shape struct {
	Type    string   // one of the Shape… names below
	Min     int64    // text: characters (code points); int: value; array: elements
	Max     int64    // the same, inclusive
	Codes   []string // code: the values
	Of      *Shape   // array: every element
	Members []Slot   // object: all that there may be; none: any
	Null    bool     // null will do as well
}

// A Slot is a named place for a value: a member of an object, or a field.
type Slot struct {
	Name     string
	Shape    Shape
	Required bool
}

// The types of a Shape.
const (
	ShapeText   = "text"   // string without U+0000
	ShapeCode   = "code"   // one of Codes
	ShapeInt    = "int"    //
	ShapeBool   = "bool"   //
	ShapeTime   = "time"   // integer, ms since 1970
	ShapeDate   = "date"   // YYYY-MM-DD, a day that exists
	ShapeID     = "id"     // UUID
	ShapeHash   = "hash"   // hash of a record, 43 characters
	ShapeKey    = "key"    // key id, 43 characters
	ShapeSHA256 = "sha256" // 64 lower-case hex digits
	ShapeArray  = "array"
	ShapeObject = "object"
	ShapeAny    = "any"
)

// Codes of a Fault.
const (
	FaultMissing  = "missing"  // required and not there
	FaultUnknown  = "unknown"  // this kind has no such thing
	FaultType     = "type"     // wrong JSON type
	FaultValue    = "value"    // not allowed: form, code, range
	FaultRequired = "required" // wanted by another field's value
)

// checkShape returns "" or the code of what is wrong.
func checkShape(v ijson.Value, s Shape) string {
	if s.Null && v.Kind() == ijson.Null || s.Type == ShapeAny {
		return ""
	}
	if v.Kind() != s.kind() {
		return FaultType
	}
	switch s.Type {
	case ShapeInt:
		if n, _ := v.Int(); n < s.Min || n > s.Max {
			return FaultValue
		}
	case ShapeArray:
		if n := int64(v.Len()); n < s.Min || n > s.Max {
			return FaultValue
		}
		for _, e := range v.Elements() {
			if code := checkShape(e, *s.Of); code != "" {
				return code
			}
		}
	case ShapeObject:
		return checkMembers(v, s.Members)
	}
	if t, ok := v.Text(); ok && !s.holds(t) {
		return FaultValue
	}
	return ""
}

func (s Shape) kind() ijson.Kind {
	switch s.Type {
	case ShapeInt, ShapeTime:
		return ijson.Int
	case ShapeBool:
		return ijson.Bool
	case ShapeArray:
		return ijson.Array
	case ShapeObject:
		return ijson.Object
	}
	return ijson.String
}

// holds judges the text of a shape that is a string.
func (s Shape) holds(t string) bool {
	switch s.Type {
	case ShapeText:
		n := int64(utf8.RuneCountInString(t))
		if n < s.Min || n > s.Max {
			return false
		}
		for i := range len(t) {
			if t[i] == 0 { // no database column holds it
				return false
			}
		}
	case ShapeCode:
		for _, c := range s.Codes {
			if c == t {
				return true
			}
		}
		return false
	case ShapeDate:
		_, err := time.Parse(time.DateOnly, t)
		return err == nil
	case ShapeID:
		_, err := ParseID(t)
		return err == nil
	case ShapeHash, ShapeKey:
		_, err := ParseHash(t)
		return err == nil
	case ShapeSHA256:
		return len(t) == hex.EncodedLen(32) && isHex(t)
	}
	return true
}

func checkMembers(v ijson.Value, slots []Slot) string {
	if slots == nil {
		return ""
	}
	for name, member := range v.Members() {
		slot := find(slots, name)
		if slot == nil {
			return FaultUnknown
		}
		if code := checkShape(member, slot.Shape); code != "" {
			return code
		}
	}
	for _, slot := range slots {
		if slot.Required && v.Get(slot.Name).Kind() == ijson.Absent {
			return FaultMissing
		}
	}
	return ""
}

func find(slots []Slot, name string) *Slot {
	for i := range slots {
		if slots[i].Name == name {
			return &slots[i]
		}
	}
	return nil
}

// Short ways to write a Shape in the table.
func text(limit int64) Shape         { return Shape{Type: ShapeText, Min: 1, Max: limit} }
func number(from, to int64) Shape    { return Shape{Type: ShapeInt, Min: from, Max: to} }
func plain(t string) Shape           { return Shape{Type: t} }
func codes(c ...string) Shape        { return Shape{Type: ShapeCode, Codes: c} }
func object(members ...Slot) Shape   { return Shape{Type: ShapeObject, Members: members} }
func orNull(s Shape) Shape           { s.Null = true; return s }
func must(name string, s Shape) Slot { return Slot{name, s, true} }
func may(name string, s Shape) Slot  { return Slot{name, s, false} }

func array(from, to int64, of Shape) Shape {
	return Shape{Type: ShapeArray, Min: from, Max: to, Of: &of}
}

// codesOf makes a shape of the codes of a list.
func codesOf(list []Code) Shape {
	s := Shape{Type: ShapeCode}
	for _, c := range list {
		s.Codes = append(s.Codes, c.Code)
	}
	return s
}
