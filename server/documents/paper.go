package documents

import (
	"fmt"
	"strings"

	"tachiai/sync/form"
)

// A block is one line of a paper's text, or one with the indented lines below
// it, and the item of the template that it comes from. Head and body together
// are the text, character for character but for indents and ends of lines.
type block struct {
	kind blockKind
	item form.Item
	head string   // label with its colon; mark of a check; answer of a consent
	lead string   // label of a consent, with its colon
	body []string // lines of the value
}

type blockKind int

const (
	titleBlock blockKind = iota
	formBlock            // which form, which version
	sectionBlock
	sentenceBlock
	tickBlock
	rowBlock
	tableBlock // body lines keep the indent that makes them a tree
	signatureBlock
)

const indent = "    " // docs/form.md section 6

// align lays the text of a paper (form.Text or form.ClientText) beside its
// template. It takes the text apart and makes none of it, so what is printed
// is what was signed; a text that does not follow its template to the last
// line is an error (ErrPaper).
func align(t form.Template, text, lang string) ([]block, error) {
	colon, kana := "：", "(フリガナ)："
	if lang == form.EN {
		colon, kana = ": ", " (reading): "
	}
	lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
	next := func() (line string) {
		if len(lines) > 0 {
			line, lines = lines[0], lines[1:]
		}
		return line
	}
	blocks := []block{{kind: titleBlock, head: next()}, {kind: formBlock, head: next()}}
	for _, i := range t.Items {
		b := block{item: i}
		if i.Type == form.TypeSection {
			if next() != "" {
				return nil, fmt.Errorf("%w: section %q", ErrPaper, i.Label.JA)
			}
		}
		line := next()
		fits := true
		switch label, sentence := i.Label.In(lang), i.Text.In(lang); i.Type {
		case form.TypeSection:
			b.kind, b.head, fits = sectionBlock, line, strings.Contains(line, label)
		case form.TypeSentence:
			b.kind, b.head, fits = sentenceBlock, line, line == sentence
		case form.TypeSignature:
			b.kind, b.head, fits = signatureBlock, line, line == label
		case form.TypeCheck, form.TypeConsent:
			b.kind = tickBlock
			if i.Type == form.TypeConsent {
				b.lead = label + colon
			}
			if mark, ok := strings.CutSuffix(line, b.lead+sentence); ok {
				b.head, b.body = mark, []string{sentence}
			} else { // hidden: a sentence and why it has no mark
				b.lead, b.body, fits = "", []string{line}, strings.HasPrefix(line, sentence+colon)
			}
		default:
			b.kind = rowBlock
			var value string
			b.head = strings.TrimRight(label+colon, " ")
			value, fits = strings.CutPrefix(line, b.head)
			if value = strings.TrimPrefix(value, " "); value != "" {
				b.body = []string{value}
			}
			if i.Type == form.TypeTable {
				b.kind = tableBlock
			}
			for len(lines) > 0 && strings.HasPrefix(lines[0], indent) {
				b.body = append(b.body, strings.TrimPrefix(next(), indent))
			}
		}
		if !fits {
			return nil, fmt.Errorf("%w: the text does not follow the template at %q", ErrPaper, i.Key+i.Label.JA)
		}
		blocks = append(blocks, b)
		if head := i.Label.In(lang) + kana; i.Kana && len(lines) > 0 && strings.HasPrefix(lines[0], head) {
			blocks = append(blocks, block{kind: rowBlock, item: i, head: strings.TrimRight(head, " "), body: []string{strings.TrimPrefix(next(), head)}})
		}
	}
	if len(lines) > 0 {
		return nil, fmt.Errorf("%w: the text is longer than its template", ErrPaper)
	}
	return blocks, nil
}
