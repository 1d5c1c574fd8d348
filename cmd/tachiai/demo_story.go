package main

import (
	"fmt"
	"maps"
	"math"
	"slices"
	"time"

	"tachiai/server/field/fieldtest"
	"tachiai/sync/form"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// jst is Japan's clock: UTC+9, no summer time.
var jst = time.FixedZone("JST", 9*60*60)

// evening is the last evening that is over at now: the day whose 21:30 has
// passed in Japan.
func evening(now time.Time) time.Time {
	t := now.In(jst)
	day := time.Date(t.Year(), t.Month(), t.Day(), 0, 0, 0, 0, jst)
	if t.Before(day.Add(21*time.Hour + 30*time.Minute)) {
		day = day.AddDate(0, 0, -1)
	}
	return day
}

// teller is one phone in the story and the hands of its clock.
type teller struct {
	phone *fieldtest.Phone
	day   time.Time
	clock time.Time
	cause record.ID // the case
	visit record.ID
	held  []any // hashes of the visit so far, for visit.ended
}

// at moves the clock to hh:mm:ss of the evening and seals what happens then.
func (t *teller) at(hhmmss string, d fieldtest.Draft) error {
	moment, err := time.Parse("15:04:05", hhmmss)
	if err != nil {
		return err
	}
	t.clock = t.day.Add(time.Duration(moment.Hour())*time.Hour + time.Duration(moment.Minute())*time.Minute + time.Duration(moment.Second())*time.Second)
	d.Case, d.Policy = t.cause, "jp-1"
	if d.Kind != record.KindContactLogged {
		d.Visit = t.visit
	}
	entry, err := t.phone.Seal(d)
	if err != nil {
		return fmt.Errorf("%s %s: %w", hhmmss, d.Kind, err)
	}
	t.held = append(t.held, entry.Hash.String())
	return nil
}

func content(name string, value any) seal.Content { return seal.Content{Name: name, Value: value} }

// contact is one attempt to reach the worker.
func contact(channel record.Channel, result record.ContactResult, note string) fieldtest.Draft {
	return fieldtest.Draft{Kind: record.KindContactLogged, Fields: []seal.Content{
		content("channel", string(channel)), content("result", string(result)), content("note", note),
	}}
}

// here is a good fix at the door of the registered address.
func here() []seal.Content {
	return []seal.Content{
		content("geo", map[string]any{"lat": 356581000, "lng": 1397016000, "accuracy_m": 12, "age_ms": 900}),
		content("place_match", map[string]any{"verdict": "match", "distance_band": "le_50", "accuracy_m": 12}),
	}
}

func started(more ...seal.Content) fieldtest.Draft {
	return fieldtest.Draft{Kind: record.KindVisitStarted, Fields: append(append(here(), content("place", "doorstep")), more...)}
}

func photo(role string, bytes []byte, source string, more ...seal.Content) fieldtest.Draft {
	return fieldtest.Draft{
		Kind:   record.KindPhotoCaptured,
		Fields: append([]seal.Content{content("source", source)}, more...),
		Photos: []fieldtest.Photo{{ID: "p1", Role: role, Type: mediaType(bytes), Bytes: bytes}},
	}
}

func note(text string) fieldtest.Draft {
	return fieldtest.Draft{Kind: record.KindNoteWritten, Fields: []seal.Content{content("note", text)}}
}

func explained(rule, words string) fieldtest.Draft {
	return fieldtest.Draft{Kind: record.KindPolicyExplained, Fields: []seal.Content{content("rule", rule), content("explanation", words)}}
}

// ended closes the visit and names every record of it, which is what proves it
// complete.
func (t *teller) ended(hhmmss string, outcome record.Outcome, words string) error {
	return t.at(hhmmss, fieldtest.Draft{Kind: record.KindVisitEnded, Fields: append(here(),
		content("outcome", string(outcome)), content("records", t.held), content("note", words))})
}

// firstVisit is phone B's evening: four attempts, then nobody at home.
func firstVisit(t *teller, notice []byte) error {
	for _, c := range []struct {
		at string
		d  fieldtest.Draft
	}{
		{"16:02:10", contact(record.ChannelPhone, record.ContactNoAnswer, "呼出音のみ。応答なし。")},
		{"16:05:40", contact(record.ChannelMail, record.ContactSent, "入館証の返却のお願いを送信。")},
		{"16:40:05", contact(record.ChannelSMS, record.ContactSent, "折り返しのお願いを送信。")},
		{"18:10:30", contact(record.ChannelPhone, record.ContactVoicemail, "留守番電話に用件を残した。")},
	} {
		if err := t.at(c.at, c.d); err != nil {
			return err
		}
	}
	t.held = nil
	if err := t.at("18:41:00", started()); err != nil {
		return err
	}
	if err := t.at("18:44:20", note("呼び鈴を三度鳴らしたが応答なし。室内灯は消えている。")); err != nil {
		return err
	}
	if err := t.at("18:47:10", photo("absence_note", notice, "camera")); err != nil {
		return err
	}
	return t.ended("18:49:00", record.Outcome("absent"), "不在票を投函した。")
}

// secondVisit is phone A's evening: K at the door, the restaurant, the signed
// declaration.
func secondVisit(t *teller, photos [][]byte) error {
	steps := []struct {
		at string
		d  fieldtest.Draft
	}{
		{"20:12:00", started(content("planned_end", t.day.Add(21*time.Hour+30*time.Minute).UnixMilli()), content("companions", []any{}))},
		{"20:12:40", explained("hours", "本人が電話で「今夜なら会える」と述べたため、20時過ぎに訪問した。")},
		{"20:14:30", fieldtest.Draft{Kind: record.KindIdentityChecked, Fields: []seal.Content{content("method", "known_by_sight")}}},
		{"20:16:05", note("K様「入館証は先週の可燃ごみで捨てた。返せとは聞いていなかった」。")},
		{"20:31:00", fieldtest.Draft{Kind: record.KindPlaceChanged, Fields: []seal.Content{
			content("place", "restaurant"), content("place_name", "駅前のファミリーレストラン"), content("geo_missing", "timeout"),
		}}},
	}
	for _, s := range steps {
		if err := t.at(s.at, s.d); err != nil {
			return err
		}
	}
	for i, bytes := range photos {
		role, source, more := "badge_pieces", "camera", []seal.Content(nil)
		if i > 0 {
			role, source, more = "other", "library", []seal.Content{content("note", "提供された写真")}
		}
		taken := time.Duration(i) * min(45*time.Second, 20*time.Minute/time.Duration(len(photos)))
		if err := t.at(t.day.Add(20*time.Hour+40*time.Minute+taken).Format("15:04:05"), photo(role, bytes, source, more...)); err != nil {
			return err
		}
	}
	signed, err := declaration(t.day)
	if err != nil {
		return err
	}
	if err := t.at("21:02:45", signed); err != nil {
		return err
	}
	return t.ended("21:09:30", record.Outcome("discarded_claimed"), "申告書の写しはQRコードで後日渡す。")
}

// declaration is the worker's own statement, read to the end and signed on the
// rep's phone (method H).
func declaration(day time.Time) (fieldtest.Draft, error) {
	template, ok := form.Lookup("disposal_declaration", 1)
	if !ok {
		return fieldtest.Draft{}, fmt.Errorf("the template disposal_declaration 1 is not built in")
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
		return fieldtest.Draft{}, fmt.Errorf("%w: %v", err, form.Validate(template, values))
	}
	hand := signature()
	fields := []seal.Content{
		content("strokes", hand.Value()), content("signature_outline", hand.Outline().Value()),
		content("witness", map[string]any{"name": "山﨑 誠", "affiliation": "株式会社みなと人材 営業部"}),
	}
	for _, name := range slices.Sorted(maps.Keys(paper)) {
		fields = append(fields, content(name, paper[name]))
	}
	return fieldtest.Draft{Kind: record.KindDeclarationSigned, Fields: fields}, nil
}

// signature is a hand on glass: six strokes that wave, with time and pressure.
func signature() form.Strokes {
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
