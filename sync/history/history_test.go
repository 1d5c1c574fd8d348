package history

import (
	"slices"
	"strings"
	"testing"

	"tachiai/sync/record"
)

const minute = int64(60_000)

// the office's records of an ordinary case
func opened(t testing.TB, c record.ID) []arrived {
	return []arrived{
		office(t, 101, record.KindCaseOpened, c, record.ID{}, base-72*60*minute, fields{
			"number": "2026-0142", "worker_name": "髙橋 𠮷男", "client": "T社", "item": "入館証",
		}),
		office(t, 102, record.KindCaseAssigned, c, record.ID{}, base-71*60*minute, fields{"members": []string{id(1001).String()}}),
	}
}

func TestStateOfCase(t *testing.T) {
	c, v, w := id(1), id(11), id(12)
	none := record.ID{}
	contact := phone(t, 1, 1, 1, record.KindContactLogged, c, none, base, fields{"channel": "phone", "result": "no_answer"})
	start := phone(t, 2, 1, 2, record.KindVisitStarted, c, v, base+minute, fields{"place": "doorstep"})
	end := func(outcome string) arrived {
		return phone(t, 3, 1, 3, record.KindVisitEnded, c, v, base+20*minute, fields{"outcome": outcome, "records": hashes(start)})
	}
	bare := end("returned")
	bare.Fields = nil
	backwards := end("lost_claimed")
	backwards.At = base - 300*minute
	change := func(n int, at int64, to string) arrived {
		return office(t, n, record.KindCaseChanged, c, none, at, fields{"to": to})
	}
	second := phone(t, 5, 2, 1, record.KindVisitStarted, c, w, base+60*minute, nil)
	ahead := phone(t, 6, 2, 1, record.KindVisitStarted, c, w, base+400*24*60*minute, nil)
	lateContact := phone(t, 7, 2, 2, record.KindContactLogged, c, none, base+90*minute, fields{"channel": "sms"})
	impostor := phone(t, 8, 2, 3, record.KindCaseChanged, c, none, base+90*minute, fields{"to": "closed"})
	future := start
	future.Record = &record.Record{Structure: start.Structure, Hash: start.Hash, KeyID: start.KeyID}
	future.V = 2
	tests := []struct {
		name string
		then []arrived
		want record.State
	}{
		{"opened", nil, record.StateReceived},
		{"contact", []arrived{contact}, record.StateContacting},
		{"visit", []arrived{contact, start}, record.StateVisiting},
		{"a late contact moves nothing back", []arrived{start, lateContact}, record.StateVisiting},
		{"absent", []arrived{start, end("absent")}, record.StateContacting},
		{"returned", []arrived{start, end("returned")}, record.StateRecovered},
		{"declared", []arrived{start, end("discarded_claimed")}, record.StateStated},
		{"refused", []arrived{start, end("asked_to_leave")}, record.StateRefused},
		{"disputed", []arrived{start, end("disputed")}, record.StateDisputed},
		{"welfare", []arrived{start, end("unsafe_unknown")}, record.StateWelfare},
		{"the end before the start", []arrived{end("returned"), start}, record.StateRecovered},
		{"the end without a start", []arrived{end("returned")}, record.StateRecovered},
		{"an end whose fields are erased", []arrived{start, bare}, record.StateContacting},
		{"a clock set back during the visit", []arrived{start, backwards}, record.StateStated},
		{"an older visit that comes late", []arrived{second, start, end("absent")}, record.StateVisiting},
		{"review", []arrived{start, end("absent"), change(4, base+30*minute, "review")}, record.StateReview},
		{"a visit from before the review that comes after it", []arrived{change(4, base+30*minute, "review"), start, end("absent")}, record.StateReview},
		{"a visit after the review", []arrived{change(4, base, "review"), start}, record.StateVisiting},
		{"closed stays closed", []arrived{change(4, base, "closed"), start, end("returned"), contact}, record.StateClosed},
		{"and is opened again by the office", []arrived{change(4, base, "closed"), change(9, base, "contacting")}, record.StateContacting},
		{"the ledger orders the office, not its clocks", []arrived{change(4, base, "review"), change(9, base-5, "contacting")}, record.StateContacting},
		{"a state that there is not", []arrived{change(4, base, "nonsense")}, record.StateReceived},
		{"a phone cannot make an office record", []arrived{impostor}, record.StateReceived},
		{"a version that is not known", []arrived{future}, record.StateReceived},
		{"a clock a year ahead counts from its receipt", []arrived{ahead, change(4, later+minute, "review")}, record.StateReview},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			got := caseOf(t, fold(append(opened(t, id(1)), c.then...)...), id(1))
			if got.State != c.want {
				t.Errorf("%s, want %s", got.State, c.want)
			}
			if !got.Known() || got.Closed() != (c.want == record.StateClosed) || !got.AssignedTo(id(1001)) || got.AssignedTo(id(1002)) {
				t.Error("the office's word is lost")
			}
		})
	}
}

func TestCompleteVisit(t *testing.T) {
	c, v := id(1), id(11)
	start := phone(t, 1, 1, 1, record.KindVisitStarted, c, v, base, nil)
	note := phone(t, 2, 1, 2, record.KindNoteWritten, c, v, base+1, fields{"note": "不在"})
	other := phone(t, 4, 2, 1, record.KindNoteWritten, c, v, base+1, fields{"note": "別の端末"})
	after := phone(t, 5, 1, 4, record.KindFileAttached, c, v, base+3, nil)
	end := func(list any) arrived {
		return phone(t, 3, 1, 3, record.KindVisitEnded, c, v, base+2, fields{"outcome": "absent", "records": list})
	}
	tests := []struct {
		name              string
		list              []arrived
		complete          bool
		missing, unlisted int
	}{
		{"all there", []arrived{start, note, end(hashes(start, note))}, true, 0, 0},
		{"in the wrong order", []arrived{end(hashes(start, note)), note, start}, true, 0, 0},
		{"one missing", []arrived{start, end(hashes(start, note))}, false, 1, 0},
		{"one left out", []arrived{start, note, end(hashes(start))}, false, 0, 1},
		{"one left out that comes late", []arrived{start, end(hashes(start)), note}, false, 0, 1},
		{"another phone and later records are not on the list", []arrived{start, note, other, end(hashes(start, note)), after}, true, 0, 0},
		{"no end", []arrived{start, note}, false, 0, 0},
		{"a list that is none", []arrived{start, note, end("all")}, false, 0, 0},
		{"a list with a stranger", []arrived{start, note, end([]any{start.Hash, 7})}, false, 0, 0},
		{"one named twice", []arrived{start, note, end(hashes(start, note, note))}, true, 0, 0},
	}
	for _, c := range tests {
		t.Run(c.name, func(t *testing.T) {
			set := fold(c.list...)
			got := visitOf(t, set, id(1), v)
			if got.Complete != c.complete || len(got.Missing) != c.missing || len(got.Unlisted) != c.unlisted {
				t.Errorf("complete %v, missing %d, unlisted %d", got.Complete, len(got.Missing), len(got.Unlisted))
			}
			if len(got.Records) != len(c.list) {
				t.Errorf("%d records listed of %d", len(got.Records), len(c.list))
			}
			if s := caseOf(t, set, id(1)).Visits; len(s) != 1 || s[0].Complete != c.complete {
				t.Errorf("the case says %+v", s)
			}
		})
	}
}

// A correction of the rep's own counts; one by somebody else is only listed.
func TestCorrections(t *testing.T) {
	c, v := id(1), id(11)
	end := phone(t, 1, 1, 1, record.KindVisitEnded, c, v, base, fields{"outcome": "absent"})
	amend := func(n, d int, of arrived, outcome string) arrived {
		a := phone(t, n, d, int64(n), record.KindRecordAmended, c, v, base+int64(n), fields{"outcome": outcome})
		a.Amends = of.Hash
		return a
	}
	first := amend(2, 1, end, "met_only")
	again := amend(3, 1, first, "returned")
	foreign := amend(4, 2, end, "refused")
	for _, list := range [][]arrived{{end, first, again, foreign}, {foreign, again, first, end}} {
		set := fold(list...)
		got := visitOf(t, set, c, v)
		if got.Outcome != record.OutcomeReturned || got.EndedAs != record.OutcomeAbsent || len(got.Corrections) != 3 {
			t.Errorf("outcome %s, ended as %s, %d corrections", got.Outcome, got.EndedAs, len(got.Corrections))
		}
		if k := caseOf(t, set, c); k.State != record.StateRecovered || k.Item.State != ItemReturned {
			t.Errorf("case %s, item %s", k.State, k.Item.State)
		}
	}
}

// A record of another case that borrows a visit's id disturbs nothing.
func TestForeignVisitID(t *testing.T) {
	v := id(11)
	mine := phone(t, 1, 1, 1, record.KindVisitStarted, id(1), v, base, nil)
	foreign := phone(t, 2, 2, 1, record.KindVisitEnded, id(2), v, base+1, fields{"outcome": "returned"})
	set := fold(mine, foreign)
	if visitOf(t, set, id(1), v).Ended != nil || caseOf(t, set, id(1)).State != record.StateVisiting {
		t.Error("ended by another case's record")
	}
}

// jsonb holds every string but those with U+0000.
func TestNoNUL(t *testing.T) {
	c := id(1)
	set := fold(
		office(t, 1, record.KindCaseOpened, c, record.ID{}, base, fields{"number": `a\u0000b` + "\\", "worker_name": "K", "client": "\x00", "item": "i"}),
		phone(t, 2, 1, 1, record.KindContactLogged, c, id(11), base, fields{"channel": "pho\x00ne", "result": strings.Repeat("長", 9000)}),
		office(t, 3, record.KindMemberChanged, record.ID{}, record.ID{}, base, fields{"member": id(7).String(), "name": "K\x00", "roles": []string{"\x00"}}),
		office(t, 4, record.KindPolicyPublished, record.ID{}, record.ID{}, base, fields{"version": "1\x00", "body": map[string]any{"k\x00": `\\u0000` + "\x00"}}),
	)
	all := text(t, set, true)
	if strings.Contains(strings.ReplaceAll(all, `\\`, ""), `\u0000`) || strings.Contains(all, "\x00") || len(all) > 12000 {
		t.Errorf("not storable: %q", all)
	}
	if got := string(set[Key{TypePolicy, "1␀"}].(*Policy).Body); got != `{"k␀":"\\\\u0000␀"}` {
		t.Errorf("body %s", got)
	}
}

func TestChangedCase(t *testing.T) {
	c, v := id(1), id(11)
	set := fold(append(opened(t, c), phone(t, 1, 1, 1, record.KindVisitStarted, c, v, base, nil))...)
	note := phone(t, 2, 1, 2, record.KindNoteWritten, c, v, base+1, nil)
	note.Index = 3
	if changed := Apply(set, note.Record, note.Meta); !slices.Equal(changed, []Key{visitKey(c, v)}) {
		t.Errorf("a note changed %v", changed)
	}
	note.Meta.Flags = []record.Flag{record.FlagFork}
	if changed := Apply(set, note.Record, note.Meta); len(changed) != 2 || caseOf(t, set, c).Flags != 1 {
		t.Errorf("a flagged note changed %v", changed)
	}
	answer := office(t, 3, record.KindFlagAnswered, c, v, base+2, fields{"record": note.Hash.String(), "flag": "fork"})
	answer.Index = 4
	Apply(set, answer.Record, answer.Meta)
	if got := find(visitOf(t, set, c, v).Records, note.Hash); !slices.Equal(got.Answered, []record.Flag{"fork"}) {
		t.Errorf("answered %v", got.Answered)
	}
}

func TestBounds(t *testing.T) {
	set := Set{}
	for i := range MaxRefs + 5 {
		a := phone(t, i, 1, int64(i+1), record.KindContactLogged, id(1), id(11), base+int64(i), nil)
		a.Index = int64(i)
		Apply(set, a.Record, a.Meta)
	}
	c, v := caseOf(t, set, id(1)), visitOf(t, set, id(1), id(11))
	if len(c.Attempts) != MaxRefs || c.More != 5 || len(v.Records) != MaxRefs || v.More != 5 {
		t.Errorf("case %d + %d, visit %d + %d", len(c.Attempts), c.More, len(v.Records), v.More)
	}
}

func TestDecodeRefuses(t *testing.T) {
	for _, c := range []struct {
		key  Key
		body string
	}{
		{Key{"nothing", "x"}, "{}"}, {caseKey(id(1)), "[]"}, {caseKey(id(1)), `{"id":"` + id(2).String() + `"}`},
	} {
		if s, err := Decode(c.key, []byte(c.body)); err == nil {
			t.Errorf("%v: %s became %v", c.key, c.body, s)
		}
	}
}

func BenchmarkVisit(b *testing.B) {
	c, v := id(1), id(11)
	start := phone(b, 1, 1, 1, record.KindVisitStarted, c, v, base, fields{"place": "doorstep"})
	note := phone(b, 2, 1, 2, record.KindNoteWritten, c, v, base+1, fields{"note": "不在"})
	end := phone(b, 3, 1, 3, record.KindVisitEnded, c, v, base+2, fields{"outcome": "absent", "records": hashes(start, note)})
	head := opened(b, c)
	b.ReportAllocs()
	for b.Loop() {
		b.StopTimer()
		set := fold(head...)
		b.StartTimer()
		for i, a := range []arrived{start, note, end} {
			a.Index = int64(i + 2)
			Apply(set, a.Record, a.Meta)
		}
	}
}
