package history

import (
	"bytes"
	"slices"
	"strings"

	"tachiai/sync/record"
)

// Visit is one visit of a case (訪問), from arrival to leaving.
type Visit struct {
	Case  record.ID `json:"case"`
	Visit record.ID `json:"visit"`

	Started    *Mark          `json:"started,omitempty"` // the earliest visit.started
	Ended      *Mark          `json:"ended,omitempty"`   // the latest visit.ended
	PlannedEnd int64          `json:"planned_end,omitempty"`
	Places     []Place        `json:"places,omitempty"`
	Outcome    record.Outcome `json:"outcome,omitempty"`  // corrected; "" while unknown
	EndedAs    record.Outcome `json:"ended_as,omitempty"` // as the ended record says

	Records     []Ref        `json:"records"`               // all of the visit, in order
	Corrections []Correction `json:"corrections,omitempty"` // record.amended
	Redactions  []Redaction  `json:"redactions,omitempty"`  // photo.redacted

	// Complete: the list in the ended record is there, everything on it is
	// held, and nothing that the same journal had before is left out of it.
	Complete bool          `json:"complete"`
	Listed   *int          `json:"listed,omitempty"`   // length of that list; absent when it is erased or malformed
	Missing  []record.Hash `json:"missing,omitempty"`  // on the list and not held
	Unlisted []record.Hash `json:"unlisted,omitempty"` // held, earlier in the journal, not on the list

	Review *Review `json:"review,omitempty"`
	Flags  int     `json:"flags"` // on its records
	Overflow
}

// Place is one place of a visit.
type Place struct {
	Mark
	Place      string `json:"place,omitempty"` // code: doorstep, common_area, restaurant, office, other
	PlannedEnd int64  `json:"planned_end,omitempty"`
}

// Review is the office's latest decision on a visit (審査).
type Review struct {
	Mark
	Decision string `json:"decision"` // approved, returned, held
	Reason   string `json:"reason,omitempty"`
}

// Key returns the key of the state.
func (v *Visit) Key() Key { return visitKey(v.Case, v.Visit) }

func visitKey(c, v record.ID) Key { return Key{TypeVisit, c.String() + "/" + v.String()} }

func newVisit(k Key) *Visit {
	c, v, _ := strings.Cut(k.ID, "/")
	visit := &Visit{Records: []Ref{}}
	visit.Case, _ = record.ParseID(c)
	visit.Visit, _ = record.ParseID(v)
	return visit
}

func (v *Visit) apply(r *record.Record, ref Ref) {
	held := find(v.Records, ref.Record) != nil
	var full bool
	if v.Records, full = put(v.Records, ref); full {
		v.count(ref.Index)
		return
	}
	v.check(ref, held)
	if genuine(r) {
		v.move(r, ref)
	}
	v.derive()
}

func (v *Visit) move(r *record.Record, ref Ref) {
	switch r.Kind {
	case record.KindVisitStarted, record.KindPlaceChanged:
		end, _ := r.Int("planned_end")
		v.Places, _ = put(v.Places, Place{Mark: ref.Mark, Place: short(r, "place"), PlannedEnd: end})
		if r.Kind == record.KindVisitStarted && (v.Started == nil || v.Started.Record == ref.Record || ref.before(v.Started)) {
			v.Started = ref.point()
		}
	case record.KindVisitEnded:
		if v.Ended == nil || v.Ended.Record == ref.Record || v.Ended.before(&ref.Mark) {
			v.end(r, ref)
		}
	case record.KindRecordAmended:
		v.Corrections, _ = put(v.Corrections, correctionOf(r, ref))
	case record.KindPhotoRedacted:
		if one, ok := redactionOf(r, ref); ok {
			v.Redactions, _ = put(v.Redactions, one)
		}
	case record.KindReviewDecided:
		if v.Review == nil || ref.Index >= v.Review.Index {
			v.Review = &Review{ref.Mark, short(r, "decision"), long(r, "reason")}
		}
	case record.KindFlagAnswered:
		if hash, err := record.ParseHash(r.Text("record")); err == nil {
			answer(v.Records, hash, record.Flag(short(r, "flag")))
		}
	}
}

// end takes r for the end of the visit and compares its list with what is held.
func (v *Visit) end(r *record.Record, ref Ref) {
	v.Ended = ref.point()
	v.EndedAs = record.Outcome(short(r, "outcome"))
	v.Listed, v.Missing, v.Unlisted = nil, nil, nil
	list, ok := hashList(r, "records")
	if !ok {
		return
	}
	n := len(list)
	v.Listed = &n
	on := make(map[record.Hash]bool, n)
	for _, h := range list {
		on[h] = true
	}
	for i := range v.Records {
		h := v.Records[i].Record
		if !on[h] && v.shouldList(v.Records[i]) {
			v.leftOut(h)
		}
		delete(on, h)
	}
	for _, h := range list {
		if on[h] {
			v.Missing = append(v.Missing, h)
		}
	}
}

// shouldList reports whether the ended record had to name the other one: it
// names what its own journal held of the visit before it.
func (v *Visit) shouldList(other Ref) bool {
	return other.Device == v.Ended.Device && other.Seq > 0 && other.Seq < v.Ended.Seq
}

func (v *Visit) leftOut(h record.Hash) {
	at, found := slices.BinarySearchFunc(v.Unlisted, h, func(a, b record.Hash) int { return bytes.Compare(a[:], b[:]) })
	if !found {
		v.Unlisted = slices.Insert(v.Unlisted, at, h)
	}
}

// check strikes a record that has come from the missing ones. One that was
// neither held nor missing is not on the list.
func (v *Visit) check(ref Ref, held bool) {
	if v.Ended == nil || v.Listed == nil {
		return
	}
	if i := slices.Index(v.Missing, ref.Record); i >= 0 {
		v.Missing = slices.Delete(v.Missing, i, i+1)
		if len(v.Missing) == 0 {
			v.Missing = nil
		}
	} else if !held && v.shouldList(ref) {
		v.leftOut(ref.Record)
	}
}

// derive computes what follows from the lists.
func (v *Visit) derive() {
	v.Flags = 0
	for i := range v.Records {
		v.Flags += len(v.Records[i].Flags)
	}
	v.PlannedEnd = 0
	for i := range v.Places {
		if v.Places[i].PlannedEnd != 0 {
			v.PlannedEnd = v.Places[i].PlannedEnd
		}
	}
	v.Outcome = v.EndedAs
	if v.Ended != nil {
		for i := range v.Corrections {
			c := &v.Corrections[i]
			if c.Outcome != "" && c.Actor == v.Ended.Actor && root(v.Corrections, c) == v.Ended.Record {
				v.Outcome = c.Outcome
			}
		}
	}
	v.Complete = v.Ended != nil && v.Listed != nil && len(v.Missing) == 0 && len(v.Unlisted) == 0
}
