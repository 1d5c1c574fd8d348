package history

import (
	"testing"

	"tachiai/sync/record"
)

// What the rep hid stands before what the office's program made, also when that came later; his last word is the one that came last to the ledger,
// whatever his clock said.
func TestRedacted(t *testing.T) {
	at := func(n, seq int, photo record.Hash, original string) Redaction {
		return Redaction{Mark{Record: hash(n), At: int64(1000 - n), Index: int64(n), Seq: int64(seq)}, photo, original}
	}
	photo := hash(100)
	v := &Visit{Redactions: []Redaction{
		at(9, 0, photo, "p1"), at(8, 4, photo, "p2"), at(7, 5, hash(101), "p1"), at(6, 3, photo, "p1"), at(5, 2, photo, "p1"), at(3, 0, photo, "p3"),
	}}
	for original, want := range map[string]int{"p1": 6, "p2": 8, "p3": 3} {
		if r := v.Redacted(photo, original); r == nil || r.Record != hash(want) || r.ByHand() != (original != "p3") {
			t.Errorf("%s: %+v, want %d", original, r, want)
		}
	}
	if r := v.Redacted(photo, "p4"); r != nil {
		t.Errorf("nothing stands for p4, and not %+v", r)
	}
}
