package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/ledger"
)

const readNodes = `select (select size from ledger), array_agg(index), array_agg(hash) from ledger_hashes where index = any($1)`

// nodes reads stored hashes. What is committed never changes, so it needs no lock. Error: ErrRange when the ledger is smaller than size.
func (db *DB) nodes(ctx context.Context, size int64, indexes []int64) (ledger.Nodes, error) {
	var committed int64
	var found []int64
	var hashes [][]byte
	if err := one(ctx, db, "hashes", readNodes, []any{indexes}, &committed, &found, &hashes); err != nil {
		return nil, err
	}
	if size > committed {
		return nil, fmt.Errorf("postgres: hashes: %w: %d of %d", ErrRange, size, committed)
	}
	nodes := make(ledger.Nodes, len(found))
	for i, index := range found {
		nodes[index] = hashOf[ledger.Hash](hashes[i])
	}
	return nodes, nil
}

// RootAt computes the root that the ledger had at a size. Errors: ErrRange; ledger.ErrMissing when stored hashes are gone.
func (db *DB) RootAt(ctx context.Context, size int64) (ledger.Hash, error) {
	if size < 0 || size > ledger.MaxSize {
		return ledger.Hash{}, fmt.Errorf("postgres: root: %w", ErrRange)
	}
	nodes, err := db.nodes(ctx, size, ledger.Frontier(size))
	if err != nil {
		return ledger.Hash{}, err
	}
	edge, err := ledger.ReadEdge(size, nodes)
	if err != nil {
		return ledger.Hash{}, fmt.Errorf("postgres: root: %w", err)
	}
	return edge.Root(), nil
}

// Inclusion proves a leaf within the tree of a size up to the committed one. Error: ErrRange.
func (db *DB) Inclusion(ctx context.Context, index, size int64) (ledger.Inclusion, error) {
	indexes, err := ledger.InclusionNodes(index, size)
	if err != nil {
		return ledger.Inclusion{}, fmt.Errorf("postgres: inclusion: %w: %w", ErrRange, err)
	}
	nodes, err := db.nodes(ctx, size, indexes)
	if err != nil {
		return ledger.Inclusion{}, err
	}
	p, err := ledger.ProveInclusion(index, size, nodes)
	return p, wrap("inclusion", err)
}

// Consistency proves that the tree of one size begins with that of a smaller one. Error: ErrRange.
func (db *DB) Consistency(ctx context.Context, from, to int64) (ledger.Consistency, error) {
	indexes, err := ledger.ConsistencyNodes(from, to)
	if err != nil {
		return ledger.Consistency{}, fmt.Errorf("postgres: consistency: %w: %w", ErrRange, err)
	}
	nodes, err := db.nodes(ctx, to, indexes)
	if err != nil {
		return ledger.Consistency{}, err
	}
	p, err := ledger.ProveConsistency(from, to, nodes)
	return p, wrap("consistency", err)
}

// leafHash reads the hash of one leaf.
func (db *DB) leafHash(ctx context.Context, index int64) (h ledger.Hash, err error) {
	list, err := query(ctx, db, "leaf", `select hash from ledger_hashes where index = $1`, pgx.RowTo[[]byte], ledger.LeafIndex(index))
	if err == nil && len(list) == 0 {
		err = fmt.Errorf("postgres: leaf %d: %w", index, ErrNotFound)
	}
	if err != nil {
		return h, err
	}
	return hashOf[ledger.Hash](list[0]), nil
}
