package form

import "strconv"

// A Presentation is how a paper was shown and agreed to: the evidence that a
// declaration was made of free will. It is the value of the field
// "presentation" of declaration.signed and item.received
// (docs/form.md section 7). The hash of the text that was shown is a field of
// its own, text_sha256, so that it can be withheld: who knows the rest of a
// paper could guess a hidden value by it.
type Presentation struct {
	Template      string // template id
	Version       int64
	Lang          string // JA or EN: the language in which it was read
	Method        Method
	ShownMS       int64 // how long the text was on the screen before signing began
	ScrolledToEnd bool
	ReadAloud     bool
	Consents      []Consent // one per consent of the template, in its order
	Copy          string    // how the signer gets a copy: the value of the item "copy"
}

// A Consent is one answer to one question. AfterMS is when it was given,
// counted from the moment the text appeared; within ShownMS.
type Consent struct {
	Key     string
	Given   bool
	AfterMS int64
}

// maxShownMS is a day: longer than any hearing.
const maxShownMS = 24 * 60 * 60 * 1000

// Value returns the presentation as the plain value that is sealed.
func (p Presentation) Value() map[string]any {
	consents := make([]any, 0, len(p.Consents))
	for _, c := range p.Consents {
		consents = append(consents, map[string]any{"key": c.Key, "given": c.Given, "after_ms": c.AfterMS})
	}
	return map[string]any{
		"template": p.Template, "version": p.Version, "lang": p.Lang,
		"method": string(p.Method), "shown_ms": p.ShownMS, "scrolled_to_end": p.ScrolledToEnd,
		"read_aloud": p.ReadAloud, "consents": consents, "copy": p.Copy,
	}
}

// ParsePresentation reads what Value writes. All members are required.
func ParsePresentation(v map[string]any) (Presentation, []Fault) {
	r := reader{m: v}
	p := Presentation{
		Template: r.str("template"), Version: r.num("version", 1, 9999), Lang: r.str("lang"),
		Method:  Method(r.str("method")),
		ShownMS: r.num("shown_ms", 0, maxShownMS), ScrolledToEnd: r.bool("scrolled_to_end"),
		ReadAloud: r.bool("read_aloud"), Copy: r.str("copy"),
	}
	list := r.list("consents")
	if len(list) > MaxItems {
		r.f.add(CodeTooMany, "consents")
		list = nil
	}
	for n, e := range list {
		at := []string{"consents", strconv.Itoa(n)}
		m, ok := e.(map[string]any)
		if !ok {
			r.f.add(CodeType, at...)
			continue
		}
		c := reader{m: m, at: at, f: r.f}
		p.Consents = append(p.Consents, Consent{c.str("key"), c.bool("given"), c.num("after_ms", 0, maxShownMS)})
		c.f.unknown(m, at, "key", "given", "after_ms")
		r.f = c.f
	}
	if p.Lang != "" && p.Lang != JA && p.Lang != EN {
		r.f.add(CodeValue, "lang")
	}
	if p.Method != "" && !p.Method.Known() {
		r.f.add(CodeValue, "method")
	}
	r.f.unknown(v, nil, "template", "version", "lang", "method", "shown_ms",
		"scrolled_to_end", "read_aloud", "consents", "copy")
	return p, r.f
}

// Check holds a presentation against the paper: this template, these values,
// exactly this text (textSHA256 is the record's field text_sha256), read to the
// end or aloud, each consent answered as in the values. Pointers are into the
// presentation, but for /text_sha256, which stands beside it. Values with
// faults of their own (Validate) give a mismatch there, because they have no
// text.
func (p Presentation) Check(t Template, values map[string]any, textSHA256 string) []Fault {
	return p.check(t, values, false, textSHA256)
}

// CheckClient is Check for who holds only what a client edition discloses: it
// is the client's text that must be the sealed one (clientTextSHA256 is the
// field client_text_sha256; pointer /client_text_sha256). So nothing can be
// withheld and pass for not filled in.
func (p Presentation) CheckClient(t Template, values map[string]any, clientTextSHA256 string) []Fault {
	return p.check(t, values, true, clientTextSHA256)
}

func (p Presentation) check(t Template, values map[string]any, client bool, sha256 string) []Fault {
	render, pointer := Text, "text_sha256"
	if client {
		render, pointer = ClientText, "client_text_sha256"
	}
	var f faults
	if p.Template != t.ID {
		f.add(CodeMismatch, "template")
	}
	if p.Version != t.Version {
		f.add(CodeMismatch, "version")
	}
	if text, err := render(t, values, p.Lang); err != nil || TextHash(text) != sha256 {
		f.add(CodeMismatch, pointer)
	}
	if m, ok := values["signature_method"].(string); ok && m != string(p.Method) {
		f.add(CodeMismatch, "method")
	}
	if p.ShownMS == 0 {
		f.add(CodeValue, "shown_ms")
	}
	if !p.ScrolledToEnd && !p.ReadAloud {
		f.add(CodeRequired, "scrolled_to_end")
	}
	var asked []Item
	for _, i := range t.Items {
		if i.Type == TypeConsent {
			asked = append(asked, i)
		}
	}
	if len(asked) != len(p.Consents) {
		f.add(CodeMismatch, "consents")
	} else {
		for n, c := range p.Consents {
			given, _ := values[c.Key].(bool)
			switch at := []string{"consents", strconv.Itoa(n)}; {
			case c.Key != asked[n].Key:
				f.add(CodeMismatch, under(at, "key")...)
			case c.Given != given:
				f.add(CodeMismatch, under(at, "given")...)
			case c.AfterMS > p.ShownMS:
				f.add(CodeOrder, under(at, "after_ms")...)
			}
		}
	}
	i, _ := t.Item("copy")
	if c, _ := values["copy"].(string); c != p.Copy && !(client && i.ClientHidden) {
		f.add(CodeMismatch, "copy")
	}
	return f
}

// A reader takes members out of one object and notes what is wrong.
type reader struct {
	m  map[string]any
	at []string
	f  faults
}

// member reads one member of a JSON type; T's zero value when it is faulty.
func member[T any](r *reader, name string) (v T, ok bool) {
	a, there := r.m[name]
	if !there {
		r.f.add(CodeRequired, under(r.at, name)...)
		return v, false
	}
	if v, ok = a.(T); !ok {
		r.f.add(CodeType, under(r.at, name)...)
	}
	return v, ok
}

// str reads a short text that is not empty.
func (r *reader) str(name string) string {
	s, ok := member[string](r, name)
	switch {
	case ok && s == "":
		r.f.add(CodeEmpty, under(r.at, name)...)
	case tooLong(s, 200):
		r.f.add(CodeTooLong, under(r.at, name)...)
		return ""
	}
	return s
}

func (r *reader) num(name string, least, most int64) int64 {
	n, ok := member[int64](r, name)
	if ok && (n < least || n > most) {
		r.f.add(CodeValue, under(r.at, name)...)
		return 0
	}
	return n
}

func (r *reader) bool(name string) bool  { b, _ := member[bool](r, name); return b }
func (r *reader) list(name string) []any { l, _ := member[[]any](r, name); return l }
