// Package documents sets what people sign, and what they receive, as PDF: a
// page laid out like a Japanese form, with a text layer that is exactly what
// was signed. Package pdf below it writes the file; this package knows papers.
//
// A document is a pure function of its Input: no clock, no chance, no network.
// The same Input gives the same bytes (with the same Go release, whose
// compressor they pass through). Issued bytes are stored, never set again.
package documents

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"tachiai/sync/form"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

var (
	// ErrPaper means that the record is not a signed paper, or does not hold
	// together: its values are not valid, were erased, or are not the text that
	// was shown and hashed. Such a record is evidence, but not a document.
	ErrPaper = errors.New("the record does not hold a signed paper")
	// ErrInput means that the rest of the input cannot be printed.
	ErrInput = errors.New("not enough to make a document of")
)

// An Edition says for whom a document is.
type Edition int

const (
	// Full is for the agency's office: everything that the record holds.
	Full Edition = iota
	// Client is for the recipient of a disclosure: without client-hidden values,
	// coordinates, and the time and pressure of the strokes.
	Client
)

// Input is everything that a document is made of.
type Input struct {
	Fonts    *Fonts
	Edition  Edition
	Record   *record.Record // opened and verified; for a full edition with all its fields
	Template form.Template  // zero: the built-in one that the record names
	Receipt  *seal.Receipt  // opened and verified; nil: none yet
	Agency   string         // name of the staffing agency
	// Recipient names whom a client edition is for, one line. "" in a full one.
	Recipient string
	Root      string    // fingerprint of the server's root key, as it is spelt on its pages; "": not printed
	VerifyURL string    // of the server whose links and screens verify the record; printed, and the QR code
	Issued    time.Time // printed; zero: not printed
	Practice  bool      // of a practice case: marked on every page, never a client edition
	Photos    []Photo
}

// A Photo is a derivative (JPEG, upright, without metadata; what metadata
// there is after all is dropped) to be printed behind the text. The caller
// chooses those that may be seen in this edition.
type Photo struct {
	JPEG     []byte
	Caption  string // what it shows
	Original string // SHA-256 of the original, hex; "" when it is one itself
}

// paper is an input that was judged: the record's values, presentation and
// signature are what they should be.
type paper struct {
	Input
	template     form.Template
	values       map[string]any
	presentation form.Presentation
	outline      *form.Outline // nil: not signed by strokes
	strokes      *form.Strokes // only in a full edition
	lang         string
	blocks       []block
	words        *words
}

// Declaration sets a signed paper: the record of a declaration.signed or
// item.received, in the language in which it was signed. A client edition is
// the same from the whole record and from what a client edition discloses of it
// (form.ClientShows). No text keeps a document from being made: what no font has
// a form for is marked, and said at the end. Errors: ErrPaper, ErrInput,
// pdf.ErrJPEG (a photo; its number is named), pdf.ErrSize.
func Declaration(in Input) ([]byte, error) {
	p, err := judge(in)
	if err != nil {
		return nil, err
	}
	s := newSheet(p)
	s.head(p)
	s.body(p)
	s.circumstances(p)
	if err := s.proof(p); err != nil {
		return nil, err
	}
	if err := s.photos(p); err != nil {
		return nil, err
	}
	s.forms(p)
	s.feet(p)
	return s.doc.Bytes()
}

// judge reads the record as a paper.
func judge(in Input) (*paper, error) {
	r := in.Record
	switch {
	case in.Fonts == nil:
		return nil, ErrFonts
	case r == nil || r.Office() || (r.Kind != record.KindDeclarationSigned && r.Kind != record.KindItemReceived):
		return nil, fmt.Errorf("%w: neither %s nor %s of a phone", ErrPaper, record.KindDeclarationSigned, record.KindItemReceived)
	case in.Edition == Full && r.Withheld() > 0:
		return nil, fmt.Errorf("%w: %d fields are not there", ErrPaper, r.Withheld())
	case in.Agency == "" || in.VerifyURL == "":
		return nil, fmt.Errorf("%w: agency and URL of verification", ErrInput)
	case in.Edition == Client && (in.Practice || in.Recipient == ""):
		return nil, fmt.Errorf("%w: a client edition has a recipient, and is never of a practice case", ErrInput)
	case in.Receipt != nil && (in.Receipt.Hash != r.Hash || in.Receipt.KeyID != r.KeyID):
		return nil, fmt.Errorf("%w: the receipt is another record's", ErrInput)
	}
	p := &paper{Input: in, template: in.Template, values: map[string]any{}}
	for key, v := range r.FormFields() {
		p.values[key] = record.Tree(v)
	}
	presentation, faults := form.ParsePresentation(object(r, "presentation"))
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w: presentation%s: %s", ErrPaper, faults[0].Pointer, faults[0].Code)
	}
	if p.template.ID == "" {
		var known bool
		if p.template, known = form.Lookup(presentation.Template, presentation.Version); !known {
			return nil, fmt.Errorf("%w: template %s version %d is not built in", ErrPaper, presentation.Template, presentation.Version)
		}
	}
	if r.Withheld() == 0 {
		faults = presentation.Check(p.template, p.values, r.Text("text_sha256"))
	}
	if in.Edition == Client {
		faults = append(faults, presentation.CheckClient(p.template, p.values, r.Text("client_text_sha256"))...)
	}
	if len(faults) > 0 {
		return nil, fmt.Errorf("%w: presentation%s: %s", ErrPaper, faults[0].Pointer, faults[0].Code)
	}
	p.presentation, p.lang, p.words = presentation, presentation.Lang, wordsIn(presentation.Lang)
	if err := p.readSignature(); err != nil {
		return nil, err
	}
	render := form.Text
	if in.Edition == Client {
		render = form.ClientText
		p.withhold()
	}
	text, err := render(p.template, p.values, p.lang)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", ErrPaper, err)
	}
	p.blocks, err = align(p.template, text, p.lang)
	return p, err
}

// readSignature takes the outline, which must be that of the strokes, where
// those are not withheld.
func (p *paper) readSignature() error {
	r := p.Record
	if _, there := r.Field("strokes"); there {
		strokes, faults := form.ParseStrokes(object(r, "strokes"))
		if len(faults) > 0 {
			return fmt.Errorf("%w: strokes%s: %s", ErrPaper, faults[0].Pointer, faults[0].Code)
		}
		p.strokes = &strokes
	}
	if _, there := r.Field("signature_outline"); there {
		outline, faults := form.ParseOutline(object(r, "signature_outline"))
		if len(faults) > 0 {
			return fmt.Errorf("%w: signature_outline%s: %s", ErrPaper, faults[0].Pointer, faults[0].Code)
		}
		p.outline = &outline
	}
	withheld := p.strokes == nil && r.Withheld() > 0
	switch {
	case !withheld && (p.strokes == nil) != (p.outline == nil) || p.strokes != nil && !form.OutlineMatches(*p.strokes, *p.outline):
		return fmt.Errorf("%w: strokes and outline are not of one hand", ErrPaper)
	case p.presentation.Method == form.MethodScreen && p.outline == nil:
		return fmt.Errorf("%w: no signature", ErrPaper)
	}
	return nil
}

// withhold takes away what a client edition does not disclose, so that nothing
// behind it can print it.
func (p *paper) withhold() {
	r := *p.Record
	r.Fields = slices.DeleteFunc(slices.Clone(r.Fields), func(f record.Field) bool { return !form.ClientShows(p.template, f.Name) })
	p.Record, p.strokes = &r, nil
	for key := range p.values {
		if !form.ClientShows(p.template, record.FormPrefix+key) {
			delete(p.values, key)
		}
	}
}

// object returns a field's object; nil when it is not there or not one.
func object(r *record.Record, name string) map[string]any {
	v, there := r.Field(name)
	if !there {
		return nil
	}
	m, _ := record.Tree(v).(map[string]any)
	return m
}
