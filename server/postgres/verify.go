package postgres

import (
	"bytes"
	"context"
	"crypto"
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
)

// Finding says what is wrong with the stored evidence.
type Finding struct {
	Index int64  // of the record, −1 when it is not about one
	Row   string // table and key of the row
	Text  string // what is wrong with it
}

// Keys finds the public keys of the office, past and present.
type Keys func(record.KeyID) (crypto.PublicKey, bool)

// VerifySummary is what Verify has looked at.
type VerifySummary struct {
	Size     int64
	Root     ledger.Hash
	Records  int64
	Findings int
}

const verifyPage = 256

// Verify compares everything that is stored with the tree, row by row: each core with its hash and signature, each receipt with its leaf and
// its record, columns with cores, the tree with itself and with what was published, journals, devices and fields with the records. So a row that
// somebody changed, deleted or inserted behind the program's back is named. It reads one moment of the database and stops nobody.
// keys may be nil: then office records must be signed by the present office key.
func (db *DB) Verify(ctx context.Context, keys Keys, now time.Time, report func(Finding)) (VerifySummary, error) {
	return db.verify(ctx, keys, now, true, report)
}

// Check is Verify from the last clean check on, with the small tables whole: for the start of a server and every hour.
func (db *DB) Check(ctx context.Context, keys Keys, now time.Time) ([]Finding, error) {
	var list []Finding
	_, err := db.verify(ctx, keys, now, false, func(f Finding) { list = append(list, f) })
	return list, err
}

const (
	readVerified = `select size, edge from verified`
	noteVerified = `update verified set size = $1, edge = $2, verified_at = $3 where size <= $1`
)

func (db *DB) verify(ctx context.Context, keys Keys, now time.Time, whole bool, report func(Finding)) (VerifySummary, error) {
	v := &verifier{db: db, keys: keys, whole: whole, report: report, journals: map[record.KeyID]*foundJournal{}, unsigned: map[record.Hash]int64{},
		devices: map[record.KeyID]foundDevice{}}
	options := pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}
	err := pgx.BeginTxFunc(ctx, db.pool, options, func(tx pgx.Tx) error { return v.run(ctx, tx) })
	if err != nil {
		return v.summary, wrap("verify", err)
	}
	if v.summary.Findings == 0 {
		_, err = db.pool.Exec(ctx, noteVerified, v.summary.Size, v.edge.Bytes(), now.UnixMilli())
	}
	return v.summary, wrap("verify", err)
}

// verifier is one run over the ledger.
type verifier struct {
	db     *DB
	keys   Keys
	whole  bool
	report func(Finding)

	origin   string
	origins  []foundOrigin
	size     int64
	edge     *ledger.Edge
	roots    map[int64][]foundCheckpoint
	public   map[record.KeyID]crypto.PublicKey // of devices
	journals map[record.KeyID]*foundJournal
	devices  map[record.KeyID]foundDevice // as the ledger tells
	unsigned map[record.Hash]int64        // records whose signature does not verify, until a release names them
	summary  VerifySummary
}

func (v *verifier) find(index int64, row, format string, args ...any) {
	v.summary.Findings++
	v.report(Finding{Index: index, Row: row, Text: fmt.Sprintf(format, args...)})
}

func (v *verifier) run(ctx context.Context, tx pgx.Tx) error {
	stored, from, err := v.start(ctx, tx)
	if err != nil {
		return err
	}
	if err := v.readDevices(ctx, tx); err != nil {
		return err
	}
	v.compareRoot() // of the empty tree, or of where the last check ended
	for v.edge.Size() < v.size {
		rows, err := readPage(ctx, tx, v.edge.Size(), min(verifyPage, v.size-v.edge.Size()))
		if err != nil {
			return err
		}
		hashes, err := readHashes(ctx, tx, v.edge.Size(), min(v.edge.Size()+verifyPage, v.size))
		if err != nil {
			return err
		}
		v.page(rows, hashes)
	}
	v.summary.Size, v.summary.Root = v.size, v.edge.Root()
	if !bytes.Equal(stored, v.edge.Bytes()) {
		v.find(-1, "ledger", "the border of the tree is not that of its %d leaves", v.size)
	}
	for hash, index := range v.unsigned {
		v.find(index, recordRow(index), "signature of %s does not verify with the key that it names", hash)
	}
	return v.compareTables(ctx, tx, from)
}

// start reads where the ledger ends and where this run begins.
func (v *verifier) start(ctx context.Context, tx pgx.Tx) (edge []byte, from int64, err error) {
	if err := tx.QueryRow(ctx, readLedger).Scan(&v.origin, &v.size, &edge); err != nil {
		return nil, 0, err
	}
	v.edge, _ = ledger.NewEdge(0, nil)
	if !v.whole {
		if err := v.resume(ctx, tx); err != nil {
			return nil, 0, err
		}
	}
	if err := v.readCheckpoints(ctx, tx); err != nil {
		return nil, 0, err
	}
	return edge, v.edge.Size(), v.readOrigins(ctx, tx)
}

// resume goes on where the last clean run ended, if the tree is still the same to there.
func (v *verifier) resume(ctx context.Context, tx pgx.Tx) error {
	var size int64
	var border []byte
	if err := tx.QueryRow(ctx, readVerified).Scan(&size, &border); err != nil {
		return err
	}
	edge, err := ledger.ParseEdge(size, border)
	if err != nil {
		v.find(-1, "verified", "does not hold the border of a tree of %d leaves", size)
		return nil
	}
	if size > v.size {
		v.find(-1, "ledger", "has %d leaves; the last check saw %d", v.size, size)
		return nil
	}
	rows, err := tx.Query(ctx, `select index, hash from ledger_hashes where index = any($1) order by index`, ledger.Frontier(size))
	if err != nil {
		return err
	}
	var index int64
	var hash []byte
	var held []byte
	if _, err := pgx.ForEachRow(rows, []any{&index, &hash}, func() error { held = append(held, hash...); return nil }); err != nil {
		return err
	}
	if !bytes.Equal(held, border) {
		v.find(-1, "ledger_hashes", "the tree of the first %d leaves is not the one of the last check", size)
		return nil
	}
	v.edge = edge
	return nil
}

// page judges records on all cores, and then takes their leaves into the tree in order.
func (v *verifier) page(rows []storedRecord, hashes map[int64]ledger.Hash) {
	from, to := v.edge.Size(), min(v.edge.Size()+verifyPage, v.size)
	judged := make([]judgement, len(rows))
	var all sync.WaitGroup
	cores := runtime.GOMAXPROCS(0)
	for c := range cores {
		all.Go(func() {
			for i := c; i < len(rows); i += cores {
				judged[i] = v.judge(&rows[i])
			}
		})
	}
	all.Wait()
	next := 0
	for index := from; index < to; index++ {
		leaf, held := hashes[ledger.LeafIndex(index)]
		if next < len(rows) && rows[next].index == index {
			v.take(&rows[next], &judged[next], leaf, held)
			next++
		} else {
			v.find(index, recordRow(index), "is missing: it was deleted")
		}
		if !held {
			v.find(index, hashRow(ledger.LeafIndex(index)), "is missing: it was deleted")
		}
		first, stored, err := v.edge.Append(leaf)
		if err != nil {
			return // beyond 2^53 leaves
		}
		for i, h := range stored[1:] {
			at := first + 1 + int64(i)
			if got, ok := hashes[at]; !ok {
				v.find(index, hashRow(at), "is missing: it was deleted")
			} else if got != h {
				v.find(index, hashRow(at), "is not the hash of what stands below it")
			}
		}
		v.compareRoot()
	}
}

// take counts what a record says about others, and compares its receipt with its leaf.
func (v *verifier) take(r *storedRecord, j *judgement, leaf ledger.Hash, held bool) {
	v.summary.Records++
	for _, text := range j.faults {
		v.find(r.index, recordRow(r.index), "%s", text)
	}
	if held && ledger.Leaf([]byte(r.receipt)) != leaf {
		v.find(r.index, recordRow(r.index), "receipt is not the leaf of the tree: row or leaf was changed")
	}
	if j.record == nil {
		return
	}
	if j.unsigned {
		v.unsigned[j.record.Hash] = r.index
	}
	v.follow(j.record, r)
}

// compareRoot holds the tree against what was published at its present size.
func (v *verifier) compareRoot() {
	for _, c := range v.roots[v.edge.Size()] {
		if c.root != v.edge.Root() {
			v.find(-1, fmt.Sprintf("checkpoints %d", c.size), "published root of %s is not that of the tree", c.origin)
		}
	}
}

func recordRow(index int64) string { return fmt.Sprintf("records %d", index) }
func hashRow(index int64) string   { return fmt.Sprintf("ledger_hashes %d", index) }
