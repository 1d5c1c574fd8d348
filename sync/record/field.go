package record

import "tachiai/sync/ijson"

// A Field is one disclosed piece of content.
type Field struct {
	Salt  string // 16 random bytes, base64url
	Name  string
	Value ijson.Value // immutable
	Raw   string      // the disclosure as it stands in the compact form
}

// MaxFieldName is the longest name of a field, in characters.
const MaxFieldName = 128

// CheckFieldName reports whether s can name a field:
// [a-z][a-z0-9_]*(\.[A-Za-z0-9_-]+)?, at most 128 characters, and no name of
// the structure.
func CheckFieldName(s string) bool {
	if len(s) > MaxFieldName || s == "" || s[0] < 'a' || s[0] > 'z' || isClaim(s) {
		return false
	}
	i := 1
	for i < len(s) && isSnake(s[i]) {
		i++
	}
	if i == len(s) {
		return true
	}
	if s[i] != '.' || i+1 == len(s) {
		return false
	}
	for i++; i < len(s); i++ {
		if !isName(s[i]) {
			return false
		}
	}
	return true
}

// isSnake is [a-z0-9_].
func isSnake(c byte) bool { return c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c == '_' }

// isName is [A-Za-z0-9_-].
func isName(c byte) bool { return isSnake(c) || c >= 'A' && c <= 'Z' || c == '-' }

// allOf reports whether s has 1 to limit bytes that all satisfy ok.
func allOf(s string, limit int, ok func(byte) bool) bool {
	if s == "" || len(s) > limit {
		return false
	}
	for i := range len(s) {
		if !ok(s[i]) {
			return false
		}
	}
	return true
}

// Flat reports whether v holds neither an _sd nor a ... member at any depth:
// a field has no fields inside (RFC 9901 §4.2.6 is not used).
func Flat(v ijson.Value) bool {
	for name, member := range v.Members() {
		if name == "_sd" || name == "..." || !Flat(member) {
			return false
		}
	}
	for _, element := range v.Elements() {
		if !Flat(element) {
			return false
		}
	}
	return true
}

// Tree returns v as plain Go values: map[string]any, []any, string, int64,
// bool or nil, for those that judge values by key, such as package form. The
// zero Value is nil.
func Tree(v ijson.Value) any {
	switch v.Kind() {
	case ijson.Object:
		m := make(map[string]any, v.Len())
		for name, member := range v.Members() {
			m[name] = Tree(member)
		}
		return m
	case ijson.Array:
		list := make([]any, 0, v.Len())
		for _, e := range v.Elements() {
			list = append(list, Tree(e))
		}
		return list
	case ijson.String:
		s, _ := v.Text()
		return s
	case ijson.Int:
		n, _ := v.Int()
		return n
	case ijson.Bool:
		b, _ := v.Bool()
		return b
	}
	return nil
}
