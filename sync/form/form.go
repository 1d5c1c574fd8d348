// Package form holds the papers: declaration templates as data, what may be
// filled into them, the exact text that is shown and hashed, and the evidence
// of how it was shown and signed.
//
// A template is JSON (docs/form.md), versioned, and never changed once it is
// published. Validate judges values, Text renders them; both are pure, so
// phone, server and verifier get the same bytes. A record whose values fail
// Validate is still evidence: the server flags it and keeps it.
package form

import "tachiai/sync/record"

// The languages that every template is complete in. JA is the reference.
const (
	JA = "ja"
	EN = "en"
)

// A Type says what an item is and what value it takes (docs/form.md section 3).
type Type string

const (
	TypeSection   Type = "section"   // heading; no value
	TypeSentence  Type = "sentence"  // static sentence; no value
	TypeText      Type = "text"      // string, one line
	TypeParagraph Type = "paragraph" // string, may hold LF
	TypeDate      Type = "date"      // "2026-11-20"
	TypeDateTime  Type = "datetime"  // "2026-11-20T21:35", Japan time
	TypeRange     Type = "range"     // {"from","to"?,"about"?}
	TypeChoice    Type = "choice"    // code of one option
	TypeCheck     Type = "check"     // bool, a tick before a sentence
	TypeConsent   Type = "consent"   // bool, both answers are valid
	TypePerson    Type = "person"    // {"name","kana"?}
	TypeTable     Type = "table"     // array of {column: value}
	TypeSignature Type = "signature" // label only; the strokes are a field of their own
)

// Who fills an item.
const (
	ByWorker = "worker" // the worker himself, in hand-over mode
	ByRep    = "rep"
	ByEither = "either"
)

// Who writes the paper.
const (
	AuthorWorker = "worker"
	AuthorAgency = "agency"
)

// A Template is one version of one paper.
type Template struct {
	ID      string
	Version int64
	Author  string // AuthorWorker or AuthorAgency
	Title   record.Label
	Items   []Item
	SHA256  string // hex, over its JSON without white space, members in their order
}

// An Item is one line of the paper, or one column of a table. Members that do
// not belong to its Type are zero.
type Item struct {
	Type         Type
	Key          string // the record's field is "field.<key>"
	Label        record.Label
	Text         record.Label // sentence, check, consent
	Hint         record.Label // shown while filling in, never part of the text
	Required     bool
	RequiredIf   *Condition
	By           string
	Prefill      string       // a source of docs/form.md section 5, or "" for none
	Default      record.Label // only with Prefill "default"
	ClientHidden bool         // personal data that the client edition leaves out
	Stated       bool         // rendered as a quotation: 「…」と述べた
	Kana         bool         // person: the reading is asked for
	Max          int64        // text, paragraph: longest value in characters (code points)
	MaxRows      int64        // table
	Options      []Option
	Columns      []Item
}

// A Condition makes an item required when the choice Field has a value in In.
type Condition struct {
	Field string
	In    []string
}

// An Option is one answer of a choice.
type Option struct {
	Code  string
	Label record.Label
}

// Valued reports whether the item takes a value.
func (i Item) Valued() bool {
	return i.Type != TypeSection && i.Type != TypeSentence && i.Type != TypeSignature
}

// Item returns the item that has the key.
func (t Template) Item(key string) (Item, bool) {
	for _, i := range t.Items {
		if i.Key == key && key != "" {
			return i, true
		}
	}
	return Item{}, false
}

// Option returns the option that has the code.
func (i Item) Option(code string) (Option, bool) {
	for _, o := range i.Options {
		if o.Code == code {
			return o, true
		}
	}
	return Option{}, false
}
