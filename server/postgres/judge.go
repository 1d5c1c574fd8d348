package postgres

import (
	"encoding/base64"
	"slices"
	"strings"

	"tachiai/sync/history"
	"tachiai/sync/record"
)

// judgeRecord gives a record its outcome and, if it is new, its place at index and the flags that follow from journal and key.
func (w *work) judgeRecord(e *entry, index int64) error {
	r := e.record
	if held, ok := w.known.held[r.Hash]; ok {
		e.index, e.receipt, e.flags = held.index, held.receipt, held.flags
		e.outcome = Outcome{Status: StatusDuplicate, Hash: r.Hash.String(), ReceiptCore: held.receipt, Index: held.index}
		return nil
	}
	if other, ok := w.known.ids[r.ID]; ok && other != r.Hash {
		e.flag(record.FlagIDReuse)
	} else {
		w.known.noteID(r.ID, r.Hash)
	}
	if e.released {
		e.flag(record.FlagQuarantineReleased)
	}
	if !r.Office() {
		w.judgeKey(e)
		w.judgePlace(e, index)
	}
	return w.place(e, index)
}

// judgeKey holds a record against the device that sealed it.
func (w *work) judgeKey(e *entry) {
	device, ok := w.known.devices[e.record.KeyID]
	if !ok {
		return // a released record of a key that was never enrolled
	}
	if device.revokedAt != nil && *device.revokedAt <= e.now.UnixMilli() {
		e.flag(record.FlagRevokedKey)
	}
	if e.record.Actor != device.member {
		e.flag(record.FlagActor)
	}
}

// judgePlace holds a record against its journal, and what is held of the journal against the record.
func (w *work) judgePlace(e *entry, index int64) {
	r, k := e.record, &w.known
	here := place{r.KeyID, r.Seq}
	if others := k.places[here]; len(others) > 0 {
		e.flag(record.FlagFork)
		for _, other := range others {
			w.raise(other, record.FlagFork, index)
		}
	}
	j := k.journal(r.KeyID)
	if r.Seq > j.head.Seq+1 {
		e.flag(record.FlagGap)
	}
	var prev record.Structure
	before := k.places[place{r.KeyID, r.Seq - 1}]
	for _, n := range before {
		if n.structure != nil && (n.hash == r.Prev || prev.Seq == 0) {
			prev = *n.structure
		}
	}
	if r.Seq == 1 && r.Prev != record.Hash(r.KeyID) || len(before) > 0 && !slices.ContainsFunc(before, func(n neighbour) bool { return n.hash == r.Prev }) {
		e.flag(record.FlagChain)
	}
	if len(k.places[here]) == 0 {
		for _, after := range k.places[place{r.KeyID, r.Seq + 1}] {
			if after.structure != nil && after.structure.Prev != r.Hash {
				w.raise(after, record.FlagChain, index)
			}
		}
	}
	for _, f := range record.ClockFlags(prev, r.Structure, e.now) {
		e.flag(f)
	}
	k.put(here, neighbour{hash: r.Hash, index: index, structure: &r.Structure, entry: e})
	w.advance(r.KeyID, max(j.maxSeq, r.Seq))
}

// advance moves the head of a journal to the end of what is without a gap.
func (w *work) advance(kid record.KeyID, maxSeq int64) {
	j := w.known.journal(kid)
	j.maxSeq = maxSeq
	for {
		next := w.known.places[place{kid, j.head.Seq + 1}]
		if len(next) == 0 {
			break
		}
		j.head = record.Head{Seq: j.head.Seq + 1, Hash: next[0].hash}
	}
	if w.known.journals == nil {
		w.known.journals = map[record.KeyID]journal{}
	}
	w.known.journals[kid] = j
	w.known.moved = appendOnce(w.known.moved, kid)
	w.heads[kid] = j.head
}

// raise flags a record that came before: in its row if it is being written, else beside it.
func (w *work) raise(n neighbour, f record.Flag, cause int64) {
	if n.entry != nil {
		n.entry.flag(f)
		return
	}
	if n.index >= 0 {
		w.later = append(w.later, laterFlag{n.index, cause, f})
	}
}

// judgeCase holds a phone's record against its case as it stands at that place in the ledger, and then moves the case by it.
func (w *work) judgeCase(e *entry) {
	r := e.record
	if !r.Office() {
		switch c := w.fold.caseOf(r); {
		case c == nil || !c.Known():
			e.flag(record.FlagUnknownCase)
		default:
			if c.Closed() {
				e.flag(record.FlagCaseClosed)
			}
			if !c.AssignedTo(r.Actor) {
				e.flag(record.FlagReassigned)
			}
		}
		if k, ok := templateOf(r); ok && w.fold.set[k] == nil {
			e.flag(record.FlagUnknownTemplate)
		}
		if w.breaksPolicy(r) {
			e.flag(record.FlagPolicy)
		}
	}
	w.fold.apply(r, history.Meta{Index: e.index, ReceivedAt: e.now.UnixMilli(), Flags: e.flags}, e.index)
}

// structureOf reads the structure of a held core; nil when it cannot be read, which is for Verify to report.
func structureOf(core string) *record.Structure {
	_, payload, _ := strings.Cut(core, ".")
	text, err := base64.RawURLEncoding.DecodeString(payload)
	if err != nil {
		return nil
	}
	s, _, err := record.ParseStructure(text, false)
	if err != nil {
		return nil
	}
	return &s
}

func appendOnce[E comparable](list []E, e E) []E {
	if slices.Contains(list, e) {
		return list
	}
	return append(list, e)
}
