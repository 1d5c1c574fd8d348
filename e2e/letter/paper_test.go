package letter

import (
	"testing"

	"tachiai/sync/form"
	"tachiai/sync/seal"
)

// declaration is a signed 廃棄申告書: what it must hold, what a client is not shown, and a hand of six strokes.
func declaration(t *testing.T) []seal.Content {
	t.Helper()
	template, ok := form.Lookup("disposal_declaration", 1)
	if !ok {
		t.Fatal("the template is not built in")
	}
	values := map[string]any{
		"written_at": "2026-11-20T21:02", "written_place": "restaurant", "addressed_to": "株式会社みなと人材",
		"worker":  map[string]any{"name": "髙橋 健", "kana": "タカハシ ケン"},
		"address": "東京都港区三田一丁目2番3号", "phone": "090-0000-0147", "client": "株式会社東都ホールディングス",
		"item_kind": "入館証", "item_number": "TH-00147", "item_count": "1枚",
		"discarded_when": map[string]any{"from": "2026-11-10", "about": true}, "discarded_where": "自宅のごみ集積所", "discarded_how": "household_waste",
		"reason": "もう使わないと思い、ほかの書類と一緒に捨てました。", "voluntary": true, "read": true,
		"pd_recipients": "株式会社東都ホールディングス", "pd_contact": "株式会社みなと人材 個人情報相談窓口",
		"consent_client": true, "consent_gps": true, "consent_photos": true,
		"identity_method": "known_by_sight", "witness": map[string]any{"name": "山﨑 誠"}, "witness_affiliation": "株式会社みなと人材 営業部",
		"copy": "qr", "signature_method": "H",
	}
	for _, item := range template.Items {
		if _, filled := values[item.Key]; !filled && item.Required && item.Type == form.TypeParagraph {
			values[item.Key] = item.Default.JA
		}
	}
	fields, err := form.Fields(template, values, form.Presentation{
		Template: template.ID, Version: template.Version, Lang: form.JA, Method: "H", ShownMS: 214_000, ScrolledToEnd: true, Copy: "qr",
		Consents: []form.Consent{{Key: "consent_client", Given: true, AfterMS: 171_000}, {Key: "consent_gps", Given: true, AfterMS: 179_500}, {Key: "consent_photos", Given: true, AfterMS: 186_200}},
	})
	if err != nil {
		t.Fatal(err, form.Validate(template, values))
	}
	strokes := hand()
	fields["strokes"], fields["signature_outline"] = strokes.Value(), strokes.Outline().Value()
	all := make([]seal.Content, 0, len(fields))
	for name, value := range fields {
		all = append(all, seal.Content{Name: name, Value: value})
	}
	return all
}

// hand is six strokes, one after the other.
func hand() form.Strokes {
	s := form.Strokes{Canvas: form.Canvas{W: 60_000, H: 20_000, DPR: 300}}
	for n := range int64(6) {
		x, at := 5_000+n*8_000, n*400
		s.Lines = append(s.Lines, []int64{x, 4_000, at, 500, x + 3_000, 15_000, at + 120, 700, x + 6_000, 5_000, at + 240, 400})
	}
	return s
}
