package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"tachiai/sync/form"
	"tachiai/sync/seal"
)

// declaration is the content of a signed 廃棄申告書: the filled form, how it was shown, and a signature of about 12 KiB of points. Every visit seals
// it with salts of its own.
func declaration(now time.Time) ([]seal.Content, error) {
	template, ok := form.Lookup("disposal_declaration", 1)
	if !ok {
		return nil, fmt.Errorf("the template disposal_declaration 1 is not built in")
	}
	values := answers(now)
	for _, item := range template.Items {
		if _, filled := values[item.Key]; !filled && item.Required && item.Type == form.TypeParagraph {
			values[item.Key] = item.Default.JA
		}
	}
	shown := form.Presentation{
		Template: template.ID, Version: template.Version, Lang: form.JA, Method: "H",
		ShownMS: 180_000, ScrolledToEnd: true, Copy: "qr",
		Consents: []form.Consent{{Key: "consent_client", Given: true, AfterMS: 141_000}, {Key: "consent_gps", Given: true, AfterMS: 150_000}, {Key: "consent_photos", Given: true, AfterMS: 160_000}},
	}
	paper, err := form.Fields(template, values, shown)
	if err != nil {
		return nil, fmt.Errorf("%w: %v", err, form.Validate(template, values))
	}
	hand := signature()
	content := here(
		field("strokes", hand.Value()), field("signature_outline", hand.Outline().Value()),
		field("witness", map[string]any{"name": "山﨑 誠", "affiliation": "株式会社みなと人材 営業部"}),
	)
	for _, name := range slices.Sorted(maps.Keys(paper)) {
		content = append(content, field(name, paper[name]))
	}
	return content, nil
}

// answers fill the form.
func answers(now time.Time) map[string]any {
	date := func(days int) string { return now.AddDate(0, 0, days).Format("2006-01-02") }
	return map[string]any{
		"document_no": "DD-0001", "written_at": date(0) + "T21:02", "written_place": "restaurant", "addressed_to": "株式会社みなと人材",
		"worker": map[string]any{"name": "髙橋 健", "kana": "タカハシ ケン"}, "address": "東京都港区三田一丁目2番3号", "phone": "090-0000-0147", "staff_no": "MJ-10147",
		"client": "株式会社東都ホールディングス", "contract_end": date(-12),
		"item_kind": "入館証", "item_number": "TH-00147", "item_count": "1枚", "item_lent_on": date(-200), "item_accessories": "ストラップ、ケース",
		"last_possessed_when": map[string]any{"from": date(-9), "about": true}, "last_possessed_where": "自宅",
		"discarded_when": map[string]any{"from": date(-8), "to": date(-6), "about": true}, "discarded_where": "自宅のごみ集積所",
		"discarded_how": "household_waste", "discarded_state": "ic_not_cut", "waste_category": "可燃ごみ", "collection_day": "火曜・金曜",
		"reason":             "もう使わないと思い、ほかの書類と一緒に捨てました。",
		"return_instruction": "not_remembered", "not_lent": true, "not_copied": true, "not_entered": true, "report_if_found": true,
		"voluntary": true, "read": true, "copy_received": false, "consent_client": true, "consent_gps": true, "consent_photos": true,
		"identity_method": "known_by_sight", "witness": map[string]any{"name": "山﨑 誠"}, "witness_affiliation": "株式会社みなと人材 営業部",
		"copy": "qr", "signature_method": "H", "pd_recipients": "株式会社東都ホールディングス", "pd_contact": "株式会社みなと人材 個人情報相談窓口",
	}
}

// signature is a hand on glass: ten strokes of 62 points, about 12 KiB as JSON.
func signature() form.Strokes {
	s := form.Strokes{Canvas: form.Canvas{W: 360_00, H: 220_00, DPR: 3_00}}
	var clock int64
	for stroke := range 10 {
		var line []int64
		for point := range 62 {
			phase := float64(point) / 6
			line = append(line, int64(20_00+stroke*31_00+point*71), int64(110_00+45_37*math.Sin(phase+float64(stroke))), clock, int64(400+211*math.Sin(phase/2)))
			clock += 16
		}
		s.Lines = append(s.Lines, line)
		clock += 140
	}
	return s
}
