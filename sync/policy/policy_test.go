package policy

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

func drawFacts(r *rapid.T) Facts {
	return Facts{
		Attempts: rapid.IntRange(0, 6).Draw(r, "attempts"), VisitsToday: rapid.IntRange(0, 4).Draw(r, "today"),
		VisitsWeek: rapid.IntRange(0, 6).Draw(r, "week"), ToldNotToCome: rapid.Bool().Draw(r, "told"),
		Disputed: rapid.Bool().Draw(r, "disputed"), AgreedHours: rapid.Bool().Draw(r, "agreed"),
	}
}

// worsen makes each fact worse or leaves it.
func worsen(r *rapid.T, f Facts) Facts {
	f.Attempts -= rapid.IntRange(0, f.Attempts).Draw(r, "fewer attempts")
	f.VisitsToday += rapid.IntRange(0, 4).Draw(r, "more today")
	f.VisitsWeek += rapid.IntRange(0, 4).Draw(r, "more in the week")
	f.ToldNotToCome = f.ToldNotToCome || rapid.Bool().Draw(r, "told now")
	f.Disputed = f.Disputed || rapid.Bool().Draw(r, "disputed now")
	f.AgreedHours = f.AgreedHours && rapid.Bool().Draw(r, "still agreed")
	return f
}

// drawPolicy draws what an office might publish: other hours, limits, levels.
func drawPolicy(r *rapid.T) Policy {
	p := JP1
	p.Rules = slices.Clone(JP1.Rules)
	for i := range p.Rules {
		rule := &p.Rules[i]
		if rule.Check != CheckToldNot && rule.Check != CheckDisputed {
			rule.Level = rapid.SampledFrom([]Level{Warn, Block}).Draw(r, "level")
		}
		if rule.Check == CheckHours {
			rule.From, rule.To = rapid.IntRange(0, 1439).Draw(r, "from"), rapid.IntRange(0, 1439).Draw(r, "to")
			rule.AgreedLevel = Warn
		}
		if rule.Limit > 0 {
			rule.Limit = rapid.Int64Range(1, 5).Draw(r, "limit")
		}
	}
	return p
}

// When facts get worse no finding goes away and none gets milder: a block, once
// there, stays.
func TestWorseFactsNeverHelp(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		p := drawPolicy(r)
		at := time.UnixMilli(rapid.Int64Range(-1e12, 4e12).Draw(r, "at"))
		f := drawFacts(r)
		before, after := Visit(p, at, f), Visit(p, at, worsen(r, f))
		for _, b := range before {
			i := slices.IndexFunc(after, func(a Finding) bool { return a.Rule == b.Rule })
			if i < 0 || (b.Level == Block && after[i].Level != Block) {
				r.Fatalf("%s %s is gone or milder: %v", b.Rule, b.Level, after)
			}
		}
		if Worst(before) == Block && Worst(after) != Block {
			r.Fatal("the block is gone")
		}
	})
}

// A day has one place for every minute: free, warned or blocked, and the same
// on every day and in every zone of the reader.
func TestHoursOfTheDay(t *testing.T) {
	f := Facts{Attempts: 3}
	var free, warned, blocked int
	for minute := range 24 * 60 {
		at := time.Date(2026, 11, 20, 0, minute, 59, 999999999, JP1.Location)
		list := Visit(JP1, at, f)
		switch Worst(list) {
		case Block:
			blocked++
		case Warn:
			warned++
		default:
			free++
		}
		if len(list) > 1 {
			t.Errorf("%v: %v", at, list)
		}
		if other := Visit(JP1, at.AddDate(0, 7, 0), f); Worst(other) != Worst(list) {
			t.Errorf("%v: another answer in summer", at)
		}
	}
	if free != 11*60 || warned != 2*60 || blocked != 11*60 {
		t.Errorf("%d free, %d warned, %d blocked", free, warned, blocked)
	}
	if _, offset := time.UnixMilli(0).In(JP1.Location).Zone(); offset != 9*3600 {
		t.Errorf("offset %d", offset)
	}
}

// The phone may take only photos that the schema of records knows, and the
// whitelist is complete.
func TestPhotoRolesAreThoseOfRecords(t *testing.T) {
	s, ok := record.SchemaOf(record.KindPhotoCaptured)
	if !ok {
		t.Fatal("no schema")
	}
	var codes []string
	for _, r := range JP1.PhotoRoles {
		code := r.Code
		if r.Paged {
			code += "_n"
		}
		codes = append(codes, code)
		if r.Name.JA == "" || r.Name.EN == "" {
			t.Errorf("%s has no name", r.Code)
		}
	}
	want := slices.DeleteFunc(slices.Clone(s.Roles), func(role string) bool { return role == "preview" })
	slices.Sort(want)
	slices.Sort(codes)
	if !slices.Equal(codes, want) {
		t.Errorf("%v, records have %v", codes, want)
	}
}

func FuzzParse(f *testing.F) {
	f.Add(Source())
	for _, c := range loadVectors(f).Invalid {
		f.Add([]byte(c.Policy))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := Parse(data)
		if err != nil {
			if len(ijson.List(err)) == 0 || p.Version != "" {
				t.Fatalf("untyped error or half a policy: %v", err)
			}
			return
		}
		noon := time.UnixMilli(1_795_000_000_000)
		bad := Facts{VisitsToday: 1001, VisitsWeek: 1001, ToldNotToCome: true, Disputed: true}
		if list := Visit(p, noon, bad); Worst(list) != Block || len(list) < 5 {
			t.Fatalf("a policy that lets everything pass: %v", list)
		}
		if len(Photo(p, "", "")) != 1 {
			t.Fatal("a photo of nothing passes")
		}
		if !Overdue(p, noon, time.Time{}, noon.Add(1001*time.Minute)) {
			t.Fatal("nobody is ever overdue")
		}
	})
}
