package history

import "tachiai/sync/record"

// What the office decided about a quarantined text.
const (
	QuarantineReleased = "released"
	QuarantineRejected = "rejected"
)

// Quarantine is the office's word on a text that could not be taken as a
// record. The phone that pushed it waits for this before it lets go of it.
type Quarantine struct {
	SHA256   string      `json:"sha256"` // of the pushed text, hex
	Decision string      `json:"decision"`
	Record   record.Hash `json:"record,omitzero"` // what it became when released
	Reason   string      `json:"reason,omitempty"`
	Decided  *Mark       `json:"decided,omitempty"`
}

// Key returns the key of the state.
func (q *Quarantine) Key() Key { return Key{TypeQuarantine, q.SHA256} }

// apply takes the first decision; a rejected text may still be released later,
// never the other way round, since a released one is in the ledger.
func (q *Quarantine) apply(r *record.Record, ref Ref) bool {
	released := r.Kind == record.KindQuarantineReleased
	if q.Decided != nil && q.Decided.Record != ref.Record && (q.Decision == QuarantineReleased || !released) {
		return false
	}
	q.Decided, q.Reason = ref.point(), short(r, "reason")
	q.Decision, q.Record = QuarantineRejected, record.Hash{}
	if released {
		q.Decision = QuarantineReleased
		q.Record, _ = record.ParseHash(r.Text("hash"))
	}
	return true
}
