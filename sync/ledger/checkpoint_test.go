package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/json"
	"errors"
	"testing"

	"golang.org/x/mod/sumdb/note"
	"pgregory.net/rapid"
)

const origin = "tachiai.example/ledger/1"

func testKey(t testing.TB, seed byte, origin string) (ed25519.PrivateKey, Key) {
	t.Helper()
	private := ed25519.NewKeyFromSeed(bytes.Repeat([]byte{seed}, ed25519.SeedSize))
	k, err := NewKey(origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		t.Fatal(err)
	}
	return private, k
}

func TestSignRefuses(t *testing.T) {
	key, k := testKey(t, 1, origin)
	for _, c := range []struct {
		name string
		c    Checkpoint
		key  ed25519.PrivateKey
		want error
	}{
		{"no origin", Checkpoint{Size: 1}, key, ErrOrigin},
		{"origin of two lines", Checkpoint{Origin: "a\n5"}, key, ErrOrigin},
		{"origin with a plus", Checkpoint{Origin: "a+b"}, key, ErrOrigin},
		{"negative size", Checkpoint{Origin: origin, Size: -1}, key, ErrRange},
		{"size too large", Checkpoint{Origin: origin, Size: MaxSize + 1}, key, ErrRange},
		{"no key", Checkpoint{Origin: origin}, nil, ErrForm},
		{"seed as key", Checkpoint{Origin: origin}, key[:32], ErrForm},
	} {
		if _, err := c.c.Sign(c.key); !errors.Is(err, c.want) {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := NewKey(origin, make([]byte, 31)); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
	signed, _ := Checkpoint{Origin: origin}.Sign(key)
	if _, err := Open(signed, Key{}); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
	if _, err := Open(signed); !errors.Is(err, ErrUnknown) {
		t.Error(err)
	}
	long := append(append(bytes.Clone(signed), "— w "...), bytes.Repeat([]byte("AAAA"), MaxCheckpoint/4)...)
	if _, err := Open(append(long, '\n'), k); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
}

// C2SP wants at least 16 signatures accepted.
func TestOpenTakesManyWitnesses(t *testing.T) {
	key, k := testKey(t, 1, origin)
	want := Checkpoint{origin, 7, Leaf(nil)}
	signed, err := want.Sign(key)
	if err != nil {
		t.Fatal(err)
	}
	for range 15 {
		n := note.Note{Text: want.text()}
		other, ok := testKey(t, 2, "witness.example/w")
		v, err := ok.verifier()
		if err != nil {
			t.Fatal(err)
		}
		both, err := note.Sign(&n, signer{v, other})
		if err != nil {
			t.Fatal(err)
		}
		signed = append(signed, both[len(n.Text)+1:]...)
	}
	if got, err := Open(signed, k); err != nil || got != want {
		t.Error(got, err)
	}
}

// Every checkpoint opens as what was signed; with any byte changed, left out or
// put in, or by another key, it does not open at all.
func TestTamperedCheckpoint(t *testing.T) {
	key, k := testKey(t, 1, origin)
	_, stranger := testKey(t, 2, origin)
	rapid.Check(t, func(t *rapid.T) {
		c := Checkpoint{origin, rapid.Int64Range(0, MaxSize).Draw(t, "size"), Hash(rapid.SliceOfN(rapid.Byte(), 32, 32).Draw(t, "root"))}
		signed, err := c.Sign(key)
		if err != nil {
			t.Fatalf("%v", err)
		}
		if got, err := Open(signed, k); err != nil || got != c {
			t.Fatalf("%+v, %v", got, err)
		}
		if _, err := Open(signed, stranger); !errors.Is(err, ErrUnknown) {
			t.Fatalf("by another key: %v", err)
		}
		i := rapid.IntRange(0, len(signed)-1).Draw(t, "place")
		b := rapid.Byte().Draw(t, "byte")
		for _, bad := range [][]byte{
			append(append(bytes.Clone(signed[:i]), signed[i]^(b|1)), signed[i+1:]...),
			append(bytes.Clone(signed[:i]), signed[i+1:]...),
			append(append(bytes.Clone(signed[:i]), b), signed[i:]...),
			signed[:i],
		} {
			if got, err := Open(bad, k); err == nil {
				t.Fatalf("%q opens as %+v", bad, got)
			}
		}
	})
}

// A server that rewrites its past can sign two checkpoints, but not prove one
// from the other.
func TestCheckpointsAndProofs(t *testing.T) {
	m := newMemory()
	early := Checkpoint{origin, 30, m.add(t, leafCores(30)...)}
	late := Checkpoint{origin, 50, m.add(t, leafCores(50)[30:]...)}
	p := m.consistency(t, 30, 50)
	if err := p.Between(early, late); err != nil {
		t.Error(err)
	}
	for name, c := range map[string][2]Checkpoint{
		"exchanged":    {late, early},
		"other origin": {early, {"tachiai.example/ledger/2", late.Size, late.Root}},
		"other from":   {{origin, 29, early.Root}, late},
		"other to":     {early, {origin, 51, late.Root}},
		"rewritten":    {{origin, 30, Leaf(nil)}, late},
	} {
		if err := p.Between(c[0], c[1]); !errors.Is(err, ErrProof) {
			t.Errorf("%s: %v", name, err)
		}
	}
	in := m.inclusion(t, 7, 50)
	if err := in.In(late, []byte("leaf 7")); err != nil {
		t.Error(err)
	}
	if err := in.In(late, []byte("leaf 8")); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
	if err := in.In(Checkpoint{origin, 49, late.Root}, []byte("leaf 7")); !errors.Is(err, ErrProof) {
		t.Error(err)
	}
}

// The wire form survives encoding/json, which must not loosen it.
func TestProofJSON(t *testing.T) {
	m := newMemory()
	m.add(t, leafCores(9)...)
	both := struct {
		I Inclusion
		C Consistency
	}{m.inclusion(t, 3, 9), m.consistency(t, 4, 9)}
	text, err := json.Marshal(both)
	if err != nil {
		t.Fatal(err)
	}
	again := both
	again.I, again.C = Inclusion{}, Consistency{}
	if err := json.Unmarshal(text, &again); err != nil {
		t.Fatal(err)
	}
	if err := again.I.Check(Leaf([]byte("leaf 3")), m.root(t, 9)); err != nil {
		t.Error(err)
	}
	if err := again.C.Check(m.root(t, 4), m.root(t, 9)); err != nil {
		t.Error(err)
	}
	if err := json.Unmarshal([]byte(`{"I":{"Index":0,"size":1,"hashes":[]}}`), &again); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
}
