package ijson

import (
	"cmp"
	"encoding"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"
)

// Members is an object to be written with its names in the given order.
type Members []Member

// A Member is one name and its value.
type Member struct {
	Name  string
	Value any
}

// M returns a Member.
func M(name string, value any) Member { return Member{name, value} }

// Marshal writes v compactly, byte for byte what JSON.stringify makes of the
// same value; & < > and U+2028 stay as they are. v may be nil, a bool, any
// integer, a string, Members (names in that order), a map with string keys
// (names sorted by UTF-16 code units, so that the text is canonical by
// RFC 8785), a slice or array of any of these, a parsed Value, or an
// encoding.TextMarshaler, which is written as a string.
//
// What Parse would not take is an error and never written: ErrDuplicate,
// ErrNumber, ErrUTF8, ErrNoncharacter; ErrType for other Go types. Floats,
// []byte and structs are other types: their form would be a guess.
func Marshal(v any) ([]byte, error) { return Append(nil, v) }

// Append is Marshal that appends to dst.
func Append(dst []byte, v any) ([]byte, error) {
	switch v := v.(type) {
	case nil:
		return append(dst, "null"...), nil
	case bool:
		return strconv.AppendBool(dst, v), nil
	case int:
		return AppendInt(dst, int64(v))
	case int64:
		return AppendInt(dst, v)
	case string:
		return AppendString(dst, v)
	case Members:
		return appendMembers(dst, v)
	case Value:
		return appendValue(dst, v)
	case encoding.TextMarshaler:
		text, err := v.MarshalText()
		if err != nil {
			return nil, err
		}
		return AppendString(dst, string(text))
	}
	return appendOther(dst, reflect.ValueOf(v))
}

// AppendInt appends an integer within ±MaxInt.
func AppendInt(dst []byte, n int64) ([]byte, error) {
	if n > MaxInt || n < -MaxInt {
		return nil, &Error{Err: ErrNumber}
	}
	return strconv.AppendInt(dst, n, 10), nil
}

const hexDigits = "0123456789abcdef"

// AppendString appends s in quotes. Only the quote, the backslash and control
// characters are escaped, in the shortest form (RFC 8785 §3.2.2.2).
func AppendString(dst []byte, s string) ([]byte, error) {
	if !utf8.ValidString(s) {
		return nil, &Error{Err: ErrUTF8}
	}
	dst = append(dst, '"')
	from := 0
	for i := range len(s) {
		c := s[i]
		switch class[c] {
		case plain:
			continue
		case suspect:
			if r, _ := utf8.DecodeRuneInString(s[i:]); isNoncharacter(r) {
				return nil, &Error{Err: ErrNoncharacter}
			}
			continue
		}
		dst = append(dst, s[from:i]...)
		from = i + 1
		switch c {
		case '"', '\\':
			dst = append(dst, '\\', c)
		case '\b':
			dst = append(dst, '\\', 'b')
		case '\f':
			dst = append(dst, '\\', 'f')
		case '\n':
			dst = append(dst, '\\', 'n')
		case '\r':
			dst = append(dst, '\\', 'r')
		case '\t':
			dst = append(dst, '\\', 't')
		default:
			dst = append(dst, '\\', 'u', '0', '0', hexDigits[c>>4], hexDigits[c&15])
		}
	}
	dst = append(dst, s[from:]...)
	return append(dst, '"'), nil
}

func appendMembers(dst []byte, members Members) (_ []byte, err error) {
	dst = append(dst, '{')
	for i, m := range members {
		if i > 0 {
			dst = append(dst, ',')
		}
		if slices.ContainsFunc(members[:i], func(o Member) bool { return o.Name == m.Name }) {
			return nil, under(&Error{Err: ErrDuplicate}, m.Name)
		}
		if dst, err = appendMember(dst, m.Name, m.Value); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

func appendMember(dst []byte, name string, value any) (_ []byte, err error) {
	if dst, err = AppendString(dst, name); err != nil {
		return nil, err
	}
	if dst, err = Append(append(dst, ':'), value); err != nil {
		return nil, under(err, name)
	}
	return dst, nil
}

func appendValue(dst []byte, v Value) (_ []byte, err error) {
	switch v.Kind() {
	case Absent:
		return nil, &Error{Err: ErrMissing}
	case String:
		s, _ := v.Text()
		return AppendString(dst, s)
	case Array:
		dst = append(dst, '[')
		for i, element := range v.Elements() {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = appendValue(dst, element); err != nil {
				return nil, err
			}
		}
		return append(dst, ']'), nil
	case Object:
		dst = append(dst, '{')
		for name, member := range v.Members() {
			if dst[len(dst)-1] != '{' {
				dst = append(dst, ',')
			}
			if dst, err = appendMember(dst, name, member); err != nil {
				return nil, err
			}
		}
		return append(dst, '}'), nil
	default:
		return append(dst, v.Raw()...), nil // its source is its only form
	}
}

// appendOther writes named types, slices and maps.
func appendOther(dst []byte, v reflect.Value) (_ []byte, err error) {
	switch v.Kind() {
	case reflect.String:
		return AppendString(dst, v.String())
	case reflect.Bool:
		return strconv.AppendBool(dst, v.Bool()), nil
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return AppendInt(dst, v.Int())
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return AppendInt(dst, int64(min(v.Uint(), MaxInt+1)))
	case reflect.Slice, reflect.Array:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			break
		}
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = Append(dst, v.Index(i).Interface()); err != nil {
				return nil, under(err, strconv.Itoa(i))
			}
		}
		return append(dst, ']'), nil
	case reflect.Map:
		if v.Type().Key().Kind() == reflect.String {
			return appendMap(dst, v)
		}
	}
	return nil, &Error{Err: ErrType, Detail: fmt.Sprintf("Go type %v", v.Type())}
}

func appendMap(dst []byte, v reflect.Value) (_ []byte, err error) {
	values := make(map[string]any, v.Len())
	for key, value := range v.Seq2() {
		values[key.String()] = value.Interface()
	}
	dst = append(dst, '{')
	for i, name := range slices.SortedFunc(maps.Keys(values), compareUTF16) {
		if i > 0 {
			dst = append(dst, ',')
		}
		if dst, err = appendMember(dst, name, values[name]); err != nil {
			return nil, err
		}
	}
	return append(dst, '}'), nil
}

// compareUTF16 orders names as RFC 8785 §3.2.3 and JavaScript's sort do.
// It differs from the order of bytes only where characters beyond U+FFFF meet
// those from U+E000 on.
func compareUTF16(a, b string) int {
	for a != "" && b != "" {
		r, n := utf8.DecodeRuneInString(a)
		s, m := utf8.DecodeRuneInString(b)
		if r != s {
			return slices.Compare(utf16.AppendRune(nil, r), utf16.AppendRune(nil, s))
		}
		a, b = a[n:], b[m:]
	}
	return cmp.Compare(len(a), len(b))
}

func under(err error, step string) error {
	if e, ok := err.(*Error); ok { //nolint:errorlint // a fault that something else has wrapped is somebody else's
		return e.under(step)
	}
	return fmt.Errorf("%q: %w", step, err)
}
