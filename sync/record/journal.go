package record

import (
	"errors"
	"fmt"
)

// What can be wrong between a record and the journal that it claims to stand in.
var (
	ErrGap     = errors.New("an earlier record of the journal is missing")
	ErrFork    = errors.New("two records with one key and one seq")
	ErrChain   = errors.New("prev is not the record before")
	ErrIDReuse = errors.New("two records with one id")
	ErrJournal = errors.New("not records of one journal")
)

// A Head is the end of a gap-free journal: its last record.
type Head struct {
	Seq  int64
	Hash Hash
}

// Genesis is the head of a journal without records: the chain is rooted in the
// key itself.
func Genesis(k KeyID) Head { return Head{Hash: Hash(k)} }

// CheckLink judges whether next follows head. Errors: ErrGap (there is room
// for a record in between), ErrFork (the place is taken; the same record again
// is told apart by its hash, by the caller), ErrChain.
func CheckLink(head Head, next *Structure) error {
	switch {
	case next.Seq > head.Seq+1:
		return fmt.Errorf("%w: seq %d after %d", ErrGap, next.Seq, head.Seq)
	case next.Seq <= head.Seq:
		return fmt.Errorf("%w: seq %d after %d", ErrFork, next.Seq, head.Seq)
	case next.Prev != head.Hash:
		return fmt.Errorf("%w: seq %d", ErrChain, next.Seq)
	}
	return nil
}

// CheckJournal judges the whole of a journal in the order of its seq, from 1,
// and returns its head. Records that were opened with seal.Open and pass here
// are a journal that nobody has changed, reordered, thinned or doubled; whether
// the end was cut off shows only when the head is compared with one that was
// seen elsewhere. An empty journal has the zero Head. Errors: ErrJournal
// (office records, or two keys), ErrGap, ErrFork, ErrChain, ErrIDReuse; the
// head is then that of the good part.
func CheckJournal(records []*Record) (Head, error) {
	if len(records) == 0 {
		return Head{}, nil
	}
	head := Genesis(records[0].KeyID)
	ids := make(map[ID]bool, len(records))
	for i, r := range records {
		if r.Office() || r.KeyID != records[0].KeyID {
			return head, fmt.Errorf("record %d: %w", i, ErrJournal)
		}
		if err := CheckLink(head, &r.Structure); err != nil {
			return head, fmt.Errorf("record %d: %w", i, err)
		}
		if ids[r.ID] {
			return head, fmt.Errorf("record %d: %w", i, ErrIDReuse)
		}
		ids[r.ID] = true
		head = Head{r.Seq, r.Hash}
	}
	return head, nil
}
