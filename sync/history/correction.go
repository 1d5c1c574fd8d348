package history

import "tachiai/sync/record"

// Correction is a record.amended: it says anew what an older record said. The
// older one stays as it is; a screen shows both. Only its own author's
// corrections count for what a state derives; the others are listed.
type Correction struct {
	Mark
	Amends     record.Hash    `json:"amends,omitzero"`
	Channel    string         `json:"channel,omitempty"`
	Result     string         `json:"result,omitempty"`
	OccurredAt int64          `json:"occurred_at,omitempty"` // ms
	Place      string         `json:"place,omitempty"`
	Outcome    record.Outcome `json:"outcome,omitempty"`
}

func correctionOf(r *record.Record, ref Ref) Correction {
	at, _ := r.Int("occurred_at")
	return Correction{
		Mark: ref.Mark, Amends: ref.Amends, Channel: short(r, "channel"), Result: short(r, "result"), OccurredAt: at,
		Place: short(r, "place"), Outcome: record.Outcome(short(r, "outcome")),
	}
}

// root follows a correction of a correction to the record that is meant. A
// hash cannot be in a circle; the bound is for states that were tampered with.
func root(list []Correction, c *Correction) record.Hash {
	target := c.Amends
	for range list {
		next := find(list, target)
		if next == nil {
			break
		}
		target = next.Amends
	}
	return target
}
