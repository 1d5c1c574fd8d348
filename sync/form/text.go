package form

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"strconv"
	"strings"
)

var (
	// ErrValues means that the values have faults (Validate names them); what is
	// not valid has no text.
	ErrValues = errors.New("values have faults")
	// ErrLang means a language other than JA and EN.
	ErrLang = errors.New("language not known")
)

// Text returns the exact text that is shown before signing and whose hash is
// sealed: UTF-8, lines end with LF, values byte for byte as given. The rules
// are docs/form.md section 6. It holds neither the strokes nor the time of
// signing, which do not exist when the text is shown.
func Text(t Template, values map[string]any, lang string) (string, error) {
	return render(t, values, lang, false)
}

// ClientText returns the same text with the values of client-hidden items left
// out, and says so in their place, whether they were filled in or not: who
// holds only what a client edition discloses (ClientShows) gets the same. Its
// hash is the field client_text_sha256.
func ClientText(t Template, values map[string]any, lang string) (string, error) {
	shown := maps.Clone(values)
	for _, i := range t.Items {
		if i.ClientHidden {
			delete(shown, i.Key)
		}
	}
	return render(t, shown, lang, true)
}

// TextHash returns the SHA-256 of a text's bytes in lower-case hex: the field
// text_sha256.
func TextHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// phrases are the words that belong to the rendering and to no template.
var phrases = map[string]struct {
	form                        string // with id and version
	colon, section, kana        string
	none, hidden                string
	open, stated                string // around a quotation
	ticked, unticked            string
	agree, disagree, unanswered string
	about                       string // with a moment
	span                        string // with two
}{
	JA: {
		form: "(様式 %s 第%d版)", colon: "：", section: "【%s】", kana: "(フリガナ)",
		none: "(記入なし)", hidden: "(提供先には開示しません)",
		open: "「", stated: "」と述べた",
		ticked: "［レ］", unticked: "［　］",
		agree: "［同意する］", disagree: "［同意しない］", unanswered: "［未回答］",
		about: "%s頃", span: "%sから%sまで",
	},
	EN: {
		form: "(Form %s, version %d)", colon: ": ", section: "== %s ==", kana: " (reading)",
		none: "(not filled in)", hidden: "(not disclosed to the client)",
		open: "stated: “", stated: "”",
		ticked: "[x] ", unticked: "[ ] ",
		agree: "[I agree] ", disagree: "[I do not agree] ", unanswered: "[not answered] ",
		about: "around %s", span: "from %s to %s",
	},
}

// indent stands before every line that is not at the left edge, so no value can
// pass for a line of the form.
const indent = "    "

type writer struct {
	b      strings.Builder
	lang   string
	client bool
}

func render(t Template, values map[string]any, lang string, client bool) (string, error) {
	p, ok := phrases[lang]
	if !ok {
		return "", ErrLang
	}
	if f := validate(t, values, client); len(f) > 0 {
		return "", fmt.Errorf("%w: %s at %s", ErrValues, f[0].Code, f[0].Pointer)
	}
	w := writer{lang: lang, client: client}
	w.line("", t.Title.In(lang))
	w.line("", fmt.Sprintf(p.form, t.ID, t.Version))
	for _, i := range t.Items {
		switch i.Type {
		case TypeSection:
			w.line("", "")
			w.line("", fmt.Sprintf(p.section, i.Label.In(lang)))
		case TypeSentence:
			w.line("", i.Text.In(lang))
		case TypeSignature:
			w.line("", i.Label.In(lang))
		case TypeCheck, TypeConsent:
			w.tick(i, values[i.Key])
		default:
			w.item("", i, values[i.Key])
		}
	}
	return w.b.String(), nil
}

func (w *writer) line(margin, s string) {
	w.b.WriteString(margin)
	w.b.WriteString(s)
	w.b.WriteByte('\n')
}

func (w *writer) tick(i Item, v any) {
	p, text := phrases[w.lang], i.Text.In(w.lang)
	yes, answered := v.(bool)
	switch {
	case w.client && i.ClientHidden:
		w.line("", text+p.colon+p.hidden)
	case i.Type == TypeConsent && !answered:
		w.line("", p.unanswered+i.Label.In(w.lang)+p.colon+text)
	case i.Type == TypeConsent && yes:
		w.line("", p.agree+i.Label.In(w.lang)+p.colon+text)
	case i.Type == TypeConsent:
		w.line("", p.disagree+i.Label.In(w.lang)+p.colon+text)
	case yes:
		w.line("", p.ticked+text)
	default:
		w.line("", p.unticked+text)
	}
}

// item writes one labelled value. v is nil where nothing was filled in.
func (w *writer) item(margin string, i Item, v any) {
	p := phrases[w.lang]
	label := i.Label.In(w.lang)
	quote := func(s string) string {
		if i.Stated {
			return p.open + s + p.stated
		}
		return s
	}
	switch {
	case w.client && i.ClientHidden:
		w.line(margin, label+p.colon+p.hidden)
		return
	case v == nil:
		w.line(margin, label+p.colon+p.none)
		return
	}
	switch i.Type {
	case TypeText:
		w.line(margin, label+p.colon+quote(v.(string)))
	case TypeParagraph:
		w.line(margin, strings.TrimRight(label+p.colon, " "))
		for s := range strings.SplitSeq(quote(v.(string)), "\n") {
			w.line(margin+indent, s)
		}
	case TypeDate, TypeDateTime:
		m, _ := parseMoment(v.(string))
		w.line(margin, label+p.colon+m.in(w.lang))
	case TypeRange:
		w.line(margin, label+p.colon+span(v.(map[string]any), w.lang))
	case TypeChoice:
		o, _ := i.Option(v.(string))
		w.line(margin, label+p.colon+o.Label.In(w.lang))
	case TypePerson:
		m := v.(map[string]any)
		w.line(margin, label+p.colon+m["name"].(string))
		if i.Kana {
			w.line(margin, label+p.kana+p.colon+m["kana"].(string))
		}
	case TypeTable:
		w.line(margin, strings.TrimRight(label+p.colon, " "))
		for n, row := range v.([]any) {
			w.line(margin+indent, "("+strconv.Itoa(n+1)+")")
			for _, c := range i.Columns {
				w.item(margin+indent+indent, c, row.(map[string]any)[c.Key])
			}
		}
	}
}

func span(m map[string]any, lang string) string {
	p := phrases[lang]
	about, _ := m["about"].(bool)
	one := func(name string) string {
		at, _ := parseMoment(m[name].(string))
		if about {
			return fmt.Sprintf(p.about, at.in(lang))
		}
		return at.in(lang)
	}
	if to, there := m["to"]; !there || to == m["from"] {
		return one("from")
	}
	return fmt.Sprintf(p.span, one("from"), one("to"))
}
