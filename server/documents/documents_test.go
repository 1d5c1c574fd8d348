package documents_test

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"unicode/utf16"

	"tachiai/server/documents"
	"tachiai/sync/form"
	"tachiai/sync/record"
)

// declared makes a document and keeps it where -artifacts says, to be looked at.
func declared(t testing.TB, in documents.Input) string {
	t.Helper()
	file, err := documents.Declaration(in)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(t.ArtifactDir(), "declaration.pdf")
	if err := os.WriteFile(name, file, 0o600); err != nil {
		t.Fatal(err)
	}
	return name
}

// poppler runs one of the programs that read PDF independently of us. Any
// warning of theirs is a fault.
func poppler(t testing.TB, program string, args ...string) string {
	t.Helper()
	if _, err := exec.LookPath(program); err != nil {
		t.Fatalf("%s is missing: install poppler-utils, which the tests read documents with", program)
	}
	var out, warnings bytes.Buffer
	c := exec.Command(program, args...)
	c.Stdout, c.Stderr = &out, &warnings
	if err := c.Run(); err != nil || warnings.Len() > 0 {
		t.Fatalf("%s %v: %v\n%s", program, args, err, &warnings)
	}
	return out.String()
}

// bodyText is the text layer in the order of drawing, of the part of each page
// between head and foot.
func bodyText(t testing.TB, name string) string {
	t.Helper()
	return poppler(t, "pdftotext", "-raw", "-r", "72", "-x", "0", "-y", "42", "-W", "596", "-H", "748", name, "-")
}

func squeeze(s string) string { return strings.Join(strings.Fields(s), "") }

func TestEditions(t *testing.T) {
	evenings := map[string]evening{
		"disposal":         disposed(t),
		"disposal english": {record.KindDeclarationSigned, form.DisposalDeclaration, form.EN, form.MethodScreen, values(t, disposal), nil},
		"paper":            {record.KindDeclarationSigned, form.DisposalDeclaration, form.JA, form.MethodPaper, values(t, disposal), nil},
		"own device":       {record.KindDeclarationSigned, form.DisposalDeclaration, form.JA, form.MethodOwn, values(t, disposal), nil},
		"loss":             {record.KindDeclarationSigned, form.LossReport, form.JA, form.MethodScreen, values(t, loss), nil},
		"receipt":          {record.KindItemReceived, form.ReturnReceipt, form.JA, form.MethodScreen, values(t, returned), nil},
	}
	for name, e := range evenings {
		for edition, render := range map[documents.Edition]func(form.Template, map[string]any, string) (string, error){documents.Full: form.Text, documents.Client: form.ClientText} {
			t.Run(name+[]string{" full", " client"}[edition], func(t *testing.T) {
				in := e.input(t, edition)
				file := declared(t, in)
				template, _ := form.Lookup(e.template, 1)
				want, err := render(template, e.with(map[string]any{"signature_method": string(e.method)}).values, e.lang)
				if err != nil {
					t.Fatal(err)
				}
				text := bodyText(t, file)
				// The figure of the first of two signatures may not stand
				// between the lines of the text, so words are looked for one
				// line after another.
				rest := squeeze(text)
				for line := range strings.Lines(want) {
					before, after, found := strings.Cut(rest, squeeze(line))
					if !found {
						t.Fatalf("%q is not in its place; there is %.200q", line, rest)
					}
					if before != "" && e.template != form.ReturnReceipt && !strings.Contains(before, "提供先：") && !strings.Contains(before, "Made") && !strings.Contains(before, "作成") {
						t.Errorf("before %q: %q, which was not signed", line, before)
					}
					rest = after
				}
				for _, must := range []string{e.method.Name(e.lang), e.method.Meaning(e.lang), in.Record.Hash.String(), in.Record.KeyID.String(), in.VerifyURL, in.Root, "tachiai.example/2026"} {
					if !strings.Contains(squeeze(text), squeeze(must)) {
						t.Errorf("%q is not printed beside the paper", must)
					}
				}
				if strings.Contains(text, "電子署名") {
					t.Error("it is called 電子署名")
				}
				size, err := os.Stat(file)
				if err != nil || size.Size() > 100<<10 {
					t.Errorf("%d bytes, at most 100 KiB: %v", size.Size(), err)
				}
				wellFormed(t, file, e.lang)
			})
		}
	}
}

// wellFormed asks every independent reader that is here.
func wellFormed(t *testing.T, file, lang string) {
	t.Helper()
	info := poppler(t, "pdfinfo", file)
	for _, must := range []string{"Tagged:          yes", "Page size:       595.28 x 841.89 pts (A4)", "PDF version:     1.7"} {
		if !strings.Contains(info, must) {
			t.Errorf("pdfinfo does not say %q:\n%s", must, info)
		}
	}
	if strings.Contains(info, "CreationDate") {
		t.Error("a date is in it")
	}
	fonts := strings.Split(strings.TrimSpace(poppler(t, "pdffonts", file)), "\n")[2:]
	if len(fonts) != 1 || !strings.Contains(fonts[0], "+NotoSansJP-Regular") || !strings.Contains(fonts[0], " yes yes yes ") {
		t.Errorf("fonts: %q, want one: embedded, a subset, with Unicode", fonts)
	}
	tree := poppler(t, "pdfinfo", "-struct-text", file)
	for _, must := range []string{"Document", "H1", "H2", "Table", "TH", "TD", "LBody", "Figure"} {
		if !strings.Contains(tree, must) {
			t.Errorf("no %s in the structure", must)
		}
	}
	if meta := poppler(t, "pdfinfo", "-meta", file); !strings.Contains(meta, "<rdf:li>"+lang+"</rdf:li>") {
		t.Errorf("metadata: %s", meta)
	}
	if qpdf, err := exec.LookPath("qpdf"); err == nil {
		if out, err := exec.Command(qpdf, "--check", file).CombinedOutput(); err != nil {
			t.Errorf("qpdf: %v\n%s", err, out)
		}
	}
}

// L27, images: what the client must not see is in no layer of his edition.
func TestClientEditionHides(t *testing.T) {
	e := disposed(t).with(map[string]any{"written_place": "other", "written_place_detail": "駅前の喫茶室ヴィオラ"})
	template, _ := form.Lookup(e.template, 1)
	secrets := []string{"35.705", "139.665", "8.9秒", "同行 次郎", "聞き取りに支障", "50 m以内"}
	for _, i := range template.Items {
		if v, there := e.values[i.Key].(string); there && i.ClientHidden {
			secrets = append(secrets, v)
		}
	}
	if len(secrets) < 11 {
		t.Fatalf("only %d secrets: %q", len(secrets), secrets)
	}
	layers := func(edition documents.Edition) string {
		in := e.input(t, edition)
		file := declared(t, in)
		all := poppler(t, "pdftotext", "-raw", file, "-") + poppler(t, "pdfinfo", "-struct-text", file) + poppler(t, "pdfinfo", "-meta", file) + poppler(t, "pdfinfo", file)
		all = squeeze(all + inflated(t, file))
		if shown := strings.Contains(all, in.Record.Text("text_sha256")); shown != (edition == documents.Full) {
			t.Errorf("edition %d: hash over the hidden values printed: %v", edition, shown)
		}
		return all
	}
	client, full := layers(documents.Client), layers(documents.Full)
	for _, s := range secrets {
		if strings.Contains(client, squeeze(s)) || strings.Contains(client, utf16hex(s)) {
			t.Errorf("%q is in the client edition", s)
		}
		if !strings.Contains(full, squeeze(s)) {
			t.Errorf("%q is not in the full edition, so its absence proves nothing", s)
		}
	}
	for _, must := range []string{"登録住所と一致はい(精度±12m)", "提供先：株式会社東都ロジスティクスホールディングス情報システム統括本部O部長様"} {
		if !strings.Contains(client, must) {
			t.Errorf("%q is not in the client edition", must)
		}
	}
	if alt := "申告者の署名。画面手書き署名(立会人あり)。23画、413点の筆跡を線で描いたもの。"; !strings.Contains(client, "/Alt<FEFF"+utf16hex(alt)) {
		t.Errorf("the signature has no words for those who do not see it")
	}
}

// inflated is the inside of every compressed stream of a file.
func inflated(t *testing.T, file string) string {
	t.Helper()
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for {
		_, after, found := bytes.Cut(data, []byte("/FlateDecode/Length "))
		if !found {
			break
		}
		_, data, _ = bytes.Cut(after, []byte("stream\n"))
		r, err := zlib.NewReader(bytes.NewReader(data))
		if err == nil {
			_, err = io.Copy(&all, r)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if all.Len() < 50_000 {
		t.Fatalf("only %d bytes found", all.Len())
	}
	return all.String()
}

func utf16hex(s string) string {
	var b strings.Builder
	for _, unit := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", unit)
	}
	return b.String()
}

func TestPlaceMatch(t *testing.T) {
	for _, c := range []struct {
		field any
		want  string
	}{
		{map[string]any{"verdict": "match", "distance_band": "le_50", "accuracy_m": int64(12)}, "登録住所と一致はい(精度±12m)"},
		{map[string]any{"verdict": "no_match", "distance_band": "gt_2000", "accuracy_m": int64(40)}, "登録住所と一致いいえ(精度±40m)"},
		{map[string]any{"verdict": "undetermined", "distance_band": "unknown", "accuracy_m": nil}, "登録住所と一致照合不可"},
		{nil, ""},
	} {
		e := disposed(t)
		e.extra = map[string]any{"place_match": c.field}
		text := squeeze(poppler(t, "pdftotext", "-raw", declared(t, e.input(t, documents.Client)), "-"))
		if c.want == "" && strings.Contains(text, "登録住所と一致") || !strings.Contains(text, c.want) {
			t.Errorf("%v: not %q", c.field, c.want)
		}
	}
}

// The same input gives the same bytes, also when many are made at once.
func TestSameBytes(t *testing.T) {
	in := disposed(t).input(t, documents.Full)
	in.Photos = []documents.Photo{{JPEG: photo(t, 320, 240), Caption: "切断片"}}
	first, err := documents.Declaration(in)
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if again, err := documents.Declaration(in); err != nil || !bytes.Equal(first, again) {
				t.Errorf("%d bytes, then %d others: %v", len(first), len(again), err)
			}
		})
	}
	all.Wait()
	in.Agency = "株式会社 別"
	if other, err := documents.Declaration(in); err != nil || bytes.Equal(first, other) {
		t.Errorf("another input, the same bytes: %v", err)
	}
}

func TestPhotos(t *testing.T) {
	in := disposed(t).input(t, documents.Full)
	in.Practice = true
	in.Photos = []documents.Photo{
		{JPEG: photo(t, 1280, 960), Caption: "切断された入館証(表)", Original: "4f0d5b1c0f6d4e1a9b7c3d2e1f00aa55cc77ee99bb33dd11ff22004466881357"},
		{JPEG: photo(t, 480, 960), Caption: "投函した不在票"},
	}
	file := declared(t, in)
	list := poppler(t, "pdfimages", "-list", file)
	if strings.Count(list, " jpeg ") != 2 {
		t.Errorf("images:\n%s", list)
	}
	text := squeeze(poppler(t, "pdftotext", "-raw", file, "-"))
	for _, must := range []string{in.Photos[0].Original, "切断された入館証(表)", "投函した不在票", "練習案件"} {
		if !strings.Contains(text, must) {
			t.Errorf("%q is not printed", must)
		}
	}
	in.Photos[1].JPEG = in.Photos[1].JPEG[:2000]
	if _, err := documents.Declaration(in); err == nil || !strings.Contains(err.Error(), "photo 2") {
		t.Errorf("a broken photo: %v", err)
	}
}

func BenchmarkDeclaration(b *testing.B) {
	in := disposed(b).input(b, documents.Full)
	for b.Loop() {
		file, err := documents.Declaration(in)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(file))/1024, "KiB")
	}
}
