package ledger

import (
	"bytes"
	"fmt"
	"maps"
	"testing"

	"golang.org/x/mod/sumdb/tlog"
)

// memory is a ledger in memory that reads and writes stored hashes the way a
// database does: only those that the package names, only at the place it says.
type memory struct {
	cores  [][]byte
	nodes  Nodes
	stored int64
}

func newMemory() *memory { return &memory{nodes: Nodes{}} }

func (m *memory) size() int64 { return int64(len(m.cores)) }

// fetch answers one query: those hashes and no others.
func (m *memory) fetch(t fataler, indexes []int64) Nodes {
	got := Nodes{}
	for i, index := range indexes {
		if i > 0 && indexes[i-1] >= index {
			t.Fatalf("indexes out of order: %v", indexes)
		}
		h, ok := m.nodes[index]
		if !ok {
			t.Fatalf("asked for hash %d of %d", index, m.stored)
		}
		got[index] = h
	}
	return got
}

type fataler interface{ Fatalf(string, ...any) }

// add appends a batch and returns the new root.
func (m *memory) add(t fataler, cores ...[]byte) Hash {
	e, err := ReadEdge(m.size(), m.fetch(t, Frontier(m.size())))
	if err != nil {
		t.Fatalf("%v", err)
	}
	leaves := make([]Hash, len(cores))
	for i, c := range cores {
		leaves[i] = Leaf(c)
	}
	first, stored, err := e.Append(leaves...)
	if err != nil || first != m.stored {
		t.Fatalf("append at %d, want %d: %v", first, m.stored, err)
	}
	m.nodes.Put(first, stored)
	m.stored += int64(len(stored))
	m.cores = append(m.cores, cores...)
	if e.Size() != m.size() || StoredCount(e.Size()) != m.stored {
		t.Fatalf("size %d, %d stored, want %d, %d", e.Size(), StoredCount(e.Size()), m.size(), m.stored)
	}
	return e.Root()
}

func (m *memory) root(t fataler, size int64) Hash {
	e, err := ReadEdge(size, m.fetch(t, Frontier(size)))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return e.Root()
}

func (m *memory) inclusion(t fataler, index, size int64) Inclusion {
	need, err := InclusionNodes(index, size)
	if err != nil {
		t.Fatalf("%v", err)
	}
	p, err := ProveInclusion(index, size, m.fetch(t, need))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

func (m *memory) consistency(t fataler, from, to int64) Consistency {
	need, err := ConsistencyNodes(from, to)
	if err != nil {
		t.Fatalf("%v", err)
	}
	p, err := ProveConsistency(from, to, m.fetch(t, need))
	if err != nil {
		t.Fatalf("%v", err)
	}
	return p
}

func leafCores(n int) [][]byte {
	cores := make([][]byte, n)
	for i := range cores {
		cores[i] = fmt.Appendf(nil, "leaf %d", i)
	}
	return cores
}

// After every append the whole store is what x/mod's own append would have
// written, and every proof for every earlier leaf and tree holds: x/mod's
// TestTree, against this package.
func TestTree(t *testing.T) {
	m := newMemory()
	want := Nodes{}
	var roots []Hash
	roots = append(roots, EmptyRoot())
	for i, core := range leafCores(70) {
		n := int64(i)
		root := m.add(t, core)
		theirs, err := tlog.StoredHashes(n, core, want)
		if err != nil {
			t.Fatal(err)
		}
		want.Put(tlog.StoredHashIndex(0, n), theirs)
		if !maps.Equal(m.nodes, want) {
			t.Fatalf("stored hashes differ after leaf %d", n)
		}
		if m.nodes[LeafIndex(n)] != Leaf(core) {
			t.Fatal("LeafIndex")
		}
		if th, err := tlog.TreeHash(n+1, want); err != nil || th != root || m.root(t, n+1) != root {
			t.Fatalf("root of %d: %v", n+1, err)
		}
		roots = append(roots, root)
		for j := range n + 1 {
			p := m.inclusion(t, j, n+1)
			if err := p.Check(Leaf(m.cores[j]), root); err != nil {
				t.Fatal(err)
			}
			for k := range p.Hashes {
				p.Hashes[k][0] ^= 1
				if p.Check(Leaf(m.cores[j]), root) == nil {
					t.Fatalf("leaf %d of %d: holds with hash %d corrupted", j, n+1, k)
				}
				p.Hashes[k][0] ^= 1
			}
		}
		for j := range n + 2 {
			p := m.consistency(t, j, n+1)
			if err := p.Check(roots[j], root); err != nil {
				t.Fatal(err)
			}
			for k := range p.Hashes {
				p.Hashes[k][0] ^= 1
				if p.Check(roots[j], root) == nil {
					t.Fatalf("%d to %d: holds with hash %d corrupted", j, n+1, k)
				}
				p.Hashes[k][0] ^= 1
			}
		}
	}
}

func TestEdgeForms(t *testing.T) {
	var e Edge
	for i, core := range leafCores(40) {
		before, beforeRoot := e.Clone(), e.Root()
		if _, _, err := e.Append(Leaf(core)); err != nil {
			t.Fatal(err)
		}
		if before.Size() != int64(i) || before.Root() != beforeRoot {
			t.Fatal("Append reached into a clone")
		}
		again, err := ParseEdge(e.Size(), e.Bytes())
		if err != nil || again.Root() != e.Root() || !bytes.Equal(again.Bytes(), e.Bytes()) {
			t.Fatalf("size %d: %v", e.Size(), err)
		}
		if len(e.Hashes()) != len(Frontier(e.Size())) {
			t.Fatal("hashes and frontier differ in length")
		}
		e.Hashes()[0][0] ^= 1
		if again.Root() != e.Root() {
			t.Fatal("Hashes is not a copy")
		}
	}
}
