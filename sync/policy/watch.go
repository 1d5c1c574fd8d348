package policy

import "time"

// DueAt returns when a visit should be over: its planned end or, where that is
// not after its start (zero: there is no plan), the policy's usual length after
// the start. All three are on one clock; the server uses its own.
func DueAt(p Policy, start, plannedEnd time.Time) time.Time {
	if plannedEnd.After(start) {
		return plannedEnd
	}
	return start.Add(time.Duration(p.rule(CheckWatch).Limit) * time.Minute)
}

// Overdue reports whether the office must be told that a visit, begun and not
// ended, has passed its end. A sleeping phone cannot ring, so it is the server
// that asks, about starts that have reached it.
func Overdue(p Policy, start, plannedEnd, now time.Time) bool {
	return now.After(DueAt(p, start, plannedEnd))
}
