package main

import (
	"fmt"
	"time"

	"tachiai/server/field/fieldtest"
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
	own   ownCopy
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

// hidden is what the rep makes of a photo when he hides parts of it; the client is shown nothing else of it.
func hidden(photo any, picture []byte) fieldtest.Draft {
	return fieldtest.Draft{
		Kind: record.KindPhotoRedacted, Fields: []seal.Content{content("record", photo), content("original", "p1")},
		Photos: []fieldtest.Photo{{ID: "redacted", Role: "redacted", Type: mediaType(picture), Bytes: picture}},
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
		{"20:12:40", explained("hours_late", "本人が電話で「今夜なら会える」と述べたため、20時過ぎに訪問した。")},
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
	var first any // the hash of the first photo
	for i, bytes := range photos {
		role, source, more := "badge_pieces", "camera", []seal.Content(nil)
		if i > 0 {
			role, source, more = "other", "library", []seal.Content{content("note", "提供された写真")}
		}
		taken := time.Duration(i) * min(45*time.Second, 20*time.Minute/time.Duration(len(photos)))
		if err := t.at(t.day.Add(20*time.Hour+40*time.Minute+taken).Format("15:04:05"), photo(role, bytes, source, more...)); err != nil {
			return err
		}
		if i == 0 {
			first = t.held[len(t.held)-1]
		}
	}
	if picture := partlyHidden(photos[0]); picture != nil {
		if err := t.at("21:01:30", hidden(first, picture)); err != nil {
			return err
		}
	}
	signed, err := fieldtest.Paper(t.day, t.own.fields()...)
	if err != nil {
		return err
	}
	if err := t.at("21:02:45", signed); err != nil {
		return err
	}
	return t.ended("21:09:30", record.Outcome("discarded_claimed"), "申告書の写しはQRコードで後日渡す。")
}
