package ledger

import (
	"fmt"

	"golang.org/x/mod/sumdb/tlog"
)

// Nodes holds stored hashes by stored-hash index: the answer to one query for
// the indexes that the …Nodes functions named, in any order. Nodes of several
// proofs may share one map.
type Nodes map[int64]Hash

// ReadHashes implements tlog.HashReader. An index that is not there is
// ErrMissing.
func (n Nodes) ReadHashes(indexes []int64) ([]Hash, error) {
	hashes := make([]Hash, len(indexes))
	for i, index := range indexes {
		h, ok := n[index]
		if !ok {
			return nil, fmt.Errorf("%w: %d", ErrMissing, index)
		}
		hashes[i] = h
	}
	return hashes, nil
}

// Put adds consecutive hashes, as Edge.Append returns them.
func (n Nodes) Put(first int64, hashes []Hash) {
	for i, h := range hashes {
		n[first+int64(i)] = h
	}
}

// asked is a tlog.HashReader that only notes what it is asked for, so that the
// proof's own code says which hashes it needs.
type asked []int64

func (a *asked) ReadHashes(indexes []int64) ([]Hash, error) {
	*a = append(*a, indexes...)
	return make([]Hash, len(indexes)), nil
}

// InclusionNodes returns the stored-hash indexes, increasing, that
// ProveInclusion needs; none for a tree of one leaf. Errors: ErrRange.
func InclusionNodes(index, size int64) ([]int64, error) {
	var a asked
	_, err := proveRecord(index, size, &a)
	return a, err
}

// ProveInclusion proves that the tree of that size holds what its leaf at index
// is. Errors: ErrRange, ErrMissing.
func ProveInclusion(index, size int64, nodes Nodes) (Inclusion, error) {
	p, err := proveRecord(index, size, nodes)
	if err != nil {
		return Inclusion{}, err
	}
	return Inclusion{index, size, p}, nil
}

func proveRecord(index, size int64, r tlog.HashReader) ([]Hash, error) {
	if err := checkSize(size); err != nil {
		return nil, err
	}
	if index < 0 || index >= size {
		return nil, fmt.Errorf("%w: leaf %d of %d", ErrRange, index, size)
	}
	return tlog.ProveRecord(size, index, r)
}

// ConsistencyNodes returns the stored-hash indexes, increasing, that
// ProveConsistency needs. Errors: ErrRange.
func ConsistencyNodes(from, to int64) ([]int64, error) {
	var a asked
	_, err := proveTree(from, to, &a)
	return a, err
}

// ProveConsistency proves that the tree of size to begins with all the leaves of
// the tree of size from. Errors: ErrRange, ErrMissing.
func ProveConsistency(from, to int64, nodes Nodes) (Consistency, error) {
	p, err := proveTree(from, to, nodes)
	if err != nil {
		return Consistency{}, err
	}
	return Consistency{from, to, p}, nil
}

func proveTree(from, to int64, r tlog.HashReader) ([]Hash, error) {
	if err := checkSize(to); err != nil {
		return nil, err
	}
	if from < 0 || from > to {
		return nil, fmt.Errorf("%w: from %d to %d", ErrRange, from, to)
	}
	if from == 0 {
		return []Hash{}, nil // every tree begins with the empty one; RFC 6962 leaves this case out
	}
	return tlog.ProveTree(to, from, r)
}
