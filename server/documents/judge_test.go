package documents_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"tachiai/server/documents"
	"tachiai/sync/form"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// A record that does not hold together is evidence, and never a document.
func TestRefused(t *testing.T) {
	outline := hand().Outline()
	outline.Lines[0][0]++
	extra := func(fields map[string]any) documents.Input {
		e := disposed(t)
		e.extra = fields
		return e.input(t, documents.Full)
	}
	changed := func(change func(*documents.Input)) documents.Input {
		in := disposed(t).input(t, documents.Client)
		change(&in)
		return in
	}
	record1 := disposed(t).sealed(t)
	for name, c := range map[string]struct {
		in   documents.Input
		want error
		says string
	}{
		"no record":              {changed(func(in *documents.Input) { in.Record = nil }), documents.ErrPaper, "neither"},
		"not a paper":            {changed(func(in *documents.Input) { r := *in.Record; r.Kind = record.KindNoteWritten; in.Record = &r }), documents.ErrPaper, "neither"},
		"a value changed":        {extra(map[string]any{"field.reason": "盗まれた"}), documents.ErrPaper, "/text_sha256"},
		"a value erased":         {changed(func(in *documents.Input) { in.Edition, in.Record = documents.Full, without(in.Record, "field.phone") }), documents.ErrPaper, "1 fields"},
		"a value kept back":      {changed(func(in *documents.Input) { in.Record = without(in.Record, "field.reason") }), documents.ErrPaper, "/client_text_sha256"},
		"an answer kept back":    {changed(func(in *documents.Input) { in.Record = without(in.Record, "field.consent_gps") }), documents.ErrPaper, "/client_text_sha256"},
		"no text for the client": {changed(func(in *documents.Input) { in.Record = without(in.Record, "client_text_sha256") }), documents.ErrPaper, "/client_text_sha256"},
		"the outline kept back":  {changed(func(in *documents.Input) { in.Record = without(in.Record, "signature_outline") }), documents.ErrPaper, "one hand"},
		"no presentation":        {extra(map[string]any{"presentation": nil}), documents.ErrPaper, "presentation"},
		"no signature":           {extra(map[string]any{"strokes": nil, "signature_outline": nil}), documents.ErrPaper, "no signature"},
		"strokes only":           {extra(map[string]any{"signature_outline": nil}), documents.ErrPaper, "one hand"},
		"another hand's outline": {extra(map[string]any{"signature_outline": outline.Value()}), documents.ErrPaper, "one hand"},
		"an unknown template":    {changed(func(in *documents.Input) { in.Template = form.Template{ID: "x", Version: 1} }), documents.ErrPaper, "/template"},
		"another's receipt":      {changed(func(in *documents.Input) { in.Receipt = &seal.Receipt{Hash: record1.Hash, KeyID: in.Record.KeyID} }), documents.ErrInput, "receipt"},
		"no recipient":           {changed(func(in *documents.Input) { in.Recipient = "" }), documents.ErrInput, "recipient"},
		"a practice case":        {changed(func(in *documents.Input) { in.Practice = true }), documents.ErrInput, "practice"},
		"no agency":              {changed(func(in *documents.Input) { in.Agency = "" }), documents.ErrInput, "agency"},
		"no URL":                 {changed(func(in *documents.Input) { in.VerifyURL = "" }), documents.ErrInput, "URL"},
		"a URL for no QR code":   {changed(func(in *documents.Input) { in.VerifyURL = "https://" + strings.Repeat("a", 4000) }), documents.ErrInput, "QR"},
		"no fonts":               {changed(func(in *documents.Input) { in.Fonts = nil }), documents.ErrFonts, "fonts"},
	} {
		file, err := documents.Declaration(c.in)
		if !errors.Is(err, c.want) || file != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %d bytes, %v", name, len(file), err)
		}
	}
}

// without returns the record as it is when some of its fields are withheld.
func without(r *record.Record, names ...string) *record.Record {
	less := *r
	less.Fields = slices.DeleteFunc(slices.Clone(r.Fields), func(f record.Field) bool { return slices.Contains(names, f.Name) })
	return &less
}

// The office makes a client edition of the whole record; anybody makes the same
// one, to the byte, of what that edition discloses.
func TestClientEditionOfWhatIsDisclosed(t *testing.T) {
	for name, e := range map[string]evening{
		"disposal": disposed(t).with(map[string]any{"written_place": "other", "written_place_detail": "駅前の喫茶室ヴィオラ"}),
		"paper":    {record.KindDeclarationSigned, form.DisposalDeclaration, form.JA, form.MethodPaper, values(t, disposal), nil},
		"loss":     {record.KindDeclarationSigned, form.LossReport, form.EN, form.MethodScreen, values(t, loss), nil},
		"receipt":  {record.KindItemReceived, form.ReturnReceipt, form.JA, form.MethodScreen, values(t, returned), nil},
	} {
		in := e.input(t, documents.Client)
		whole, err := documents.Declaration(in)
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		template, _ := form.Lookup(e.template, 1)
		in.Record, err = seal.Parse(must(seal.Withhold(seal.Compact(in.Record.Core, in.Record.Signature, raws(in.Record)), func(name string) bool {
			return form.ClientShows(template, name)
		})))
		if err != nil || in.Record.Withheld() < 5 {
			t.Fatalf("%s: %d withheld, %v", name, in.Record.Withheld(), err)
		}
		if less, err := documents.Declaration(in); err != nil || !bytes.Equal(less, whole) {
			t.Errorf("%s: %d bytes of the whole, %d of what is disclosed: %v", name, len(whole), len(less), err)
		}
		in.Edition, in.Recipient = documents.Full, ""
		if _, err := documents.Declaration(in); !errors.Is(err, documents.ErrPaper) {
			t.Errorf("%s: a full edition of it: %v", name, err)
		}
	}
}

func must(s string, err error) string {
	if err != nil {
		panic(err)
	}
	return s
}

func raws(r *record.Record) (list []string) {
	for _, f := range r.Fields {
		list = append(list, f.Raw)
	}
	return list
}

// A record without a receipt, a clock, a place or a fix is printed, and says
// what it lacks.
func TestLacking(t *testing.T) {
	e := disposed(t)
	e.extra = map[string]any{"geo": nil, "geo_missing": "denied", "place_match": nil, "companions": nil, "note": nil}
	in := e.input(t, documents.Full)
	r := *in.Record
	r.Clock = nil
	in.Record, in.Receipt, in.Issued = &r, nil, in.Issued.AddDate(-9999, 0, 0)
	text := squeeze(poppler(t, "pdftotext", "-raw", declared(t, in), "-"))
	for _, must := range []string{"位置情報なし(許可されず)", "サーバーとの照合なし", "受信証なし"} {
		if !strings.Contains(text, must) {
			t.Errorf("%q is not printed", must)
		}
	}
}

// A template of the agency's own is used when it is handed in.
func TestOwnTemplate(t *testing.T) {
	source, _ := form.Source(form.DisposalDeclaration, 1)
	own, err := form.Parse(bytes.Replace(source, []byte("廃棄申告書"), []byte("廃棄の申告"), 1))
	if err != nil {
		t.Fatal(err)
	}
	in := disposed(t).input(t, documents.Full)
	in.Template = own
	if _, err := documents.Declaration(in); !errors.Is(err, documents.ErrPaper) {
		t.Errorf("a text that was not shown is printed: %v", err)
	}
}
