package history

import (
	"bytes"
	"slices"
	"testing"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// FuzzApply gives the fold a record of any kind with any fields: nothing makes
// it fail, its states can be stored in jsonb and read again, and the record
// applied a second time changes nothing.
func FuzzApply(f *testing.F) {
	kinds := []record.Kind{"unknown.kind"}
	for _, k := range []string{
		"contact.logged", "visit.started", "place.changed", "visit.ended", "record.amended", "case.opened", "case.assigned",
		"case.changed", "case.voided", "review.decided", "flag.answered", "disclosure.prepared", "disclosure.approved",
		"disclosure.acknowledged", "consent.withdrawn", "device.enrolled", "device.revoked", "member.changed",
		"template.published", "policy.published", "erasure.done", "quarantine.released", "quarantine.rejected",
	} {
		kinds = append(kinds, record.Kind(k))
	}
	for i := range kinds {
		f.Add(uint8(i), uint8(i), int64(i), int64(-i), []byte(`{"outcome":"returned","records":["`+hash(1).String()+`"],"members":["`+id(5).String()+`"],"to":"closed"}`))
		f.Add(uint8(i), uint8(7), base, int64(1)<<52, []byte(`{"disclosure":"`+id(9).String()+`","disclosures":["`+id(9).String()+`"],"decision":"approved","recipient":{"name":"O\u0000"},
			"member":"`+id(7).String()+`","kid":"`+hash(2).String()+`","jwk":{},"template":"t","version":1,"body":{"\u0000":"\\u0000"},"sha256":"`+string(bytes.Repeat([]byte("a"), 64))+`"}`))
	}
	f.Fuzz(func(t *testing.T, kind, shape uint8, at, offset int64, content []byte) {
		v, err := ijson.Parse(content, ijson.Limits{})
		if err != nil || v.Kind() != ijson.Object {
			return
		}
		r := &record.Record{Hash: hash(3), Structure: record.Structure{
			V: 1 + int(shape>>7), ID: id(3), Kind: kinds[int(kind)%len(kinds)], At: at % (1 << 53), Actor: id(4), Amends: hash(int(shape)),
		}}
		if shape&1 != 0 {
			r.Case = id(1)
		}
		if shape&2 != 0 {
			r.Visit = id(2)
		}
		if shape&4 != 0 {
			r.Seq, r.KeyID, r.Clock = 1, kid(1), &record.Clock{OffsetMS: offset % (1 << 53)}
		}
		for name, value := range v.Members() {
			r.Fields = append(r.Fields, record.Field{Name: name, Value: value})
		}
		m := Meta{Index: 20, ReceivedAt: base, Flags: []record.Flag{"late"}}
		set := fold(append(opened(t, id(1)), phone(t, 2, 1, 1, record.KindVisitStarted, id(1), id(2), base, nil))...)
		keys, changed := Keys(r), Apply(set, r, m)
		for _, k := range changed {
			if !slices.Contains(keys, k) {
				t.Fatalf("moved %v, which Keys does not name", k)
			}
		}
		before := text(t, set, true)
		again := stored(t, set)
		for _, s := range set {
			body, _ := Encode(s)
			if _, err := ijson.Parse(body, ijson.Limits{Bytes: 1 << 24}); err != nil {
				t.Fatalf("%v in %s", err, body)
			}
			if bytes.Contains(bytes.ReplaceAll(body, []byte(`\\`), nil), []byte(`\u0000`)) {
				t.Fatalf("U+0000 in %s", body)
			}
		}
		Apply(again, r, m)
		if after := text(t, again, true); after != before {
			t.Fatalf("before %s\nafter  %s", before, after)
		}
	})
}
