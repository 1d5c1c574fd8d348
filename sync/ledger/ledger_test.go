package ledger

import (
	"errors"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestRange(t *testing.T) {
	for _, c := range []struct{ index, size int64 }{
		{0, 0}, {1, 1}, {-1, 1}, {0, -1}, {0, MaxSize + 1}, {0, math.MaxInt64}, {math.MinInt64, math.MaxInt64},
	} {
		if _, err := InclusionNodes(c.index, c.size); !errors.Is(err, ErrRange) {
			t.Errorf("leaf %d of %d: %v", c.index, c.size, err)
		}
		if _, err := ProveInclusion(c.index, c.size, nil); !errors.Is(err, ErrRange) {
			t.Errorf("leaf %d of %d: %v", c.index, c.size, err)
		}
		if err := (Inclusion{Index: c.index, Size: c.size}).Check(Hash{}, Hash{}); !errors.Is(err, ErrRange) {
			t.Errorf("leaf %d of %d: %v", c.index, c.size, err)
		}
	}
	for _, c := range []struct{ from, to int64 }{
		{1, 0}, {-1, 1}, {-1, -1}, {0, MaxSize + 1}, {1, math.MaxInt64}, {math.MaxInt64, math.MaxInt64},
	} {
		if _, err := ConsistencyNodes(c.from, c.to); !errors.Is(err, ErrRange) {
			t.Errorf("%d to %d: %v", c.from, c.to, err)
		}
		if _, err := ProveConsistency(c.from, c.to, nil); !errors.Is(err, ErrRange) {
			t.Errorf("%d to %d: %v", c.from, c.to, err)
		}
		if err := (Consistency{From: c.from, To: c.to}).Check(Hash{}, Hash{}); !errors.Is(err, ErrRange) {
			t.Errorf("%d to %d: %v", c.from, c.to, err)
		}
	}
	if _, err := NewEdge(-1, nil); !errors.Is(err, ErrRange) {
		t.Error(err)
	}
	if _, err := ReadEdge(MaxSize+1, nil); !errors.Is(err, ErrRange) {
		t.Error(err)
	}
	full, err := NewEdge(MaxSize, make([]Hash, 53))
	if err != nil {
		t.Fatal(err)
	}
	root := full.Root()
	if _, _, err := full.Append(Hash{}); !errors.Is(err, ErrRange) || full.Root() != root || full.Size() != MaxSize {
		t.Error(err)
	}
}

// The longest path that there can be is still read.
func TestLargestTree(t *testing.T) {
	need, err := ConsistencyNodes(1<<52+1, MaxSize)
	if err != nil {
		t.Fatal(err)
	}
	nodes := Nodes{}
	for _, i := range need {
		nodes[i] = Leaf([]byte{byte(i)})
	}
	p, err := ProveConsistency(1<<52+1, MaxSize, nodes)
	if err != nil || len(p.Hashes) != maxPath-1 && len(p.Hashes) != maxPath {
		t.Fatal(len(p.Hashes), err)
	}
	text, err := p.MarshalJSON()
	if err != nil {
		t.Fatal(err)
	}
	if again, err := ParseConsistency(text); err != nil || !slices.Equal(again.Hashes, p.Hashes) {
		t.Error(err)
	}
}

func TestMissingHashes(t *testing.T) {
	m := newMemory()
	m.add(t, leafCores(11)...)
	drop := func(indexes []int64) Nodes {
		n := m.fetch(t, indexes)
		delete(n, indexes[len(indexes)/2])
		return n
	}
	if _, err := ReadEdge(11, drop(Frontier(11))); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	if _, err := NewEdge(11, make([]Hash, 2)); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	if _, err := NewEdge(11, make([]Hash, 4)); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	if _, err := ParseEdge(11, make([]byte, 95)); !errors.Is(err, ErrForm) {
		t.Error(err)
	}
	need, _ := InclusionNodes(4, 11)
	if _, err := ProveInclusion(4, 11, drop(need)); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
	need, _ = ConsistencyNodes(6, 11)
	if _, err := ProveConsistency(6, 11, drop(need)); !errors.Is(err, ErrMissing) {
		t.Error(err)
	}
}

func TestFrontierPanicsOutOfRange(t *testing.T) {
	for _, size := range []int64{-1, MaxSize + 1} {
		for _, f := range []func(){func() { Frontier(size) }, func() { StoredCount(size) }} {
			func() {
				defer func() {
					if recover() == nil {
						t.Error("no panic at", size)
					}
				}()
				f()
			}()
		}
	}
}

func coresGen(atLeast int) *rapid.Generator[[][]byte] {
	return rapid.SliceOfN(rapid.SliceOfN(rapid.Byte(), 0, 12), atLeast, 70)
}

// However the leaves are cut into batches, what is stored and the root are the
// same, and equal to what an auditor computes from the leaves alone.
func TestBatchesDoNotMatter(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cores := coresGen(0).Draw(t, "cores")
		one := newMemory()
		for _, c := range cores {
			one.add(t, c)
		}
		batched := newMemory()
		for rest := cores; len(rest) > 0; {
			n := rapid.IntRange(0, len(rest)).Draw(t, "batch")
			batched.add(t, rest[:n]...)
			rest = rest[n:]
		}
		if one.stored != batched.stored || one.stored != int64(len(one.nodes)) {
			t.Fatalf("%d and %d hashes", one.stored, batched.stored)
		}
		for i, h := range one.nodes {
			if batched.nodes[i] != h {
				t.Fatalf("hash %d differs", i)
			}
		}
		size, root := RootOf(slices.Values(cores))
		if size != one.size() || root != one.root(t, size) {
			t.Fatalf("the auditor's root differs at size %d", size)
		}
	})
}

// A changed bit, two leaves in each other's place, a leaf left out or given
// twice, a leaf moved: another root, and no proof leads from the old to the new.
func TestAnyChangeIsSeen(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cores := coresGen(1).Draw(t, "cores")
		size, root := RootOf(slices.Values(cores))
		index := rapid.IntRange(0, len(cores)-1).Draw(t, "leaf")
		other := rapid.IntRange(0, len(cores)-1).Draw(t, "other")
		changed := slices.Clone(cores)
		switch how := rapid.SampledFrom([]string{"flip", "swap", "drop", "duplicate", "append", "cut"}).Draw(t, "how"); how {
		case "flip":
			c := slices.Clone(changed[index])
			if len(c) == 0 {
				c = []byte{0}
			} else {
				bit := rapid.IntRange(0, 8*len(c)-1).Draw(t, "bit")
				c[bit/8] ^= 1 << (bit % 8)
			}
			changed[index] = c
		case "swap":
			changed[index], changed[other] = changed[other], changed[index]
			if string(changed[index]) == string(changed[other]) {
				return // equal leaves: nothing changed
			}
		case "drop":
			changed = slices.Delete(changed, index, index+1)
		case "duplicate":
			changed = slices.Insert(changed, other, changed[index])
		case "append":
			changed[index] = append(slices.Clone(changed[index]), 0)
		case "cut":
			changed = changed[:index]
		}
		newSize, newRoot := RootOf(slices.Values(changed))
		if newRoot == root {
			t.Fatalf("the root is the same")
		}
		m := newMemory()
		m.add(t, changed...)
		if newSize >= size {
			// A longer ledger may begin with the old one only if its prefix says so.
			_, prefix := RootOf(slices.Values(changed[:size]))
			holds := m.consistency(t, size, newSize).Check(root, newRoot) == nil
			if holds != (prefix == root) {
				t.Fatalf("consistency holds: %v", holds)
			}
		}
		if int64(index) < newSize {
			was := Leaf(cores[index])
			holds := m.inclusion(t, int64(index), newSize).Check(was, newRoot) == nil
			if holds != (string(changed[index]) == string(cores[index])) {
				t.Fatalf("inclusion holds: %v", holds)
			}
		}
	})
}

// Every proof holds for what it proves and for nothing beside it: another leaf,
// root, index or size, a flipped bit, a hash more, less or moved.
func TestProofsHoldOnlyForThemselves(t *testing.T) {
	m := newMemory()
	m.add(t, leafCores(100)...)
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(1, 100).Draw(t, "size")
		index := rapid.Int64Range(0, size-1).Draw(t, "index")
		from := rapid.Int64Range(0, size).Draw(t, "from")
		root, old, leaf := m.root(t, size), m.root(t, from), Leaf(m.cores[index])
		in, con := m.inclusion(t, index, size), m.consistency(t, from, size)
		if err := in.Check(leaf, root); err != nil {
			t.Fatalf("%v", err)
		}
		if err := con.Check(old, root); err != nil {
			t.Fatalf("%v", err)
		}
		flip := func(h Hash) Hash {
			bit := rapid.IntRange(0, 255).Draw(t, "bit")
			h[bit/8] ^= 1 << (bit % 8)
			return h
		}
		if in.Check(flip(leaf), root) == nil || in.Check(leaf, flip(root)) == nil {
			t.Fatalf("inclusion of another leaf or in another tree")
		}
		if con.Check(flip(old), root) == nil || from > 0 && con.Check(old, flip(root)) == nil {
			t.Fatalf("consistency of another tree")
		}
		for _, i := range []int64{index - 1, index + 1, index ^ 1} {
			moved := in
			moved.Index = i
			if moved.Check(leaf, root) == nil {
				t.Fatalf("the leaf at %d also at %d", index, i)
			}
		}
		for _, path := range broken(t, in.Hashes) {
			if (Inclusion{index, size, path}).Check(leaf, root) == nil {
				t.Fatalf("inclusion holds by another path")
			}
		}
		for _, path := range broken(t, con.Hashes) {
			if (Consistency{from, size, path}).Check(old, root) == nil {
				t.Fatalf("consistency holds by another path")
			}
		}
	})
}

// broken returns paths that differ from a good one.
func broken(t *rapid.T, path []Hash) [][]Hash {
	out := [][]Hash{append(slices.Clone(path), Leaf(nil)), append([]Hash{Leaf(nil)}, path...)}
	if len(path) == 0 {
		return out
	}
	i := rapid.IntRange(0, len(path)-1).Draw(t, "hash")
	out = append(out, slices.Delete(slices.Clone(path), i, i+1), slices.Insert(slices.Clone(path), i, path[i]))
	flipped := slices.Clone(path)
	flipped[i][rapid.IntRange(0, HashSize-1).Draw(t, "byte")] ^= 1 << rapid.IntRange(0, 7).Draw(t, "bit")
	out = append(out, flipped)
	if i > 0 && path[i] != path[i-1] {
		moved := slices.Clone(path)
		moved[i], moved[i-1] = moved[i-1], moved[i]
		out = append(out, moved)
	}
	return out
}
