package ledger

import "testing"

// BenchmarkAppend is what happens under the log's lock: a batch of 200 leaf
// hashes onto a tree of a million, and its root.
func BenchmarkAppend(b *testing.B) {
	const size = 1_000_003
	edge := make([]Hash, len(Frontier(size)))
	leaves := make([]Hash, 200)
	for i := range leaves {
		leaves[i] = Leaf([]byte{byte(i)})
	}
	b.ReportAllocs()
	for b.Loop() {
		e, err := NewEdge(size, edge)
		if err != nil {
			b.Fatal(err)
		}
		if _, _, err := e.Append(leaves...); err != nil {
			b.Fatal(err)
		}
		e.Root()
	}
}

func BenchmarkInclusionNodes(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		if _, err := InclusionNodes(123_456, 1_000_003); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkCheckpoint(b *testing.B) {
	private, key := testKey(b, 1, origin)
	c := Checkpoint{origin, 1_000_003, Leaf(nil)}
	signed, err := c.Sign(private)
	if err != nil {
		b.Fatal(err)
	}
	b.Run("sign", func(b *testing.B) {
		for b.Loop() {
			if _, err := c.Sign(private); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("open", func(b *testing.B) {
		for b.Loop() {
			if _, err := Open(signed, key); err != nil {
				b.Fatal(err)
			}
		}
	})
}
