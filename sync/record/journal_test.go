package record

import (
	"errors"
	"slices"
	"testing"
	"time"

	"tachiai/sync/ijson"
)

func TestCheckLink(t *testing.T) {
	head := Head{Seq: 3, Hash: Hash{3}}
	for name, c := range map[string]struct {
		next Structure
		want error
	}{
		"follows":        {Structure{Seq: 4, Prev: Hash{3}}, nil},
		"gap":            {Structure{Seq: 5, Prev: Hash{3}}, ErrGap},
		"taken":          {Structure{Seq: 3, Prev: Hash{2}}, ErrFork},
		"far back":       {Structure{Seq: 1, Prev: Hash{3}}, ErrFork},
		"another before": {Structure{Seq: 4, Prev: Hash{2}}, ErrChain},
	} {
		if err := CheckLink(head, &c.next); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
	first := Structure{Seq: 1, Prev: Hash{7}}
	if err := CheckLink(Genesis(KeyID{7}), &first); err != nil {
		t.Errorf("first: %v", err)
	}
	if err := CheckLink(Genesis(KeyID{8}), &first); !errors.Is(err, ErrChain) {
		t.Errorf("first of another key: %v", err)
	}
}

func TestCheckJournal(t *testing.T) {
	journal := func() []*Record {
		key := KeyID{7}
		head := Genesis(key)
		var list []*Record
		for i := range 5 {
			r := &Record{KeyID: key, Hash: Hash{1, byte(i)}, Structure: Structure{Seq: int64(i + 1), Prev: head.Hash, ID: ID{1, byte(i)}}}
			list, head = append(list, r), Head{r.Seq, r.Hash}
		}
		return list
	}
	if head, err := CheckJournal(journal()); err != nil || head != (Head{5, Hash{1, 4}}) {
		t.Errorf("whole: %v %v", head, err)
	}
	if head, err := CheckJournal(nil); err != nil || head != (Head{}) {
		t.Errorf("empty: %v %v", head, err)
	}
	for name, c := range map[string]struct {
		change func([]*Record) []*Record
		want   error
	}{
		"first lost":       {func(j []*Record) []*Record { return j[1:] }, ErrGap},
		"one lost":         {func(j []*Record) []*Record { return slices.Delete(j, 2, 3) }, ErrGap},
		"swapped":          {func(j []*Record) []*Record { j[1], j[2] = j[2], j[1]; return j }, ErrGap},
		"doubled":          {func(j []*Record) []*Record { return slices.Insert(j, 3, j[2]) }, ErrFork},
		"fork at the end":  {func(j []*Record) []*Record { r := *j[4]; r.Hash, r.ID = Hash{9}, ID{9}; return append(j, &r) }, ErrFork},
		"another in place": {func(j []*Record) []*Record { j[2].Hash = Hash{9}; return j }, ErrChain},
		"id twice":         {func(j []*Record) []*Record { j[4].ID = j[0].ID; return j }, ErrIDReuse},
		"two keys":         {func(j []*Record) []*Record { j[4].KeyID = KeyID{8}; return j }, ErrJournal},
		"of the office":    {func(j []*Record) []*Record { j[4].Seq = 0; return j }, ErrJournal},
	} {
		if _, err := CheckJournal(c.change(journal())); !errors.Is(err, c.want) {
			t.Errorf("%s: %v, want %v", name, err, c.want)
		}
	}
}

type clockCase struct {
	Name     string     `json:"name"`
	Prev     *clockSeen `json:"prev"`
	Cur      clockSeen  `json:"cur"`
	Received int64      `json:"received"`
	Flags    []Flag     `json:"flags"`
	Skew     int64      `json:"skew_ms"`
}

type clockSeen struct {
	At    int64     `json:"at"`
	Boot  string    `json:"boot"`
	Mono  int64     `json:"mono"`
	Clock *[2]int64 `json:"clock"` // offset_ms, age_ms
}

func (c clockSeen) structure() Structure {
	s := Structure{Seq: 1, At: c.At, Boot: c.Boot, Mono: c.Mono}
	if c.Clock != nil {
		s.Clock = &Clock{c.Clock[0], c.Clock[1]}
	}
	return s
}

const (
	testNow = 1763640000000
	minute  = 60_000
	day     = 24 * 60 * minute
)

var clockCases = []clockCase{
	{"exact, never measured", nil, clockSeen{testNow, "a", 0, nil}, testNow, []Flag{}, 0},
	{"5 minutes ahead", nil, clockSeen{testNow + 5*minute, "a", 0, nil}, testNow, []Flag{}, 5 * minute},
	{"a ms more", nil, clockSeen{testNow + 5*minute + 1, "a", 0, nil}, testNow, []Flag{FlagClock}, 5*minute + 1},
	{"a year ahead, and known", nil, clockSeen{testNow + 365*day, "a", 0, &[2]int64{-365 * day, 0}}, testNow, []Flag{}, 0},
	{"a year behind, and known", nil, clockSeen{testNow - 365*day, "a", 0, &[2]int64{365 * day, 0}}, testNow, []Flag{}, 0},
	{"a year behind, and not known", nil, clockSeen{testNow - 365*day, "a", 0, nil}, testNow, []Flag{FlagLate}, -365 * day},
	{"24 hours old", nil, clockSeen{testNow - day, "a", 0, nil}, testNow, []Flag{}, -day},
	{"a ms older", nil, clockSeen{testNow - day - 1, "a", 0, nil}, testNow, []Flag{FlagLate}, -day - 1},
	{"wall clock back within a page load", &clockSeen{testNow, "a", 5, nil}, clockSeen{testNow - 1, "a", 6, nil}, testNow, []Flag{FlagClock}, -1},
	{"page time back within a page load", &clockSeen{testNow, "a", 5, nil}, clockSeen{testNow, "a", 4, nil}, testNow, []Flag{FlagClock}, 0},
	{"both back after a restart", &clockSeen{testNow, "a", 5, nil}, clockSeen{testNow - 1, "b", 0, nil}, testNow, []Flag{}, -1},
	{"page time stood still in sleep", &clockSeen{testNow - 9*minute, "a", 5, nil}, clockSeen{testNow, "a", 5, nil}, testNow, []Flag{}, 0},
	{"offset moved by 5 minutes", &clockSeen{testNow, "a", 0, &[2]int64{0, 0}}, clockSeen{testNow, "b", 0, &[2]int64{-5 * minute, 0}}, testNow, []Flag{}, -5 * minute},
	{"offset moved by more", &clockSeen{testNow, "a", 0, &[2]int64{0, 0}}, clockSeen{testNow, "b", 0, &[2]int64{-5*minute - 1, 0}}, testNow,
		[]Flag{FlagClock}, -5*minute - 1},
	{"offset new", &clockSeen{testNow, "a", 0, nil}, clockSeen{testNow, "b", 0, &[2]int64{-9 * minute, 0}}, testNow, []Flag{}, -9 * minute},
	{"back and late", &clockSeen{testNow, "a", 0, nil}, clockSeen{testNow - 2*day, "a", 1, nil}, testNow, []Flag{FlagClock, FlagLate}, -2 * day},
	{"as far as numbers go", nil, clockSeen{ijson.MaxInt, "a", 0, &[2]int64{ijson.MaxInt, 0}}, testNow, []Flag{FlagClock}, ijson.MaxInt},
	{"as far back as numbers go", nil, clockSeen{-ijson.MaxInt, "a", 0, &[2]int64{-ijson.MaxInt, 0}}, testNow, []Flag{FlagLate}, -ijson.MaxInt},
}

func TestClockFlags(t *testing.T) {
	for _, c := range clockCases {
		var prev Structure
		if c.Prev != nil {
			prev = c.Prev.structure()
		}
		cur, received := c.Cur.structure(), time.UnixMilli(c.Received)
		if got := ClockFlags(prev, cur, received); !slices.Equal(got, c.Flags) {
			t.Errorf("%s: %v, want %v", c.Name, got, c.Flags)
		}
		if got := cur.SkewMS(received); got != c.Skew {
			t.Errorf("%s: skew %d, want %d", c.Name, got, c.Skew)
		}
	}
}
