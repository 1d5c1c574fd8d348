// Package problem is the one error table: it turns any error into an RFC 9457
// problem document with a status, a stable code and a title in Japanese or
// English. Handlers return errors; Handler is the only place that writes them.
//
// An error reaches its row in one of two ways: it wraps an *Error made with
// New, or it wraps a sentinel listed in sentinels.go. Anything else is Internal
// with a fixed text, so that nothing of the server's inside leaks.
package problem

import (
	"fmt"
	"time"

	"tachiai/sync/ijson"
)

// ContentType is the media type of a problem document (RFC 9457 §3).
const ContentType = "application/problem+json"

// typePrefix makes the problem's type; the code follows as it is.
const typePrefix = "urn:tachiai:problem:"

// maxFaults bounds errors[] so that a hostile body cannot buy a long answer.
const maxFaults = 20

// Fault is one member of errors[]: where in the request body (an RFC 6901
// pointer), and what.
type Fault struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
}

// Problem is the document as written (RFC 9457 §3; code, retryable,
// retry_after_ms and errors are extension members).
type Problem struct {
	Type         string  `json:"type"`
	Title        string  `json:"title"`
	Status       int     `json:"status"`
	Code         Code    `json:"code"`
	Retryable    bool    `json:"retryable"`
	RetryAfterMS int64   `json:"retry_after_ms,omitempty"`
	Errors       []Fault `json:"errors,omitempty"`
}

// Error is an error that knows its code. It is immutable: the methods that add
// something return a copy, so a package may hold one as a sentinel; two Errors
// of the same code are the same to errors.Is.
type Error struct {
	code   Code
	faults []Fault
	after  time.Duration
	cause  error
}

// New returns an error of the code. A code outside the table is Internal.
func New(code Code) *Error { return &Error{code: code} }

// Wrap returns an error of the code that keeps cause for errors.Is and for the
// log; nothing of cause is sent, except the pointers of ijson faults.
func Wrap(code Code, cause error) *Error { return &Error{code: code, cause: cause} }

// At adds a fault at an RFC 6901 pointer into the request body; the empty
// pointer is the whole body.
func (e *Error) At(pointer, code string) *Error {
	c := *e
	c.faults = append(c.faults[:len(c.faults):len(c.faults)], Fault{pointer, code})
	return &c
}

// After says how long the client should wait instead of the table's default.
func (e *Error) After(d time.Duration) *Error {
	c := *e
	c.after = d
	return &c
}

// Code returns the code.
func (e *Error) Code() Code { return e.code }

// Error is the text for the log.
func (e *Error) Error() string {
	text := string(e.code)
	for _, f := range e.faults {
		text += fmt.Sprintf(" %s at %q", f.Code, f.Pointer)
	}
	if e.cause != nil {
		text += ": " + e.cause.Error()
	}
	return text
}

// Unwrap returns the cause, if any.
func (e *Error) Unwrap() error { return e.cause }

// Is reports whether target is an *Error of the same code.
func (e *Error) Is(target error) bool {
	t, ok := target.(*Error)
	return ok && t.code == e.code
}

// Of finds the row of err and returns the document with a Japanese title. An
// error without a row, nil among them, is Internal.
func Of(err error) Problem {
	code, own := codeOf(err)
	r, ok := table[code]
	if !ok {
		code, r = Internal, table[Internal]
	}
	p := Problem{
		Type:      typePrefix + string(code),
		Title:     r.ja,
		Status:    r.status,
		Code:      code,
		Retryable: r.retryable,
	}
	after := r.after
	if own != nil {
		p.Errors = own.faults
		if own.after > 0 {
			after = own.after
		}
	}
	if r.status < 500 {
		for _, f := range ijson.List(err) {
			p.Errors = append(p.Errors[:len(p.Errors):len(p.Errors)], Fault{f.Pointer, f.Code()})
		}
	}
	if len(p.Errors) > maxFaults {
		p.Errors = p.Errors[:maxFaults]
	}
	if p.Retryable {
		p.RetryAfterMS = after.Milliseconds()
	}
	return p
}

// In returns the document with its title in the language.
func (p Problem) In(lang Language) Problem {
	r, ok := table[p.Code]
	if !ok {
		return p
	}
	p.Title = r.ja
	if lang == English {
		p.Title = r.en
	}
	return p
}
