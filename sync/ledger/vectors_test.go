package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"testing"
)

// codes are the words for refusals in the vectors.
var codes = map[string]error{
	"range": ErrRange, "form": ErrForm, "proof": ErrProof, "origin": ErrOrigin, "unknown": ErrUnknown, "forged": ErrForged,
}

type vectors struct {
	Seed   string
	Leaves []struct {
		Core string
		Hash Hash
	}
	Trees []struct {
		Name      string
		Leaves    []string // hexadecimal
		Roots     []Hash   // by size, from 0
		Frontiers [][]int64
		Stored    []Hash
	}
	Inclusion []struct {
		Name, Code string
		Leaf, Root Hash
		Proof      Inclusion
	}
	Consistency []struct {
		Name, Code string
		Old, New   Hash
		Proof      Consistency
	}
	Included []struct {
		Name, Code, Core string
		Checkpoint       Checkpoint
		Proof            Inclusion
	}
	Extends []struct {
		Name, Code     string
		Earlier, Later Checkpoint
		Proof          Consistency
	}
	ProofTexts []struct{ Name, Kind, Text, Code string } `json:"proof_texts"`
	Keys       []struct {
		Name, Text, Code, Origin string
		Public                   []byte
	}
	Checkpoints []struct {
		Name, Text, Code, Origin string
		Keys                     []string
		Size                     int64
		Root                     Hash
	}
}

func loadVectors(t testing.TB) (v vectors) {
	t.Helper()
	data, err := os.ReadFile("../testdata/vectors/ledger.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(data, &v); err != nil {
		t.Fatal(err)
	}
	for i, n := range []int{
		len(v.Leaves), len(v.Trees), len(v.Inclusion), len(v.Consistency), len(v.Included), len(v.Extends), len(v.ProofTexts), len(v.Keys), len(v.Checkpoints),
	} {
		if n == 0 {
			t.Fatalf("part %d of the vectors is empty", i)
		}
	}
	return v
}

// expect holds a result against a case's code; without one it wants none.
func expect(t *testing.T, err error, code string) {
	t.Helper()
	want, ok := codes[code]
	if code != "" && !ok {
		t.Fatalf("the vectors use an unknown code %q", code)
	}
	if !errors.Is(err, want) || (err == nil) != (code == "") {
		t.Errorf("got %v, want %q", err, code)
	}
}

func TestVectorsTrees(t *testing.T) {
	v := loadVectors(t)
	for _, l := range v.Leaves {
		if Leaf([]byte(l.Core)) != l.Hash {
			t.Errorf("leaf %q", l.Core)
		}
	}
	for _, c := range v.Trees {
		t.Run(c.Name, func(t *testing.T) {
			var e Edge
			nodes := Nodes{}
			if e.Root() != c.Roots[0] || EmptyRoot() != c.Roots[0] {
				t.Error("root of the empty tree")
			}
			for i, text := range c.Leaves {
				core, err := hex.DecodeString(text)
				if err != nil {
					t.Fatal(err)
				}
				first, stored, err := e.Append(Leaf(core))
				if err != nil {
					t.Fatal(err)
				}
				nodes.Put(first, stored)
				size := int64(i + 1)
				if e.Root() != c.Roots[size] {
					t.Errorf("root of %d: %v", size, e.Root())
				}
				want, err := nodes.ReadHashes(c.Frontiers[size])
				if err != nil || len(want) != len(Frontier(size)) {
					t.Fatal(size, Frontier(size), err)
				}
				for j, index := range Frontier(size) {
					if index != c.Frontiers[size][j] || e.Hashes()[j] != want[j] {
						t.Errorf("frontier of %d: %v", size, Frontier(size))
					}
				}
			}
			for i, h := range c.Stored {
				if nodes[int64(i)] != h {
					t.Errorf("stored hash %d", i)
				}
			}
			if len(nodes) != len(c.Stored) {
				t.Errorf("%d stored hashes, want %d", len(nodes), len(c.Stored))
			}
		})
	}
}

func TestVectorsProofs(t *testing.T) {
	v := loadVectors(t)
	for _, c := range v.Inclusion {
		t.Run("inclusion/"+c.Name, func(t *testing.T) { expect(t, c.Proof.Check(c.Leaf, c.Root), c.Code) })
	}
	for _, c := range v.Consistency {
		t.Run("consistency/"+c.Name, func(t *testing.T) { expect(t, c.Proof.Check(c.Old, c.New), c.Code) })
	}
	for _, c := range v.Included {
		t.Run("included/"+c.Name, func(t *testing.T) { expect(t, c.Proof.In(c.Checkpoint, []byte(c.Core)), c.Code) })
	}
	for _, c := range v.Extends {
		t.Run("extends/"+c.Name, func(t *testing.T) { expect(t, c.Proof.Between(c.Earlier, c.Later), c.Code) })
	}
	for _, c := range v.ProofTexts {
		t.Run(c.Kind+" text/"+c.Name, func(t *testing.T) {
			var err error
			switch c.Kind {
			case "inclusion":
				_, err = ParseInclusion([]byte(c.Text))
			case "consistency":
				_, err = ParseConsistency([]byte(c.Text))
			default:
				t.Fatal(c.Kind)
			}
			expect(t, err, c.Code)
		})
	}
}

func TestVectorsKeys(t *testing.T) {
	for _, c := range loadVectors(t).Keys {
		t.Run(c.Name, func(t *testing.T) {
			k, err := ParseKey(c.Text)
			expect(t, err, c.Code)
			if err != nil {
				if k != (Key{}) {
					t.Error("a key beside the error")
				}
				return
			}
			made, err := NewKey(c.Origin, c.Public)
			if err != nil || made != k || k.String() != c.Text || k.Origin() != c.Origin || !bytes.Equal(k.Public(), c.Public) {
				t.Error(made, err)
			}
		})
	}
}

func TestVectorsCheckpoints(t *testing.T) {
	v := loadVectors(t)
	seed, err := hex.DecodeString(v.Seed)
	if err != nil {
		t.Fatal(err)
	}
	key := ed25519.NewKeyFromSeed(seed)
	for i, c := range v.Checkpoints {
		t.Run(c.Name, func(t *testing.T) {
			var keys []Key
			for _, text := range c.Keys {
				k, err := ParseKey(text)
				if err != nil {
					t.Fatal(err)
				}
				keys = append(keys, k)
			}
			got, err := Open([]byte(c.Text), keys...)
			expect(t, err, c.Code)
			if want := (Checkpoint{c.Origin, c.Size, c.Root}); got != want {
				t.Errorf("got %+v", got)
			}
			if i == 0 { // Ed25519 is deterministic: what we sign is these bytes
				signed, err := got.Sign(key)
				if err != nil || string(signed) != c.Text {
					t.Errorf("got %q, %v", signed, err)
				}
			}
		})
	}
}
