package documents_test

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"encoding/json"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"tachiai/server/documents"
	"tachiai/sync/form"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// What follows is one evening: K declares in a restaurant that he threw the
// badge away. Tests change what they are about.

func loadFonts(t testing.TB) *documents.Fonts {
	t.Helper()
	fonts, err := documents.LoadFonts()
	if err != nil {
		t.Fatal(err)
	}
	return fonts
}

// values are those of a named case of the golden vectors of papers.
func values(t testing.TB, name string) map[string]any {
	t.Helper()
	data, err := os.ReadFile(filepath.Join("..", "..", "sync", "testdata", "vectors", "form.json"))
	if err != nil {
		t.Fatal(err)
	}
	var vectors struct {
		Values []struct {
			Name   string
			Values map[string]any
		}
	}
	if err := json.Unmarshal(data, &vectors); err != nil {
		t.Fatal(err)
	}
	for _, v := range vectors.Values {
		if v.Name == name {
			return v.Values
		}
	}
	t.Fatalf("no values %q", name)
	return nil
}

const (
	disposal = "a disposal, everything filled in"
	loss     = "a loss with movements that cross midnight"
	returned = "a receipt, by proxy, signature declined"
)

// An evening is what is sealed.
type evening struct {
	kind     record.Kind
	template string
	lang     string
	method   form.Method
	values   map[string]any
	extra    map[string]any // more fields; nil takes one away
}

func disposed(t testing.TB) evening {
	return evening{kind: record.KindDeclarationSigned, template: form.DisposalDeclaration, lang: form.JA, method: form.MethodScreen, values: values(t, disposal)}
}

// with returns the evening with other values; nil takes one away.
func (e evening) with(changes map[string]any) evening {
	e.values = maps.Clone(e.values)
	for key, v := range changes {
		if v == nil {
			delete(e.values, key)
		} else {
			e.values[key] = v
		}
	}
	return e
}

const signedAt = 1795178125_000 // 2026-11-20 21:35:25 in Japan

// sealed makes the record with a fresh key.
func (e evening) sealed(t testing.TB) *record.Record {
	t.Helper()
	template, ok := form.Lookup(e.template, 1)
	if !ok {
		t.Fatal(e.template)
	}
	e = e.with(map[string]any{"signature_method": string(e.method)})
	copied, _ := e.values["copy"].(string)
	p := form.Presentation{Template: e.template, Version: 1, Lang: e.lang, Method: e.method,
		ShownMS: 312_400, ScrolledToEnd: true, Copy: copied}
	for n, i := range template.Items {
		if given, _ := e.values[i.Key].(bool); i.Type == form.TypeConsent {
			p.Consents = append(p.Consents, form.Consent{Key: i.Key, Given: given, AfterMS: int64(1000 * n)})
		}
	}
	paper, err := form.Fields(template, e.values, p)
	if err != nil {
		t.Fatal(err)
	}
	strokes := hand()
	fields := map[string]any{
		"geo":         map[string]any{"lat": int64(35_7056789), "lng": int64(139_6651234), "accuracy_m": int64(12), "age_ms": int64(2300)},
		"place_match": map[string]any{"verdict": "match", "distance_band": "le_50", "accuracy_m": int64(12)},
		"companions":  []any{map[string]any{"name": "同行 次郎", "affiliation": "営業部"}},
		"note":        "店内は静かで、聞き取りに支障はなかった。",
	}
	if e.method == form.MethodScreen {
		fields["strokes"], fields["signature_outline"] = strokes.Value(), strokes.Outline().Value()
	} else if e.method == form.MethodPaper {
		fields["paper_kept"] = "本社 総務部 書庫A-3"
	}
	maps.Copy(fields, paper)
	for name, v := range e.extra {
		fields[name] = v
		if v == nil {
			delete(fields, name)
		}
	}
	var content []seal.Content
	for name, v := range fields {
		content = append(content, seal.Content{Name: name, Value: v})
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	kid, err := seal.Thumbprint(key.Public())
	if err != nil {
		t.Fatal(err)
	}
	now := time.UnixMilli(signedAt)
	id := func() record.ID { return record.NewID(now, rand.Reader) }
	_, r, err := seal.Seal(record.Structure{ID: id(), Seq: 17, Prev: record.Hash(kid), Kind: e.kind, Case: id(), Visit: id(), At: signedAt, TZ: "Asia/Tokyo",
		Boot: "AAAAAAAAAAAAAAAAAAAAAA", Mono: 900_000, Clock: &record.Clock{OffsetMS: -400, AgeMS: 60_000}, Actor: id(), App: "tachiai/0.1.0", Policy: "1"}, content, key, rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// input is a document of the evening in one edition.
func (e evening) input(t testing.TB, edition documents.Edition) documents.Input {
	r := e.sealed(t)
	skew := int64(-400)
	in := documents.Input{
		Fonts: loadFonts(t), Edition: edition, Record: r,
		Receipt: &seal.Receipt{Origin: "tachiai.example/2026", Index: 1042, Hash: r.Hash, KeyID: r.KeyID, Seq: r.Seq, ReceivedAt: signedAt + 43_000_000, SkewMS: &skew},
		Agency:  "株式会社ヒューマンブリッジ・ホールディングス", Root: "KZCF RMLO KBYL UZCV 6UWT OT72 5LBF N26R EKQY 7FNF ZJ3N AT6Q 5M2A",
		VerifyURL: "https://tachiai.example/v/" + r.Hash.String(),
		Issued:    time.UnixMilli(signedAt + 90_000_000),
	}
	if edition == documents.Client {
		in.Recipient = "株式会社東都ロジスティクスホールディングス 情報システム統括本部 O部長 様"
	}
	return in
}

// hand writes 髙橋 in a fashion: eleven strokes on a phone's canvas, sampled
// as a finger is, in hundredths of CSS pixels.
func hand() form.Strokes {
	paths := [][][2]float64{
		{{88, 22}, {90, 30}, {89, 40}}, {{48, 44}, {90, 41}, {132, 38}}, {{66, 54}, {68, 66}, {70, 74}}, {{66, 54}, {112, 50}, {110, 62}, {106, 74}}, {{70, 75}, {88, 73}, {107, 72}},
		{{50, 92}, {48, 120}, {46, 150}}, {{50, 92}, {92, 86}, {134, 86}, {134, 120}, {130, 148}, {118, 142}}, {{72, 108}, {74, 122}, {78, 132}}, {{72, 108}, {108, 104}, {106, 118}, {104, 130}, {80, 132}},
		{{170, 62}, {196, 57}, {222, 54}}, {{196, 28}, {197, 90}, {195, 152}}, {{196, 66}, {186, 92}, {168, 116}}, {{198, 70}, {210, 84}, {220, 92}},
		{{284, 24}, {262, 32}, {240, 38}}, {{236, 56}, {266, 52}, {300, 49}}, {{268, 32}, {258, 62}, {232, 86}}, {{268, 54}, {284, 72}, {304, 82}},
		{{256, 86}, {258, 94}, {260, 102}}, {{256, 86}, {282, 82}, {281, 92}, {278, 101}, {260, 102}},
		{{242, 116}, {241, 134}, {239, 156}}, {{242, 116}, {272, 111}, {302, 111}, {302, 134}, {299, 154}, {290, 149}}, {{258, 128}, {260, 136}, {262, 142}}, {{258, 128}, {284, 125}, {282, 134}, {280, 141}, {262, 143}},
	}
	s := form.Strokes{Canvas: form.Canvas{W: 360_00, H: 180_00, DPR: 3_00}}
	at := int64(0)
	for _, p := range paths {
		var line []int64
		for leg := range len(p) - 1 {
			for k := range 7 {
				f := float64(k) / 6
				x, y := p[leg][0]+(p[leg+1][0]-p[leg][0])*f, p[leg][1]+(p[leg+1][1]-p[leg][1])*f
				y += 1.2 * math.Sin(3*f+float64(leg))
				line = append(line, int64(x*100), int64(y*100), at, 500)
				at += 12
			}
		}
		s.Lines = append(s.Lines, line)
		at += 180
	}
	return s
}

// photo is a JPEG of a badge in two pieces, without metadata.
func photo(t testing.TB, w, h int) []byte {
	t.Helper()
	m := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(196 + 24*y/h), uint8(188 + 20*x/w), 176, 255}
			if x > w/6 && x < w*5/6 && y > h/5 && y < h*4/5 && (x-w/2)*3 < (y-h/3)*2-w/30 || x > w/4 && x < w*5/6 && y > h/5 && y < h*4/5 && (x-w/2)*3 > (y-h/3)*2+w/30 {
				c = color.RGBA{240, 244, 250, 255}
				if y < h*2/5 {
					c = color.RGBA{40, 74, 128, 255}
				}
			}
			m.Set(x, y, c)
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: 80}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
