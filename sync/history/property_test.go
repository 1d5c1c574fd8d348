package history

import (
	"fmt"
	"maps"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"tachiai/sync/record"
)

// generate makes the office's records, in their order, and those of three
// phones that share cases and visit ids, with clocks that are wrong, times that
// tie, lists that lie, kinds that nobody knows and fields that are gone.
func generate(t *testing.T, rt *rapid.T) (offices, phones []arrived) {
	n := 0
	next := func() int { n++; return n }
	cases := []record.ID{id(1), id(2), id(3)}
	visits := []record.ID{{}, id(11), id(12), id(13)}
	pick := func(list []string, label string) string { return rapid.SampledFrom(list).Draw(rt, label) }
	at := base
	for range rapid.IntRange(0, 12).Draw(rt, "office") {
		at += rapid.Int64Range(-2, 7200_000).Draw(rt, "later")
		c := rapid.SampledFrom(cases).Draw(rt, "case")
		kind := record.Kind(pick([]string{
			"case.opened", "case.assigned", "case.changed", "case.voided", "review.decided", "disclosure.prepared",
			"disclosure.approved", "disclosure.acknowledged", "disclosure.opened", "consent.withdrawn", "member.changed", "file.attached", "photo.redacted",
		}, "kind"))
		a := office(t, next(), kind, c, rapid.SampledFrom(visits).Draw(rt, "visit"), at, fields{
			"number": fmt.Sprint(n), "worker_name": "髙橋 𠮷男", "members": []string{id(1001).String(), id(1002).String()},
			"to":          pick([]string{"review", "closed", "contacting", "welfare", "nonsense"}, "to"),
			"merged_into": id(3).String(), "decision": "approved", "disclosure": id(77).String(), "disclosures": []string{id(77).String()},
			"scope": []string{"geo"}, "member": id(1001).String(), "name": fmt.Sprint(n), "roles": []string{"rep"}, "active": true,
			"item_state": pick([]string{"on_loan", "returned"}, "item"), "record": hash(7).String(), "original": "p1",
		})
		a.Actor = id(2000 + rapid.IntRange(0, 1).Draw(rt, "actor"))
		offices = append(offices, a)
	}
	for d := 1; d <= 3; d++ {
		var before []arrived
		for seq := range int64(rapid.IntRange(0, 9).Draw(rt, "journal")) {
			a := generatePhone(t, rt, next(), d, seq+1, before, cases, visits)
			before = append(before, a)
		}
		phones = append(phones, before...)
	}
	return offices, phones
}

func generatePhone(t *testing.T, rt *rapid.T, n, d int, seq int64, before []arrived, cases, visits []record.ID) arrived {
	listed := hashes(before...)
	if len(listed) > 0 && rapid.IntRange(0, 3).Draw(rt, "liar") == 0 {
		listed = listed[1:]
	}
	content := fields{
		"channel": "phone", "result": "no_answer", "place": "doorstep", "planned_end": base + 5,
		"outcome": rapid.SampledFrom(record.Outcomes).Draw(rt, "outcome").Code,
		"records": listed, "note": "メモ", "record": hash(7).String(), "original": "p1",
	}
	for name := range maps.Clone(content) {
		if rapid.IntRange(0, 9).Draw(rt, "gone") == 0 {
			delete(content, name)
		}
	}
	a := phone(t, n, d, seq, record.Kind(rapid.SampledFrom([]string{
		"contact.logged", "visit.started", "visit.started", "place.changed", "note.written", "visit.ended", "visit.ended",
		"record.amended", "file.attached", "photo.redacted", "case.changed", "future.kind",
	}).Draw(rt, "kind")), rapid.SampledFrom(cases).Draw(rt, "case"), rapid.SampledFrom(visits).Draw(rt, "visit"),
		base+rapid.Int64Range(-3, 3).Draw(rt, "at")*3600_000, content)
	if rapid.Bool().Draw(rt, "clock") {
		a.Clock = &record.Clock{OffsetMS: rapid.Int64Range(-9, 9).Draw(rt, "offset") * 1000}
	}
	if len(before) > 0 {
		a.Amends = rapid.SampledFrom(before).Draw(rt, "amends").Hash
	}
	if rapid.Bool().Draw(rt, "flagged") {
		a.Meta.Flags = []record.Flag{record.FlagLate, record.FlagSchema}[:rapid.IntRange(1, 2).Draw(rt, "flags")]
	}
	if rapid.IntRange(0, 9).Draw(rt, "version") == 0 {
		a.V = 2
	}
	return a
}

// interleave puts the phones' records into any order at all between those of
// the office, which keep theirs.
func interleave(rt *rapid.T, offices, phones []arrived) []arrived {
	list := slices.Clone(offices)
	for _, p := range rapid.Permutation(phones).Draw(rt, "arrival") {
		list = slices.Insert(list, rapid.IntRange(0, len(list)).Draw(rt, "place"), p)
	}
	return list
}

func TestOrderOfArrivalMakesNoDifference(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		offices, phones := generate(t, rt)
		one, two := interleave(rt, offices, phones), interleave(rt, offices, phones)
		if a, b := text(t, fold(one...), false), text(t, fold(two...), false); a != b {
			rt.Fatalf("two orders, two histories:\n%s\n%s", a, b)
		}
	})
}

func TestReplayChangesNothing(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		offices, phones := generate(t, rt)
		list := interleave(rt, offices, phones)
		set := fold(list...)
		before := text(t, set, true)
		for i := range list {
			list[i].Index = int64(i)
		}
		for _, a := range rapid.SliceOf(rapid.SampledFrom(append(list, seal(t, 9999, record.Structure{Kind: "clock.anchored"}, nil)))).Draw(rt, "again") {
			Apply(set, a.Record, a.Meta)
		}
		if after := text(t, set, true); after != before {
			rt.Fatalf("before %s\nafter  %s", before, after)
		}
	})
}

// Fields that come with a later push lead to the same states as if they had
// come at once, and states survive being stored at any time.
func TestLateFieldsAndStorage(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		offices, phones := generate(t, rt)
		list := interleave(rt, offices, phones)
		want := text(t, fold(list...), true)
		set := Set{}
		var late []arrived
		for i, a := range list {
			a.Index = int64(i)
			if !a.Office() && rapid.Bool().Draw(rt, "late") {
				late = append(late, a)
				bare := *a.Record
				bare.Fields = nil
				a.Record = &bare
			}
			Apply(set, a.Record, a.Meta)
			if rapid.IntRange(0, 3).Draw(rt, "store") == 0 {
				set = stored(t, set)
			}
		}
		for _, a := range rapid.Permutation(late).Draw(rt, "order") {
			Apply(set, a.Record, a.Meta)
		}
		if got := text(t, set, true); got != want {
			rt.Fatalf("got  %s\nwant %s", got, want)
		}
	})
}

func stored(t testing.TB, set Set) Set {
	t.Helper()
	fresh := Set{}
	for k, s := range set {
		body, err := Encode(s)
		if err != nil {
			t.Fatal(err)
		}
		if fresh[k], err = Decode(k, body); err != nil {
			t.Fatal(err)
		}
	}
	return fresh
}

// What Apply says has changed is all that has changed, and keys that Keys did
// not name are never touched.
func TestChangedIsWhatChanged(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		offices, phones := generate(t, rt)
		set := Set{}
		for i, a := range interleave(rt, offices, phones) {
			a.Index = int64(i)
			before := stored(t, set)
			keys, changed := Keys(a.Record), Apply(set, a.Record, a.Meta)
			for k, s := range set {
				now, _ := Encode(s)
				old, _ := Encode(New(k))
				if b, ok := before[k]; ok {
					old, _ = Encode(b)
				}
				if string(now) != string(old) && !slices.Contains(changed, k) {
					rt.Fatalf("%s moved %v unsaid:\n%s\n%s", a.Kind, k, old, now)
				}
				if slices.Contains(changed, k) && !slices.Contains(keys, k) {
					rt.Fatalf("%s moved %v, which Keys does not name", a.Kind, k)
				}
			}
		}
	})
}
