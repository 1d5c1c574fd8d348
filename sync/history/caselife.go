package history

import (
	"bytes"
	"cmp"
	"slices"

	"tachiai/sync/record"
)

// Attempt is one try to reach the worker (連絡試行).
type Attempt struct {
	Ref
	Visit      record.ID `json:"visit,omitzero"`
	Channel    string    `json:"channel,omitempty"`
	Result     string    `json:"result,omitempty"`
	OccurredAt int64     `json:"occurred_at,omitempty"` // ms, as the rep says, where it was not when he wrote it down
}

func attemptOf(r *record.Record, ref Ref) Attempt {
	at, _ := r.Int("occurred_at")
	return Attempt{Ref: ref, Visit: r.Visit, Channel: short(r, "channel"), Result: short(r, "result"), OccurredAt: at}
}

// Phases of a visit.
const (
	phaseStarted = "started"
	phaseEnded   = "ended"
)

// VisitSummary is what a case says of one of its visits.
type VisitSummary struct {
	Visit      record.ID      `json:"visit"`
	Actor      record.ID      `json:"actor"`
	From       int64          `json:"from"`                  // ms: its start, or the first that is known of it
	Phase      string         `json:"phase,omitempty"`       // started or ended; "" while neither record is here
	MovedAt    int64          `json:"moved_at,omitempty"`    // ms: the later of start and end
	PlannedEnd int64          `json:"planned_end,omitempty"` // ms
	Outcome    record.Outcome `json:"outcome,omitempty"`
	Complete   bool           `json:"complete,omitempty"`

	// The office's latest decision, with what it told the rep.
	Review       string    `json:"review,omitempty"`
	ReviewReason string    `json:"review_reason,omitempty"`
	ReviewedAt   int64     `json:"reviewed_at,omitempty"` // ms
	Reviewer     record.ID `json:"reviewer,omitzero"`

	Flags int `json:"flags,omitempty"`
}

// summarise takes over what a visit has become. It reports whether that is
// anything new to the case.
func (c *Case) summarise(v *Visit, ref Ref) bool {
	s := VisitSummary{
		Visit: v.Visit, PlannedEnd: v.PlannedEnd, Outcome: v.Outcome, Complete: v.Complete, Flags: v.Flags,
	}
	if v.Review != nil {
		s.Review, s.ReviewReason, s.ReviewedAt, s.Reviewer = v.Review.Decision, v.Review.Reason, v.Review.At, v.Review.Actor
	}
	first := &v.Records[0]
	s.Actor, s.From = first.Actor, first.At
	if v.Started != nil {
		s.Phase, s.MovedAt, s.From, s.Actor = phaseStarted, v.Started.At, v.Started.At, v.Started.Actor
	}
	if v.Ended != nil {
		// A clock that was set back during the visit cannot end it before it began.
		if s.Phase == "" || v.Ended.At > s.MovedAt {
			s.MovedAt = v.Ended.At
		}
		s.Phase = phaseEnded
	}
	for i := range c.Visits {
		if c.Visits[i].Visit != s.Visit {
			continue
		}
		if c.Visits[i] == s {
			return false
		}
		c.Visits = slices.Delete(c.Visits, i, i+1)
		break
	}
	if len(c.Visits) >= MaxRefs {
		c.count(ref.Index)
		return true
	}
	at := len(c.Visits)
	for at > 0 && s.before(&c.Visits[at-1]) {
		at--
	}
	c.Visits = slices.Insert(c.Visits, at, s)
	return true
}

func (a *VisitSummary) before(b *VisitSummary) bool {
	if a.From != b.From {
		return a.From < b.From
	}
	return bytes.Compare(a.Visit[:], b.Visit[:]) < 0
}

// Move is a step of the case that the office made.
type Move struct {
	At     int64        `json:"at"` // ms
	Index  int64        `json:"index"`
	Record record.Hash  `json:"record"`
	Kind   record.Kind  `json:"kind"`
	To     record.State `json:"to"`
}

func (c *Case) moveTo(ref Ref, to record.State) {
	if !slices.ContainsFunc(record.States, func(s record.Code) bool { return s.Code == string(to) }) {
		return
	}
	m := Move{ref.At, ref.Index, ref.Record, ref.Kind, to}
	at, found := slices.BinarySearchFunc(c.Moves, m, func(a, b Move) int { return cmp.Compare(a.Index, b.Index) })
	switch {
	case found:
		c.Moves[at] = m
	case len(c.Moves) >= MaxRefs:
		c.count(ref.Index)
	default:
		c.Moves = slices.Insert(c.Moves, at, m)
	}
}

// derive computes state, item and flags from the lists, so that nothing
// depends on the order in which those were filled.
//
// The latest step wins, be it a visit's or the office's. A contact takes a case
// out of received and does nothing else. A closed case is closed: evidence that
// comes later is listed and flagged, but only case.changed opens it again.
func (c *Case) derive() {
	var last step
	if len(c.Attempts) > 0 {
		last = step{to: record.StateContacting, weak: true}
	}
	closed := false
	clock := int64(-1 << 62)
	for _, m := range c.Moves {
		// The ledger is the order of the office's steps, whatever its clocks say.
		clock = max(clock, m.At)
		last = step{at: clock, to: m.To}
		if m.Kind == record.KindCaseChanged {
			closed = m.To == record.StateClosed
		}
	}
	c.Item.State = ItemOnLoan
	itemAt, itemKnown := int64(0), false
	if o := c.Item.Office; o != nil {
		c.Item.State, itemAt, itemKnown = o.State, o.At, true
	}
	c.Flags = 0
	for i := range c.Visits {
		v := &c.Visits[i]
		c.Flags += v.Flags
		switch v.Phase {
		case phaseEnded:
			last = last.or(step{at: v.MovedAt, to: v.Outcome.State()})
			if claim := itemAfter(v.Outcome); claim != "" && (!itemKnown || v.MovedAt > itemAt) {
				c.Item.State, itemAt, itemKnown = claim, v.MovedAt, true
			}
		case phaseStarted:
			last = last.or(step{at: v.MovedAt, to: record.StateVisiting})
		}
	}
	for i := range c.Records {
		c.Flags += len(c.Records[i].Flags)
	}
	for i := range c.Attempts {
		if c.Attempts[i].Visit.IsZero() {
			c.Flags += len(c.Attempts[i].Flags)
		}
	}
	switch {
	case closed:
		c.State = record.StateClosed
	case last.to == "":
		c.State = record.StateReceived
	default:
		c.State = last.to
	}
}

// step is where the case stood from a time on. A weak one is a contact, which
// any other outweighs.
type step struct {
	at   int64
	to   record.State
	weak bool
}

// or returns the later step; of two at one time the first, which is the
// office's, or that of the visit which stands earlier in the order of visits.
func (s step) or(next step) step {
	if s.to == "" || s.weak || next.at > s.at {
		return next
	}
	return s
}

// Where the lent item is, codes of the field item_state.
const (
	ItemOnLoan    = "on_loan"
	ItemReturned  = "returned"
	ItemLost      = "lost_claimed"
	ItemDiscarded = "discarded_claimed"
)

// ItemState is what is last known of the item: by the office, or by a visit
// that ended later.
type ItemState struct {
	State  string `json:"state"`
	Office *Claim `json:"office,omitempty"`
}

// Claim is a state of the item that the office has set.
type Claim struct {
	At     int64       `json:"at"`
	State  string      `json:"state"`
	Record record.Hash `json:"record"`
}

func itemAfter(o record.Outcome) string {
	switch o {
	case record.OutcomeReturned:
		return ItemReturned
	case record.OutcomeLostClaimed:
		return ItemLost
	case record.OutcomeDiscardedClaimed:
		return ItemDiscarded
	}
	return ""
}
