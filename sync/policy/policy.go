// Package policy holds the conduct policy: at which hours, how often and after
// what a worker may be visited, and what may be photographed. The rules are
// data with a source each (docs/policy.md); judging is pure, so that the phone
// does it offline and the server again.
//
// The policy can block the beginning of a visit. It never blocks saving what
// has happened: a finding is recorded, asks for an explanation, and is shown to
// the reviewer.
package policy

import (
	_ "embed"
	"slices"
	"time"

	"tachiai/sync/record"
)

// A Level says what a finding does.
type Level string

const (
	Warn  Level = "warn"  // the visit may begin, with an explanation
	Block Level = "block" // the visit must not begin
)

// A Check is what a rule looks at.
type Check string

const (
	CheckHours     Check = "hours"                 // at lies in [From, To) of the day
	CheckAttempts  Check = "attempts_before_first" // fewer than Limit
	CheckPerDay    Check = "visits_per_day"        // this visit would be more than Limit
	CheckPerWeek   Check = "visits_per_week"       // this visit would be more than Limit
	CheckToldNot   Check = "told_not_to_come"
	CheckDisputed  Check = "disputed"
	CheckPhotoRole Check = "photo_role"   // a photo of something that is not on the list
	CheckReason    Check = "photo_reason" // a photo that needs a reason and has none
	CheckWatch     Check = "watch"        // Limit minutes are the plan of a visit without one
)

// A Policy is one version of the rules.
type Policy struct {
	Version    string
	Zone       string         // its name, for people
	Location   *time.Location // fixed: Japan has had no other offset since 1951
	Rules      []Rule
	PhotoRoles []PhotoRole
}

// A Rule is one of them, with the words that are shown and where it comes from.
// Members that do not belong to its Check are zero.
type Rule struct {
	ID           string
	Check        Check
	Level        Level
	AgreedLevel  Level // hours: the level when the worker agreed to the hour
	From, To     int   // hours: minutes of the day; From > To runs over midnight
	Limit        int64
	Text, Source record.Label
}

// A PhotoRole is something that may be photographed.
type PhotoRole struct {
	Code   string
	Name   record.Label
	Paged  bool // the role of the blob ends in _<page>, 1 to 99
	Reason bool // needs a reason
}

// Facts are what is known of a case when a visit begins, that visit itself not
// counted.
type Facts struct {
	Attempts      int  // contact attempts before the first visit; before any visit: so far
	VisitsToday   int  // earlier visits on the day of this one (Count)
	VisitsWeek    int  // earlier visits in the 7 days before this one (Count)
	ToldNotToCome bool // 「来ないで」, in whatever words and by whatever channel
	Disputed      bool
	AgreedHours   bool // the worker's own words agreeing to the hour are recorded
}

// A Finding is one rule that the visit does not keep.
type Finding struct {
	Rule         string
	Level        Level
	Text, Source record.Label
}

//go:embed jp-1.json
var jp1 []byte

// JP1 is the policy that comes with the product.
var JP1 = func() Policy {
	p, err := Parse(jp1)
	if err != nil {
		panic(err)
	}
	return p
}()

// Source returns the JSON of JP1: the `body` of its policy.published record.
func Source() []byte { return slices.Clone(jp1) }

// Visit says which rules a visit that begins at that instant does not keep, in
// the order of the policy. Worse facts never lower a level or take a finding
// away.
func Visit(p Policy, at time.Time, f Facts) []Finding {
	local := at.In(p.Location)
	minute := local.Hour()*60 + local.Minute()
	var list []Finding
	for _, r := range p.Rules {
		level := r.Level
		var found bool
		switch r.Check {
		case CheckHours:
			if found = r.covers(minute); f.AgreedHours {
				level = r.AgreedLevel
			}
		case CheckAttempts:
			found = int64(f.Attempts) < r.Limit
		case CheckPerDay:
			found = int64(f.VisitsToday) >= r.Limit
		case CheckPerWeek:
			found = int64(f.VisitsWeek) >= r.Limit
		case CheckToldNot:
			found = f.ToldNotToCome
		case CheckDisputed:
			found = f.Disputed
		}
		if found {
			list = append(list, Finding{r.ID, level, r.Text, r.Source})
		}
	}
	return list
}

func (r Rule) covers(minute int) bool {
	if r.From < r.To {
		return minute >= r.From && minute < r.To
	}
	return minute >= r.From || minute < r.To
}

// Worst returns Block if any finding blocks, Warn if there is any, else "".
func Worst(list []Finding) Level {
	var worst Level
	for _, f := range list {
		if worst != Block {
			worst = f.Level
		}
	}
	return worst
}

// Count counts the earlier visits of a case for Facts. A day is a calendar day
// in the policy's zone, and a visit belongs to the day on which it began; a
// week is the 7 × 24 hours that end at at. Visits that began after at do not
// count; the visit that is judged must not be among them.
//
// The week does not follow the calendar because two calendar weeks would let
// four visits fall on four days in a row, Saturday to Tuesday.
func Count(p Policy, at time.Time, began []time.Time) (today, week int) {
	y, m, d := at.In(p.Location).Date()
	for _, b := range began {
		if b.After(at) {
			continue
		}
		if by, bm, bd := b.In(p.Location).Date(); by == y && bm == m && bd == d {
			today++
		}
		if b.After(at.Add(-7 * 24 * time.Hour)) {
			week++
		}
	}
	return today, week
}

// rule returns the one rule of a check that a policy has once.
func (p Policy) rule(c Check) Rule {
	i := slices.IndexFunc(p.Rules, func(r Rule) bool { return r.Check == c })
	return p.Rules[i]
}
