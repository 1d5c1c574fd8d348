package history

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// base is 2026-11-20T11:00:00Z, 20:00 in Tokyo.
const base = int64(1795172400000)

// later is when the tests' server receives everything.
const later = base + 48*3600_000

func id(n int) record.ID {
	var v record.ID
	binary.BigEndian.PutUint32(v[12:], uint32(n))
	v[6], v[8] = 0x70, 0x80
	return v
}

func hash(n int) record.Hash { return sha256.Sum256(fmt.Appendf(nil, "record %d", n)) }
func kid(n int) record.KeyID { return sha256.Sum256(fmt.Appendf(nil, "key %d", n)) }

// fields is the content of a test's record; values are anything that ijson writes.
type fields map[string]any

// arrived is a record with what the ledger says of it.
type arrived struct {
	*record.Record
	Meta
}

func makeFields(t testing.TB, content fields) []record.Field {
	t.Helper()
	list := []record.Field{}
	for name, value := range content {
		text, err := ijson.Marshal(value)
		if err != nil {
			t.Fatal(err)
		}
		v, err := ijson.Parse(text, ijson.Limits{})
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, record.Field{Name: name, Value: v})
	}
	slices.SortFunc(list, func(a, b record.Field) int { return strings.Compare(a.Name, b.Name) })
	return list
}

func seal(t testing.TB, n int, s record.Structure, content fields, flags ...record.Flag) arrived {
	s.V, s.ID = record.Version, id(n)
	r := &record.Record{Structure: s, Hash: hash(n), Fields: makeFields(t, content)}
	for i := range r.Fields {
		r.SD = append(r.SD, hash(-1-i))
	}
	if s.Seq > 0 {
		r.KeyID = kid(int(s.Seq) >> 16)
	}
	return arrived{r, Meta{ReceivedAt: later, Flags: flags}}
}

// phone makes the record that device d wrote with seq at a time.
func phone(t testing.TB, n, d int, seq int64, k record.Kind, c, v record.ID, at int64, content fields, flags ...record.Flag) arrived {
	a := seal(t, n, record.Structure{Seq: seq, Kind: k, Case: c, Visit: v, At: at, Actor: id(1000 + d)}, content, flags...)
	a.KeyID = kid(d)
	return a
}

func office(t testing.TB, n int, k record.Kind, c, v record.ID, at int64, content fields) arrived {
	return seal(t, n, record.Structure{Kind: k, Case: c, Visit: v, At: at, Actor: id(2000)}, content)
}

// fold applies the records in this order, which becomes that of the ledger.
func fold(list ...arrived) Set {
	set := Set{}
	for i, a := range list {
		a.Index = int64(i)
		Apply(set, a.Record, a.Meta)
	}
	return set
}

// text writes a set; arrival leaves out what tells the order of arrival.
func text(t testing.TB, set Set, arrival bool) string {
	t.Helper()
	var b strings.Builder
	keys := make([]Key, 0, len(set))
	for k := range set {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b Key) int { return strings.Compare(string(a.Type)+a.ID, string(b.Type)+b.ID) })
	for _, k := range keys {
		body, err := Encode(set[k])
		if err != nil {
			t.Fatal(err)
		}
		if !arrival {
			var tree any
			if err := json.Unmarshal(body, &tree); err != nil {
				t.Fatal(err)
			}
			strip(tree)
			if body, err = json.Marshal(tree); err != nil {
				t.Fatal(err)
			}
		}
		fmt.Fprintf(&b, "%s %s %s\n", k.Type, k.ID, body)
	}
	return b.String()
}

func strip(tree any) {
	switch tree := tree.(type) {
	case map[string]any:
		for _, name := range []string{"index", "more_index", "facts_index", "last_index"} {
			delete(tree, name)
		}
		for _, v := range tree {
			strip(v)
		}
	case []any:
		for _, v := range tree {
			strip(v)
		}
	}
}

// hashes returns the texts of the records' hashes, for visit.ended.
func hashes(list ...arrived) []string {
	texts := []string{}
	for _, a := range list {
		texts = append(texts, a.Hash.String())
	}
	return texts
}

func caseOf(t testing.TB, set Set, c record.ID) *Case {
	t.Helper()
	s, ok := set[caseKey(c)].(*Case)
	if !ok {
		t.Fatalf("no case %s", c)
	}
	return s
}

func visitOf(t testing.TB, set Set, c, v record.ID) *Visit {
	t.Helper()
	s, ok := set[visitKey(c, v)].(*Visit)
	if !ok {
		t.Fatalf("no visit %s", v)
	}
	return s
}
