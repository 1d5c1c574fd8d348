package history

import (
	"bytes"
	"slices"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// MaxRefs bounds each list in a state. What comes beyond it is counted in More
// and stands in the ledger only; the guarantee of order ends there.
const MaxRefs = 2000

// Mark names one record and places it.
type Mark struct {
	Record record.Hash  `json:"record"`
	At     int64        `json:"at"`    // when it happened, ms: see effective
	Index  int64        `json:"index"` // in the ledger, −1 while it has no receipt
	Actor  record.ID    `json:"actor"`
	Device record.KeyID `json:"device,omitzero"` // zero for the office's
	Seq    int64        `json:"seq,omitempty"`   // in the device's journal
}

// Ref is a record in a list, with what there is to say about it.
type Ref struct {
	Mark
	Kind     record.Kind   `json:"kind"`
	Amends   record.Hash   `json:"amends,omitzero"`
	Flags    []record.Flag `json:"flags,omitempty"`
	Answered []record.Flag `json:"answered,omitempty"` // flags that the office has explained
	Withheld int           `json:"withheld,omitempty"` // fields that are not here, not sent yet or erased
}

func refOf(r *record.Record, m Meta) Ref {
	ref := Ref{
		Mark: Mark{Record: r.Hash, At: effective(r, m), Index: m.Index, Actor: r.Actor, Seq: r.Seq},
		Kind: r.Kind, Amends: r.Amends, Withheld: max(r.Withheld(), 0),
	}
	if !r.Office() {
		ref.Device = r.KeyID
	}
	if len(m.Flags) > 0 {
		ref.Flags = slices.Clone(m.Flags)
		slices.Sort(ref.Flags)
		ref.Flags = slices.Compact(ref.Flags)
	}
	return ref
}

// effective is the moment that a record counts for: its own time by the
// server's clock as far as the phone knew it, but never after its receipt. All
// of that is in the record or in its receipt, so that a rebuild finds the same.
func effective(r *record.Record, m Meta) int64 {
	at := r.Corrected()
	if m.ReceivedAt > 0 {
		at = min(at, m.ReceivedAt)
	}
	return min(max(at, -ijson.MaxInt), ijson.MaxInt)
}

// before is the one order of entries. The journal decides between two of the
// same millisecond; between journals the hash, which nobody can choose freely.
func (a *Mark) before(b *Mark) bool {
	if a.At != b.At {
		return a.At < b.At
	}
	if a.Seq != b.Seq {
		return a.Seq < b.Seq
	}
	return bytes.Compare(a.Record[:], b.Record[:]) < 0
}

// entry is an element of a list: something around a Mark.
type entry[E any] interface {
	*E
	mark() *Mark
}

func (a *Mark) mark() *Mark { return a }

// point returns a copy of the mark, for what happened once.
func (a *Mark) point() *Mark { m := *a; return &m }

func (a *Ref) answers() *[]record.Flag { return &a.Answered }

// put inserts e into a list that is in order, or brings the entry of the same
// record up to date. A list that is full takes nothing new.
func put[E any, P entry[E]](list []E, e E) (_ []E, full bool) {
	mark := P(&e).mark()
	for i := range list {
		if P(&list[i]).mark().Record != mark.Record {
			continue
		}
		if to, ok := any(&e).(interface{ answers() *[]record.Flag }); ok {
			*to.answers() = *any(&list[i]).(interface{ answers() *[]record.Flag }).answers()
		}
		list = slices.Delete(list, i, i+1) // its time may have changed
		break
	}
	if len(list) >= MaxRefs {
		return list, true
	}
	at := len(list)
	for at > 0 && mark.before(P(&list[at-1]).mark()) {
		at--
	}
	return slices.Insert(list, at, e), false
}

// find returns the entry of a record, or nil.
func find[E any, P entry[E]](list []E, hash record.Hash) P {
	for i := range list {
		if P(&list[i]).mark().Record == hash {
			return &list[i]
		}
	}
	return nil
}

// maxAnswered bounds the explained flags of one record; there are not as many.
const maxAnswered = 32

// answer notes that the office has explained a flag of a record, if it is in the list.
func answer[E any, P interface {
	entry[E]
	answers() *[]record.Flag
}](list []E, hash record.Hash, flag record.Flag) {
	e := find[E, P](list, hash)
	if e == nil || flag == "" {
		return
	}
	if known := e.answers(); !slices.Contains(*known, flag) && len(*known) < maxAnswered {
		*known = append(*known, flag)
	}
}

// Overflow counts what did not fit into the lists of a state.
type Overflow struct {
	More      int   `json:"more,omitempty"`
	MoreIndex int64 `json:"more_index,omitempty"` // highest index counted, so that nothing counts twice
}

func (o *Overflow) count(index int64) {
	if index > o.MoreIndex {
		o.More++
		o.MoreIndex = index
	}
}
