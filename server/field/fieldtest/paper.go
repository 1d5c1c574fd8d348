package fieldtest

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"tachiai/sync/form"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

func content(name string, value any) seal.Content { return seal.Content{Name: name, Value: value} }

// Paper is a worker's own statement, read to the end and signed on the rep's phone (method H) in the evening of a day: what a phone seals as
// declaration.signed, of a case and a visit that the caller names. More fields may be given; those of the same name take the place of its own.
func Paper(day time.Time, more ...seal.Content) (Draft, error) {
	template, ok := form.Lookup("disposal_declaration", 1)
	if !ok {
		return Draft{}, fmt.Errorf("the template disposal_declaration 1 is not built in")
	}
	date := func(days int, clock string) string { return day.AddDate(0, 0, days).Format("2006-01-02") + clock }
	values := map[string]any{
		"document_no": "DD-2026-0147", "written_at": date(0, "T21:02"), "written_place": "restaurant", "addressed_to": "株式会社みなと人材",
		"worker": map[string]any{"name": "髙橋 健", "kana": "タカハシ ケン"}, "address": "東京都港区三田一丁目2番3号", "phone": "090-0000-0147", "staff_no": "MJ-10147",
		"client": "株式会社東都ホールディングス 情報システム統括本部", "contract_end": date(-12, ""),
		"item_kind": "入館証", "item_number": "TH-00147", "item_count": "1枚", "item_lent_on": date(-200, ""), "item_accessories": "ストラップ、ケース",
		"last_possessed_when": map[string]any{"from": date(-9, ""), "about": true}, "last_possessed_where": "自宅",
		"discarded_when": map[string]any{"from": date(-8, ""), "to": date(-6, ""), "about": true}, "discarded_where": "自宅のごみ集積所",
		"discarded_how": "household_waste", "discarded_state": "ic_not_cut", "waste_category": "可燃ごみ", "collection_day": "火曜・金曜",
		"reason":             "退職したのでもう使わないと思い、ほかの書類と一緒に捨てました。返すように言われた覚えはありません。",
		"return_instruction": "not_remembered", "not_lent": true, "not_copied": true, "not_entered": true, "report_if_found": true,
		"voluntary": true, "read": true, "copy_received": false,
		"consent_client": true, "consent_gps": true, "consent_photos": true,
		"identity_method": "known_by_sight", "witness": map[string]any{"name": "山﨑 誠"}, "witness_affiliation": "株式会社みなと人材 営業部",
		"copy": "qr", "signature_method": "H", "pd_recipients": "株式会社東都ホールディングス 情報システム統括本部", "pd_contact": "株式会社みなと人材 個人情報相談窓口",
	}
	for _, item := range template.Items {
		if _, filled := values[item.Key]; !filled && item.Required && item.Type == form.TypeParagraph {
			values[item.Key] = item.Default.JA
		}
	}
	shown := form.Presentation{
		Template: template.ID, Version: template.Version, Lang: form.JA, Method: "H",
		ShownMS: 214_000, ScrolledToEnd: true, Copy: "qr",
		Consents: []form.Consent{{Key: "consent_client", Given: true, AfterMS: 171_000}, {Key: "consent_gps", Given: true, AfterMS: 179_500}, {Key: "consent_photos", Given: true, AfterMS: 186_200}},
	}
	paper, err := form.Fields(template, values, shown)
	if err != nil {
		return Draft{}, fmt.Errorf("%w: %v", err, form.Validate(template, values))
	}
	strokes := hand()
	fields := []seal.Content{
		content("strokes", strokes.Value()), content("signature_outline", strokes.Outline().Value()),
		content("witness", map[string]any{"name": "山﨑 誠", "affiliation": "株式会社みなと人材 営業部"}),
	}
	for _, name := range slices.Sorted(maps.Keys(paper)) {
		fields = append(fields, content(name, paper[name]))
	}
	for _, c := range more {
		fields = slices.DeleteFunc(fields, func(own seal.Content) bool { return own.Name == c.Name })
	}
	fields = append(fields, more...)
	return Draft{Kind: record.KindDeclarationSigned, Fields: fields}, nil
}

// hand is a hand on glass: six strokes that wave, with time and pressure.
func hand() form.Strokes {
	s := form.Strokes{Canvas: form.Canvas{W: 360_00, H: 220_00, DPR: 3_00}}
	var clock int64
	for stroke := range 6 {
		var line []int64
		for point := range 40 {
			phase := float64(point) / 6
			x := int64(20_00 + stroke*52_00 + point*1_10)
			y := int64(110_00 + 45_00*math.Sin(phase+float64(stroke)))
			line = append(line, x, y, clock, int64(400+200*math.Sin(phase/2)))
			clock += 16
		}
		s.Lines = append(s.Lines, line)
		clock += 140
	}
	return s
}
