package ledger

import (
	"fmt"
	"iter"
	"math/bits"
	"slices"

	"golang.org/x/mod/sumdb/tlog"
)

// Frontier returns the stored-hash indexes of the roots of the complete
// subtrees that make up a tree of that size, from left to right, which is also
// in increasing order: one for each 1 bit of size. They are all that an append
// and the root need. It panics outside 0…MaxSize.
func Frontier(size int64) []int64 {
	if err := checkSize(size); err != nil {
		panic(err)
	}
	indexes := make([]int64, 0, bits.OnesCount64(uint64(size)))
	for left := int64(0); left < size; {
		level := bits.Len64(uint64(size-left)) - 1
		indexes = append(indexes, tlog.StoredHashIndex(level, left>>level))
		left += 1 << level
	}
	return indexes
}

// StoredCount returns how many hashes the store holds for a tree of that size:
// the stored-hash index at which the next append writes. It panics outside
// 0…MaxSize.
func StoredCount(size int64) int64 {
	if err := checkSize(size); err != nil {
		panic(err)
	}
	return tlog.StoredHashCount(size)
}

// LeafIndex returns the stored-hash index of the leaf at index.
func LeafIndex(index int64) int64 { return tlog.StoredHashIndex(0, index) }

// An Edge is the right edge of a tree: its size and the hashes at Frontier. It
// grows by leaves in O(log n) memory and knows the root at each size. The zero
// Edge is the empty tree. Copy it only with Clone: Append writes in place.
type Edge struct {
	size   int64
	hashes []Hash
}

// NewEdge returns the edge of a tree of that size, with the hashes stored at
// Frontier(size) in that order. It copies them.
func NewEdge(size int64, hashes []Hash) (*Edge, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	if want := bits.OnesCount64(uint64(size)); len(hashes) != want {
		return nil, fmt.Errorf("%w: size %d needs %d hashes, got %d", ErrMissing, size, want, len(hashes))
	}
	return &Edge{size, slices.Clone(hashes)}, nil
}

// ReadEdge is NewEdge from stored hashes by index.
func ReadEdge(size int64, nodes Nodes) (*Edge, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	hashes, err := nodes.ReadHashes(Frontier(size))
	if err != nil {
		return nil, err
	}
	return NewEdge(size, hashes)
}

// ParseEdge is NewEdge from the concatenated hashes that Bytes returned.
func ParseEdge(size int64, b []byte) (*Edge, error) {
	if len(b)%HashSize != 0 {
		return nil, fmt.Errorf("%w: %d bytes of hashes", ErrForm, len(b))
	}
	hashes := make([]Hash, 0, len(b)/HashSize)
	for h := range slices.Chunk(b, HashSize) {
		hashes = append(hashes, Hash(h))
	}
	return NewEdge(size, hashes)
}

// Clone returns an independent copy.
func (e *Edge) Clone() *Edge { return &Edge{e.size, slices.Clone(e.hashes)} }

// Size returns the number of leaves.
func (e *Edge) Size() int64 { return e.size }

// Hashes returns a copy of the hashes, in the order of Frontier(e.Size()).
func (e *Edge) Hashes() []Hash { return slices.Clone(e.hashes) }

// Bytes returns the hashes one after the other, 32 bytes each: small enough to
// lie in the row of the log itself, so that an append reads nothing else.
func (e *Edge) Bytes() []byte {
	b := make([]byte, 0, len(e.hashes)*HashSize)
	for _, h := range e.hashes {
		b = append(b, h[:]...)
	}
	return b
}

// Append adds a batch of leaf hashes and returns what has to be stored: hashes
// with consecutive stored-hash indexes from first on, StoredCount(old size). A
// leaf adds itself and one hash for each subtree that it completes, just under
// two on average. The error is ErrRange beyond MaxSize, with nothing changed.
func (e *Edge) Append(leaves ...Hash) (first int64, stored []Hash, err error) {
	if int64(len(leaves)) > MaxSize-e.size {
		return 0, nil, fmt.Errorf("%w: %d leaves after %d", ErrRange, len(leaves), e.size)
	}
	first = StoredCount(e.size)
	stored = make([]Hash, 0, StoredCount(e.size+int64(len(leaves)))-first)
	for _, h := range leaves {
		stored = append(stored, h)
		// Each trailing 1 bit of the size is a complete left sibling.
		for n := e.size; n&1 == 1; n >>= 1 {
			last := len(e.hashes) - 1
			h = tlog.NodeHash(e.hashes[last], h)
			e.hashes = e.hashes[:last]
			stored = append(stored, h)
		}
		e.hashes = append(e.hashes, h)
		e.size++
	}
	return first, stored, nil
}

// Root returns the root of the tree (RFC 6962 §2.1).
func (e *Edge) Root() Hash {
	if e.size == 0 {
		return EmptyRoot()
	}
	last := len(e.hashes) - 1
	root := e.hashes[last]
	for _, left := range slices.Backward(e.hashes[:last]) {
		root = tlog.NodeHash(left, root)
	}
	return root
}

// RootOf reads the cores of a whole ledger in order, as an auditor holding an
// export does, and returns its size and root. It keeps O(log n) hashes.
func RootOf(cores iter.Seq[[]byte]) (size int64, root Hash) {
	var e Edge
	for core := range cores {
		// No one can read 2^53 leaves.
		_, _, _ = e.Append(Leaf(core))
	}
	return e.Size(), e.Root()
}
