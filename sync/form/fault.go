package form

import (
	"slices"
	"strings"

	"tachiai/sync/record"
)

// A Fault is one thing wrong at one place. Pointer is a JSON Pointer (RFC 6901)
// into what was judged; Code is one of the table below.
type Fault struct {
	Pointer string `json:"pointer"`
	Code    string `json:"code"`
}

// The codes. A client acts on these, never on a text.
const (
	CodeUnknown   = "unknown"   // not a member of this template
	CodeType      = "type"      // wrong JSON type
	CodeRequired  = "required"  // not there, or a required tick that is not set
	CodeEmpty     = "empty"     // nothing but white space: leave it out instead
	CodeTooLong   = "too_long"  // more characters than allowed
	CodeTooMany   = "too_many"  // more rows, strokes or points than allowed
	CodeCharacter = "character" // a character that cannot be shown
	CodeDate      = "date"      // not a date that exists
	CodeOrder     = "order"     // ends before it begins
	CodeOption    = "option"    // not one of the options
	CodeKana      = "kana"      // not a reading in kana
	CodeValue     = "value"     // out of bounds
	CodeMismatch  = "mismatch"  // says something else than the paper
	CodeBlank     = "blank"     // a signature with no ink
	CodeBanned    = "banned"    // a template asks what may not be asked
)

var faultWords = map[string]record.Label{
	CodeUnknown:   {JA: "この様式にない項目です", EN: "This form has no such item"},
	CodeType:      {JA: "形式が違います", EN: "Not of the expected form"},
	CodeRequired:  {JA: "必ず記入してください", EN: "This has to be filled in"},
	CodeEmpty:     {JA: "空白だけです。書くことがなければ空けておいてください", EN: "Only white space. Leave it out if there is nothing to say"},
	CodeTooLong:   {JA: "長すぎます", EN: "Too long"},
	CodeTooMany:   {JA: "数が多すぎます", EN: "Too many"},
	CodeCharacter: {JA: "使えない文字があります", EN: "Holds a character that cannot be used"},
	CodeDate:      {JA: "正しい日付・時刻ではありません", EN: "Not a date or time that exists"},
	CodeOrder:     {JA: "終わりが始まりより前です", EN: "Ends before it begins"},
	CodeOption:    {JA: "選択肢にありません", EN: "Not one of the choices"},
	CodeKana:      {JA: "かなで記入してください", EN: "Write the reading in kana"},
	CodeValue:     {JA: "値が範囲の外です", EN: "Out of range"},
	CodeMismatch:  {JA: "書面の内容と一致しません", EN: "Does not agree with the paper"},
	CodeBlank:     {JA: "署名がありません", EN: "There is no signature"},
	CodeBanned:    {JA: "様式で求めてはならないことが書かれています", EN: "Says what a form must not ask"},
}

// Text says in lang what is wrong, for the person who fills the paper in.
func (f Fault) Text(lang string) string { return faultWords[f.Code].In(lang) }

// maxFaults bounds what one hostile input can make a judge collect.
const maxFaults = 100

type faults []Fault

// add notes a fault; steps are put together to a pointer.
func (f *faults) add(code string, steps ...string) {
	if len(*f) < maxFaults {
		*f = append(*f, Fault{pointer(steps...), code})
	}
}

// unknown notes each member of m that is not among names, in the order of
// their UTF-8 bytes.
func (f *faults) unknown(m map[string]any, at []string, names ...string) {
	var extra []string
	for name := range m {
		if !slices.Contains(names, name) {
			extra = append(extra, name)
		}
	}
	slices.Sort(extra)
	for _, name := range extra {
		f.add(CodeUnknown, under(at, name)...)
	}
}

// under is a path one step longer, never sharing memory with at.
func under(at []string, step string) []string {
	return append(slices.Clone(at), step)
}

var stepEscaper = strings.NewReplacer("~", "~0", "/", "~1")

func pointer(steps ...string) string {
	var b strings.Builder
	for _, s := range steps {
		b.WriteByte('/')
		b.WriteString(stepEscaper.Replace(s))
	}
	return b.String()
}
