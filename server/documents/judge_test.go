package documents_test

import (
	"bytes"
	"errors"
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
		"a value erased":         {changed(func(in *documents.Input) { r := *in.Record; r.Fields = r.Fields[1:]; in.Record = &r }), documents.ErrPaper, "1 fields"},
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
		"no fonts":               {changed(func(in *documents.Input) { in.Fonts = nil }), documents.ErrFonts, "make tools"},
	} {
		file, err := documents.Declaration(c.in)
		if !errors.Is(err, c.want) || file != nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s: %d bytes, %v", name, len(file), err)
		}
	}
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
