package ijson

import (
	"errors"
	"fmt"
	"strings"
)

// What can be wrong with a text (Parse) or with what it says (Obj, Arr).
// Each has a code for machines, given by Error.Code.
var (
	ErrSize         = errors.New("text too long")                   // size
	ErrUTF8         = errors.New("not UTF-8")                       // utf8
	ErrSyntax       = errors.New("not JSON")                        // syntax
	ErrDepth        = errors.New("nested too deeply")               // depth
	ErrMembers      = errors.New("too many members")                // members
	ErrDuplicate    = errors.New("name given twice")                // duplicate
	ErrSurrogate    = errors.New("lone surrogate")                  // surrogate
	ErrNoncharacter = errors.New("noncharacter")                    // noncharacter
	ErrNumber       = errors.New("not an integer within ±(2^53−1)") // number
	ErrMissing      = errors.New("member missing")                  // missing
	ErrType         = errors.New("wrong JSON type")                 // type
	ErrUnknown      = errors.New("member unknown")                  // unknown
	ErrValue        = errors.New("value not allowed")               // value
)

var codes = map[error]string{
	ErrSize: "size", ErrUTF8: "utf8", ErrSyntax: "syntax", ErrDepth: "depth", ErrMembers: "members",
	ErrDuplicate: "duplicate", ErrSurrogate: "surrogate", ErrNoncharacter: "noncharacter", ErrNumber: "number",
	ErrMissing: "missing", ErrType: "type", ErrUnknown: "unknown", ErrValue: "value",
}

// An Error is one fault at one place. Err is a sentinel of this package or, for
// faults that a caller reports, one of the caller's.
type Error struct {
	Pointer string // where, as a JSON Pointer (RFC 6901); "" is the whole text
	Offset  int    // byte offset, only from Parse
	Err     error
	Detail  string // for people, in English; never a value out of the text
}

// shownPointer bounds how much of a hostile name reaches a log.
const shownPointer = 200

func (e *Error) Error() string {
	at := e.Pointer
	if len(at) > shownPointer {
		at = at[:shownPointer] + "…"
	}
	s := fmt.Sprintf("%q: %v", at, e.Err)
	if e.Detail != "" {
		s += ": " + e.Detail
	}
	return s
}

func (e *Error) Unwrap() error { return e.Err }

// Code names the fault for machines: "syntax", "duplicate", "missing" and so
// on, "value" for a sentinel that is not this package's.
func (e *Error) Code() string {
	for err, code := range codes {
		if errors.Is(e.Err, err) {
			return code
		}
	}
	return codes[ErrValue]
}

// under moves a fault one level down as the reader returns through a container.
func (e *Error) under(step string) *Error {
	e.Pointer = "/" + escapeStep(step) + e.Pointer
	return e
}

var stepEscaper = strings.NewReplacer("~", "~0", "/", "~1")

func escapeStep(s string) string { return stepEscaper.Replace(s) }

// maxFaults bounds what one hostile text can make a reader collect.
const maxFaults = 64

// Faults collects what typed reading finds wrong, in the order found. The zero
// value is ready; at most 64 are kept.
type Faults struct {
	list []*Error
	more int
}

// Add notes a fault. The pointer is relative to the whole text.
func (f *Faults) Add(e *Error) {
	if len(f.list) == maxFaults {
		f.more++
		return
	}
	f.list = append(f.list, e)
}

// Err returns nil when nothing was wrong, else f itself as an error, through
// which errors.Is and errors.As see every fault.
func (f *Faults) Err() error {
	if len(f.list) == 0 {
		return nil
	}
	return f
}

// OK reports whether nothing was wrong so far.
func (f *Faults) OK() bool { return len(f.list) == 0 }

func (f *Faults) Error() string {
	texts := make([]string, 0, len(f.list)+1)
	for _, e := range f.list {
		texts = append(texts, e.Error())
	}
	if f.more > 0 {
		texts = append(texts, fmt.Sprintf("and %d more", f.more))
	}
	return strings.Join(texts, "; ")
}

// Unwrap gives the faults to errors.Is and errors.As.
func (f *Faults) Unwrap() []error {
	errs := make([]error, len(f.list))
	for i, e := range f.list {
		errs[i] = e
	}
	return errs
}

// List returns the faults inside err, one from Parse or many from Faults, in
// order; nil when err holds none.
func List(err error) []*Error {
	if f, ok := errors.AsType[*Faults](err); ok {
		return f.list
	}
	if e, ok := errors.AsType[*Error](err); ok {
		return []*Error{e}
	}
	return nil
}
