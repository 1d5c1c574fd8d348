package ledger

import (
	"bytes"
	"crypto/ed25519"
	"encoding/hex"
	"slices"
	"testing"
)

// FuzzOpen: whatever opens was signed by the key, and there is only one text
// for it when it carries one signature.
func FuzzOpen(f *testing.F) {
	v := loadVectors(f)
	seed, err := hex.DecodeString(v.Seed)
	if err != nil {
		f.Fatal(err)
	}
	private := ed25519.NewKeyFromSeed(seed)
	key, err := NewKey(origin, private.Public().(ed25519.PublicKey))
	if err != nil {
		f.Fatal(err)
	}
	for _, c := range v.Checkpoints {
		f.Add([]byte(c.Text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := Open(data, key)
		if err != nil {
			if c != (Checkpoint{}) {
				t.Fatal("a checkpoint beside the error")
			}
			return
		}
		signed, err := c.Sign(private)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Count(data, []byte("— ")) == 1 && !bytes.Equal(signed, data) {
			t.Fatalf("%q and %q", data, signed)
		}
	})
}

// FuzzCheckpointText goes past the signature to the text.
func FuzzCheckpointText(f *testing.F) {
	for _, c := range loadVectors(f).Checkpoints {
		text, _, _ := bytes.Cut([]byte(c.Text), []byte("\n\n"))
		f.Add(string(text) + "\n")
		f.Add(string(text) + "\nno line end")
	}
	f.Fuzz(func(t *testing.T, text string) {
		if c, err := parseText(text); err == nil && c.text() != text {
			t.Fatalf("%q is written %q", text, c.text())
		}
	})
}

// FuzzProof: what is read is written and read the same, and checking it ends,
// whatever sizes it claims.
func FuzzProof(f *testing.F) {
	for _, c := range loadVectors(f).ProofTexts {
		f.Add([]byte(c.Text))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		if p, err := ParseInclusion(data); err == nil {
			_ = p.Check(Hash{}, Hash{})
			text, err := p.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			again, err := ParseInclusion(text)
			if err != nil || again.Index != p.Index || again.Size != p.Size || !slices.Equal(again.Hashes, p.Hashes) {
				t.Fatal(again, err)
			}
		}
		if p, err := ParseConsistency(data); err == nil {
			_ = p.Check(Hash{}, Hash{})
			text, err := p.MarshalJSON()
			if err != nil {
				t.Fatal(err)
			}
			again, err := ParseConsistency(text)
			if err != nil || again.From != p.From || again.To != p.To || !slices.Equal(again.Hashes, p.Hashes) {
				t.Fatal(again, err)
			}
		}
	})
}

// FuzzKey: a key has one text.
func FuzzKey(f *testing.F) {
	v := loadVectors(f)
	for _, c := range v.Keys {
		f.Add(c.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if k, err := ParseKey(text); err == nil && k.String() != text {
			t.Fatalf("%q is written %q", text, k)
		}
	})
}
