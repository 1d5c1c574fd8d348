package seal

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

// night seals a journal of one visit: six records by phone-a.
func night(t testing.TB) (texts []string, records []*record.Record) {
	p := newPhone(t, "phone-a")
	add := func(text string, r *record.Record) { texts, records = append(texts, text), append(records, r) }
	add(p.seal(record.KindContactLogged, Content{"channel", "phone"}, Content{"result", "no_answer"}))
	add(p.seal(record.KindVisitStarted, Content{"place", "doorstep"}))
	add(p.seal(record.KindIdentityChecked, Content{"method", "known_by_sight"}))
	add(p.seal(record.KindNoteWritten, Content{"note", "入館証は捨てたとのこと。"}))
	add(p.seal(record.KindHearingReadBack, Content{"text", "捨てました。"}, Content{"confirmed", true}))
	var hashes []any
	for _, r := range records[1:] {
		hashes = append(hashes, r.Hash)
	}
	add(p.seal(record.KindVisitEnded, Content{"outcome", "discarded_claimed"}, Content{"records", hashes}))
	return texts, records
}

// judge opens a journal and checks its chain.
func judge(texts []string) (record.Head, error) {
	records := make([]*record.Record, 0, len(texts))
	for _, text := range texts {
		r, err := Open(text, OneKey(phoneA.Public()))
		if err != nil {
			return record.Head{}, err
		}
		if len(r.Stray) > 0 || r.Withheld() > 0 {
			return record.Head{}, errField
		}
		if faults := record.CheckSchema(r); len(faults) > 0 {
			return record.Head{}, errField
		}
		records = append(records, r)
	}
	return record.CheckJournal(records)
}

var errField = errors.New("a field is missing or does not belong")

func TestNight(t *testing.T) {
	texts, records := night(t)
	head, err := judge(texts)
	if err != nil || head != (record.Head{Seq: 6, Hash: records[5].Hash}) {
		t.Errorf("%v %v", head, err)
	}
}

// TestEveryBit changes bits all over a whole journal: none passes unseen.
// (TestEveryBitOfOne leaves none out.)
func TestEveryBit(t *testing.T) {
	texts, records := night(t)
	whole := strings.Join(texts, "\n")
	head := record.Head{Seq: 6, Hash: records[5].Hash}
	for i := 0; i < len(whole)*8; i += 29 {
		b := []byte(whole)
		b[i/8] ^= 1 << (i % 8)
		if got, err := judge(strings.Split(string(b), "\n")); err == nil && got == head {
			t.Fatalf("bit %d of byte %d (%q): not seen", i%8, i/8, whole[i/8])
		}
	}
}

// TestEveryBitOfOne: a changed bit in the signed part refuses the record; one
// in a field makes it stray and leaves the rest as it was.
func TestEveryBitOfOne(t *testing.T) {
	texts, records := night(t)
	text, r := texts[4], records[4]
	for i := range len(text) * 8 {
		b := []byte(text)
		b[i/8] ^= 1 << (i % 8)
		got, err := Open(string(b), OneKey(phoneA.Public()))
		if err != nil {
			if Code(err) == "" {
				t.Fatalf("bit %d: %v has no code", i, err)
			}
			continue
		}
		if i/8 < strings.IndexByte(text, '~') {
			t.Fatalf("bit %d of the signed part: not seen", i)
		}
		if got.Hash != r.Hash || len(got.Stray) == 0 || !slices.Contains(got.Flags, record.FlagStrayField) {
			t.Fatalf("bit %d of a field: stray %v", i, got.Stray)
		}
	}
}

// TestAnyChange: whatever happens to a journal, it is seen, or nothing has
// happened.
func TestAnyChange(t *testing.T) {
	texts, _ := night(t)
	wantHead, _ := judge(texts)
	p := newPhone(t, "phone-a") // the same key, telling another story
	fork, _ := p.seal(record.KindNoteWritten, Content{"note", "別の話"})
	foreign, _ := newPhone(t, "phone-b").seal(record.KindNoteWritten, Content{"note", "x"})
	rapid.Check(t, func(t *rapid.T) {
		j := slices.Clone(texts)
		for range rapid.IntRange(1, 3).Draw(t, "changes") {
			if len(j) == 0 {
				break
			}
			i := rapid.IntRange(0, len(j)-1).Draw(t, "i")
			k := rapid.IntRange(0, len(j)-1).Draw(t, "k")
			switch rapid.SampledFrom([]string{"drop", "swap", "double", "fork", "foreign", "cut", "bit", "field", "replace"}).Draw(t, "how") {
			case "drop":
				j = slices.Delete(j, i, i+1)
			case "swap":
				j[i], j[k] = j[k], j[i]
			case "double":
				j = slices.Insert(j, k, j[i])
			case "fork":
				j = slices.Insert(j, i, fork)
			case "foreign":
				j = slices.Insert(j, i, foreign)
			case "replace":
				j[i] = fork
			case "cut":
				j = j[:i]
			case "bit":
				b := []byte(j[i])
				b[rapid.IntRange(0, len(b)-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
				j[i] = string(b)
			case "field":
				token, rest, _ := strings.Cut(j[i], "~")
				_, rest, _ = strings.Cut(rest, "~")
				j[i] = token + "~" + rest
			}
		}
		head, err := judge(j)
		if unchanged := slices.Equal(j, texts); unchanged != (err == nil && head == wantHead) {
			t.Fatalf("unchanged %v, head %v, %v", unchanged, head, err)
		}
	})
}

// TestSealOpens: what is sealed opens to the same, whatever it says.
func TestSealOpens(t *testing.T) {
	name := rapid.StringMatching(`[a-z][a-z0-9_]{0,9}(\.[A-Za-z0-9_-]{1,9})?`).Filter(record.CheckFieldName)
	word := rapid.StringOf(rapid.Rune().Filter(func(r rune) bool { _, err := ijson.Marshal(string(r)); return err == nil }))
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.MapOfN(name, word, 0, 20).Draw(t, "values")
		var content []Content
		for n, v := range values {
			content = append(content, Content{n, v})
		}
		s := record.Structure{ID: idOf("x"), Kind: record.KindObjectionMade, At: rapid.Int64Range(-ijson.MaxInt, ijson.MaxInt).Draw(t, "at"), Actor: idOf("y"), App: "x"}
		text, sealed, err := Seal(s, content, office, stream("x"))
		if err != nil {
			t.Fatal(err)
		}
		r, err := Open(text, OneKey(office.Public()))
		if err != nil || r.Hash != sealed.Hash || len(r.Fields) != len(values) || len(r.Flags) > 0 || r.At != s.At {
			t.Fatalf("%v %+v", err, r)
		}
		for n, v := range values {
			if r.Text(n) != v {
				t.Fatalf("%s: %q became %q", n, v, r.Text(n))
			}
		}
	})
}
