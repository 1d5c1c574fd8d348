package seal

import (
	"errors"
	"testing"

	"tachiai/sync/record"
)

type namedKey struct {
	Name string `json:"name"`
	Kid  string `json:"kid"`
	JWK  any    `json:"jwk"` // private: these keys are for tests and known to everyone
}

func keyVectors(t testing.TB) (list []any) {
	for _, k := range testKeys {
		list = append(list, namedKey{k.name, kidOf(k.key).String(), privateJWK(t, k.key)})
	}
	return list
}

// TestSealVectors writes the cases of the other tests down for the twin.
func TestSealVectors(t *testing.T) {
	records, badRecords := recordCases(t)
	tokens, badTokens := tokenCases(t)
	golden(t, "../testdata/vectors/seal.json", vectorFile(t,
		"Sealed texts (docs/protocol.md, 1, 3, 4.1). keys: private JWKs, for tests only. records, tokens: taken when read with the public part of key; "+
			"badRecords, badTokens: refused with code. grow: append grow-1 times A and a tilde to compact. fields stand in the order of _sd; value is JSON text; "+
			"digest is what stands in _sd. stray is left out where grow says it. A record is sealed again byte for byte, up to the signature of ES256, from "+
			"payload and the fields. type of a token names its reader; a proof is read for POST https://tachiai.example/api/field/v1/records. "+
			"jwks: kid, or refused where there is none. nonces: secret is text; result is ok, expired or foreign.",
		section{"keys", keyVectors(t)}, section{"records", anys(records)}, section{"badRecords", anys(badRecords)},
		section{"tokens", anys(tokens)}, section{"badTokens", anys(badTokens)}, section{"jwks", anys(jwkCases(t))}, section{"nonces", anys(nonceCases())}))
}

type journalCase struct {
	Name    string `json:"name"`
	Records []int  `json:"records"`         // indexes into records
	Error   string `json:"error,omitempty"` // gap, fork, chain, id_reuse, journal; empty: it is whole
	Seq     int64  `json:"seq"`             // of the head; of the good part when there is an error
	Hash    string `json:"hash"`            // the same; "" for an empty journal
}

var journalErrors = []struct {
	err  error
	name string
}{{record.ErrGap, "gap"}, {record.ErrFork, "fork"}, {record.ErrChain, "chain"}, {record.ErrIDReuse, "id_reuse"}, {record.ErrJournal, "journal"}}

// TestJournalVectors: journals told by which of a few records stand in them.
func TestJournalVectors(t *testing.T) {
	texts, records := night(t)
	add := func(text string, r *record.Record) int {
		texts, records = append(texts, text), append(records, r)
		return len(texts) - 1
	}
	p := newPhone(t, "phone-a")
	p.head = record.Head{Seq: 2, Hash: records[1].Hash}
	fork := add(p.seal(record.KindNoteWritten, Content{"note", "別の話"}))
	after := add(p.seal(record.KindNoteWritten, Content{"note", "その続き"}))
	p.head = record.Head{Seq: 6, Hash: records[5].Hash}
	s := p.structure(record.KindNoteWritten)
	s.ID = records[0].ID
	reused := add(p.sealWith(s, Content{"note", "x"}))
	foreign := add(newPhone(t, "phone-b").seal(record.KindNoteWritten, Content{"note", "x"}))
	ofOffice := add(sealOffice(t, record.Structure{ID: idOf("o"), Kind: record.KindPolicyPublished, At: testNow, Actor: idOf("admin"), App: "tachiai/0.1.0"}))
	wrongRoot := newPhone(t, "phone-a")
	wrongRoot.head.Hash = record.Hash{1}
	rootless := add(wrongRoot.seal(record.KindNoteWritten, Content{"note", "x"}))

	cases := []journalCase{
		{Name: "whole", Records: []int{0, 1, 2, 3, 4, 5}},
		{Name: "empty", Records: []int{}},
		{Name: "one", Records: []int{0}},
		{Name: "tail cut: only the head shows it", Records: []int{0, 1, 2, 3, 4}},
		{Name: "the other branch of a fork", Records: []int{0, 1, fork, after}},
		{Name: "first lost", Records: []int{1, 2, 3, 4, 5}, Error: "gap"},
		{Name: "one lost", Records: []int{0, 1, 2, 4, 5}, Error: "gap"},
		{Name: "two swapped", Records: []int{0, 2, 1, 3, 4, 5}, Error: "gap"},
		{Name: "backwards", Records: []int{5, 4, 3, 2, 1, 0}, Error: "gap"},
		{Name: "one doubled", Records: []int{0, 1, 2, 2, 3, 4, 5}, Error: "fork"},
		{Name: "fork", Records: []int{0, 1, 2, fork, 3, 4, 5}, Error: "fork"},
		{Name: "fork at the end", Records: []int{0, 1, 2, fork}, Error: "fork"},
		{Name: "another in its place", Records: []int{0, 1, fork, 3, 4, 5}, Error: "chain"},
		{Name: "another beginning", Records: []int{rootless}, Error: "chain"},
		{Name: "an id twice", Records: []int{0, 1, 2, 3, 4, 5, reused}, Error: "id_reuse"},
		{Name: "another key", Records: []int{0, 1, foreign, 3, 4, 5}, Error: "journal"},
		{Name: "an office record in between", Records: []int{0, 1, ofOffice, 2, 3}, Error: "journal"},
	}
	for i := range cases {
		c := &cases[i]
		var list []*record.Record
		for _, n := range c.Records {
			r, err := Open(texts[n], everyKey)
			if err != nil {
				t.Fatal(err)
			}
			list = append(list, r)
		}
		head, err := record.CheckJournal(list)
		got := ""
		for _, e := range journalErrors {
			if errors.Is(err, e.err) {
				got = e.name
			}
		}
		if got != c.Error {
			t.Errorf("%s: %v, want %q", c.Name, err, c.Error)
		}
		if c.Seq = head.Seq; head != (record.Head{}) {
			c.Hash = head.Hash.String()
		}
	}
	type text struct {
		Hash    string `json:"hash"`
		Compact string `json:"compact"`
	}
	var all []text
	for i := range texts {
		all = append(all, text{records[i].Hash.String(), texts[i]})
	}
	golden(t, "../testdata/vectors/journal.json", vectorFile(t,
		"Journals (docs/protocol.md, 1.4). keys: as in seal.json. records: each opens. journals: records are indexes into records, in the order in which the "+
			"journal is read; error is empty for a whole journal; seq and hash are its head, or the head of the good part before the error, which for an "+
			"error at the first record is seq 0 and the key itself.",
		section{"keys", keyVectors(t)}, section{"records", anys(all)}, section{"journals", anys(cases)}))
}

// sealOffice seals an office record without content.
func sealOffice(t testing.TB, s record.Structure) (string, *record.Record) {
	t.Helper()
	text, r, err := Seal(s, nil, office, stream("office"))
	if err != nil {
		t.Fatal(err)
	}
	return text, r
}
