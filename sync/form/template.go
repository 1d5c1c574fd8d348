package form

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"slices"
	"unicode/utf8"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// ErrTemplate is in every error of Parse. The faults inside it are found with
// ijson.List.
var ErrTemplate = errors.New("not a template")

// Limits of a template and of what may be filled in, in characters (Unicode
// code points) or counts.
const (
	MaxTemplateBytes = 256 << 10
	MaxItems         = 200
	MaxOptions       = 30
	MaxColumns       = 10

	maxText, defaultText           = 500, 200
	maxParagraph, defaultParagraph = 2000, 1000
	maxRows, defaultRows           = 50, 20
	maxName                        = 100
	maxWords                       = 1000
	maxKey                         = 40
)

// allowed lists the members that an item of each type may have.
var allowed = map[Type][]string{
	TypeSection:   {"type", "label"},
	TypeSentence:  {"type", "text"},
	TypeText:      {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "default", "client_hidden", "stated", "max"},
	TypeParagraph: {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "default", "client_hidden", "stated", "max"},
	TypeDate:      {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "client_hidden"},
	TypeDateTime:  {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "client_hidden"},
	TypeRange:     {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "client_hidden"},
	TypeChoice:    {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "client_hidden", "options"},
	TypeCheck:     {"type", "key", "text", "hint", "required", "by", "client_hidden"},
	TypeConsent:   {"type", "key", "label", "text", "hint", "required", "by"},
	TypePerson:    {"type", "key", "label", "hint", "required", "required_if", "by", "prefill", "client_hidden", "kana"},
	TypeTable:     {"type", "key", "label", "hint", "required", "required_if", "by", "client_hidden", "rows", "columns"},
	TypeSignature: {"type", "key", "label", "required", "by"},
}

// inColumn lists the same for a column of a table. None is client-hidden: a
// table is one field, and a field is withheld whole.
var inColumn = map[Type][]string{
	TypeText:     {"type", "key", "label", "hint", "required", "max"},
	TypeDate:     {"type", "key", "label", "hint", "required"},
	TypeDateTime: {"type", "key", "label", "hint", "required"},
	TypeRange:    {"type", "key", "label", "hint", "required"},
	TypeChoice:   {"type", "key", "label", "hint", "required", "options"},
}

// Sources of a prefilled value (docs/form.md section 5).
var sources = []string{
	"default",
	"agency.name", "agency.contact",
	"case.client", "case.assignment", "case.contract_end",
	"case.worker_name", "case.address", "case.worker_phone", "case.worker_staff_no",
	"case.item_kind", "case.item_printed_no", "case.item_count", "case.item_lent_on", "case.item_accessories",
	"member.name", "member.affiliation", "member.phone",
	"device.time", "device.place", "device.document_no",
}

// Parse reads a template strictly: unknown members, members that do not belong
// to the item's type, and texts missing in one language are faults. The error
// matches ErrTemplate and holds every fault.
func Parse(data []byte) (Template, error) {
	v, err := ijson.Parse(data, ijson.Limits{Bytes: MaxTemplateBytes})
	if err != nil {
		return Template{}, fmt.Errorf("%w: %w", ErrTemplate, err)
	}
	var f ijson.Faults
	o := v.Obj(&f)
	o.Only("v", "id", "version", "author", "title", "items")
	t := Template{ID: key(o, "id"), Version: o.Int("version"), Author: o.String("author"), Title: words(o, "title")}
	if v := o.Int("v"); is(o, "v", ijson.Int) && v != 1 {
		o.Fault("v", ijson.ErrValue, "want 1")
	}
	if is(o, "version", ijson.Int) && (t.Version < 1 || t.Version > 9999) {
		o.Fault("version", ijson.ErrValue, "want 1 to 9999")
	}
	oneOf(o, "author", t.Author, AuthorWorker, AuthorAgency)
	items := o.Arr("items")
	if n := items.Len(); n > MaxItems || (n == 0 && is(o, "items", ijson.Array)) {
		o.Fault("items", ijson.ErrValue, "want 1 to 200")
		return Template{}, fmt.Errorf("%w: %w", ErrTemplate, f.Err())
	}
	objs := make([]ijson.Obj, 0, items.Len())
	for _, io := range items.Objs() {
		t.Items = append(t.Items, item(io, allowed))
		objs = append(objs, io)
	}
	checkKeys(objs, t.Items)
	checkConditions(objs, t)
	if err := f.Err(); err != nil {
		return Template{}, fmt.Errorf("%w: %w", ErrTemplate, err)
	}
	compact, err := ijson.Marshal(v)
	if err != nil {
		return Template{}, fmt.Errorf("%w: %w", ErrTemplate, err)
	}
	sum := sha256.Sum256(compact)
	t.SHA256 = hex.EncodeToString(sum[:])
	return t, nil
}

func item(o ijson.Obj, allowed map[Type][]string) Item {
	i := Item{Type: Type(o.String("type"))}
	names, ok := allowed[i.Type]
	if !ok {
		if is(o, "type", ijson.String) {
			o.Fault("type", ijson.ErrValue, "no such type here")
		}
		return i
	}
	o.Only(names...)
	may := func(name string) bool { return slices.Contains(names, name) }
	if may("key") {
		i.Key = key(o, "key")
	}
	if may("label") {
		i.Label = words(o, "label")
	}
	if may("text") {
		i.Text = words(o, "text")
	}
	if may("hint") && o.Has("hint") {
		i.Hint = words(o, "hint")
	}
	if may("required") {
		i.Required, _ = o.OptBool("required")
	}
	if may("client_hidden") {
		i.ClientHidden, _ = o.OptBool("client_hidden")
	}
	if may("stated") {
		i.Stated, _ = o.OptBool("stated")
	}
	if may("kana") {
		i.Kana, _ = o.OptBool("kana")
	}
	if may("by") {
		i.By = o.String("by")
		oneOf(o, "by", i.By, ByWorker, ByRep, ByEither)
	}
	if may("prefill") {
		if s, ok := o.OptString("prefill"); ok {
			i.Prefill = s
			oneOf(o, "prefill", s, sources...)
		}
	}
	if may("default") {
		switch {
		case i.Prefill == "default":
			i.Default = words(o, "default")
		case o.Has("default"):
			o.Fault("default", ijson.ErrUnknown, "only with prefill default")
		}
	} else if i.Prefill == "default" {
		o.Fault("prefill", ijson.ErrValue, "only for text and paragraph")
	}
	if may("required_if") {
		i.RequiredIf = condition(o)
		if i.RequiredIf != nil && i.Required {
			o.Fault("required_if", ijson.ErrValue, "required in any case")
		}
	}
	switch i.Type {
	case TypeText:
		i.Max = limit(o, "max", defaultText, maxText)
	case TypeParagraph:
		i.Max = limit(o, "max", defaultParagraph, maxParagraph)
	case TypeTable:
		i.MaxRows = limit(o, "rows", defaultRows, maxRows)
		i.Columns = columns(o)
	case TypeChoice:
		i.Options = options(o)
	}
	if i.Prefill == "default" && (tooLong(i.Default.JA, i.Max) || tooLong(i.Default.EN, i.Max)) {
		o.Fault("default", ijson.ErrValue, "longer than max")
	}
	return i
}

func columns(o ijson.Obj) (list []Item) {
	arr := o.Arr("columns")
	if n := arr.Len(); n > MaxColumns || (n == 0 && is(o, "columns", ijson.Array)) {
		o.Fault("columns", ijson.ErrValue, "want 1 to 10")
		return nil
	}
	var objs []ijson.Obj
	for _, c := range arr.Objs() {
		list = append(list, item(c, inColumn))
		objs = append(objs, c)
	}
	checkKeys(objs, list)
	return list
}

func options(o ijson.Obj) (list []Option) {
	arr := o.Arr("options")
	if n := arr.Len(); n > MaxOptions || (n < 2 && is(o, "options", ijson.Array)) {
		o.Fault("options", ijson.ErrValue, "want 2 to 30")
		return nil
	}
	for _, p := range arr.Objs() {
		p.Only("code", "label")
		n := Option{Code: code(p, "code"), Label: words(p, "label")}
		for _, other := range list {
			if other.Code == n.Code {
				p.Fault("code", ijson.ErrDuplicate, "")
			}
			if other.Label.JA == n.Label.JA || other.Label.EN == n.Label.EN {
				p.Fault("label", ijson.ErrDuplicate, "")
			}
		}
		list = append(list, n)
	}
	return list
}

func condition(o ijson.Obj) *Condition {
	c, ok := o.OptObj("required_if")
	if !ok {
		return nil
	}
	c.Only("field", "in")
	in := c.Arr("in")
	if in.Len() > MaxOptions || (in.Len() == 0 && is(c, "in", ijson.Array)) {
		c.Fault("in", ijson.ErrValue, "want 1 to 30")
		return nil
	}
	return &Condition{Field: c.String("field"), In: in.Strings()}
}

func checkKeys(objs []ijson.Obj, items []Item) {
	seen := map[string]bool{}
	for n, i := range items {
		if i.Key != "" && seen[i.Key] {
			objs[n].Fault("key", ijson.ErrDuplicate, "")
		}
		seen[i.Key] = true
	}
}

// checkConditions wants each condition to ask for options that exist.
func checkConditions(objs []ijson.Obj, t Template) {
	for n, i := range t.Items {
		if i.RequiredIf == nil {
			continue
		}
		on, ok := t.Item(i.RequiredIf.Field)
		if !ok || on.Type != TypeChoice || on.Key == i.Key {
			objs[n].Fault("required_if", ijson.ErrValue, "no such choice")
			continue
		}
		for _, c := range i.RequiredIf.In {
			if _, ok := on.Option(c); !ok {
				objs[n].Fault("required_if", ijson.ErrValue, "no such option")
			}
		}
	}
}

// words reads a text that must be there in both languages, in one line.
func words(o ijson.Obj, name string) record.Label {
	w := o.Obj(name)
	w.Only(JA, EN)
	r := record.Label{JA: w.String(JA), EN: w.String(EN)}
	for _, lang := range []string{JA, EN} {
		s := r.In(lang)
		first, _ := utf8.DecodeRuneInString(s)
		if is(w, lang, ijson.String) && (blank(s) || !clean(s, false) || tooLong(s, maxWords) || blank(string(first))) {
			w.Fault(lang, ijson.ErrValue, "want one line, at most 1000 characters, that does not begin with white space")
		}
	}
	return r
}

func key(o ijson.Obj, name string) string {
	s := o.String(name)
	if is(o, name, ijson.String) && (!lower(s) || len(s) > maxKey) {
		o.Fault(name, ijson.ErrValue, "want [a-z][a-z0-9_]*, at most 40")
		return ""
	}
	return s
}

// code reads the code of an option, which may also be one capital letter: the
// signing methods are P, H and O.
func code(o ijson.Obj, name string) string {
	s := o.String(name)
	if is(o, name, ijson.String) && (len(s) > maxKey || (!lower(s) && !(len(s) == 1 && s[0] >= 'A' && s[0] <= 'Z'))) {
		o.Fault(name, ijson.ErrValue, "want [a-z][a-z0-9_]*, at most 40, or one of A-Z")
	}
	return s
}

// is reports whether a member is there and of its kind, so that one fault is
// not told twice.
func is(o ijson.Obj, name string, kind ijson.Kind) bool { return o.Value().Get(name).Kind() == kind }

func lower(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c < 'a' || c > 'z') && (i == 0 || (c != '_' && (c < '0' || c > '9'))) {
			return false
		}
	}
	return s != ""
}

func limit(o ijson.Obj, name string, def, most int64) int64 {
	n, ok := o.OptInt(name)
	if !ok {
		return def
	}
	if n < 1 || n > most {
		o.Fault(name, ijson.ErrValue, fmt.Sprintf("want 1 to %d", most))
	}
	return n
}

func oneOf(o ijson.Obj, name, s string, set ...string) {
	if is(o, name, ijson.String) && !slices.Contains(set, s) {
		o.Fault(name, ijson.ErrValue, "not one of those known")
	}
}

func tooLong(s string, most int64) bool { return int64(utf8.RuneCountInString(s)) > most }
