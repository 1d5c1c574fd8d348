package postgres

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// work is one transaction that appends to the ledger. It is two round trips: the first takes the lock and reads everything that the batch asks
// for, the second writes and commits. Between them nothing waits for the database but the lock's other takers, so all that needs no lock is
// done before: parsing, signatures, schemas.
type work struct {
	db   *DB
	what string // names the deed in errors
	now  time.Time

	entries []*entry
	pushes  []*push        // that are answered together
	kids    []record.KeyID // whose journals take part
	seen    map[record.KeyID]bool

	reads  []func(*pgx.Batch)     // more to read under the lock
	checks []func() error         // and to judge; an error ends the deed with nothing done
	writes []func(*pgx.Batch)     // more to write with the records
	asked  map[record.Hash]*entry // first entry of each record
	texts  map[Digest]*entry      // first entry of each suspect

	known    known
	full     []fullRecord // held records of which there is news
	fold     fold
	edge     *ledger.Edge
	size     int64 // of the ledger before
	heads    map[record.KeyID]record.Head
	standing Standing
	later    []laterFlag
	pushers  map[string]record.ID // who brought the quarantined texts that are decided here

	firstHash int64 // where the new hashes of the tree go
	hashes    []ledger.Hash
}

// entry is one thing to append, or only to answer for.
type entry struct {
	record   *record.Record // nil for a suspect
	suspect  *suspect
	now      time.Time // of its arrival
	released bool      // out of quarantine, by a decision of the office
	flags    []record.Flag
	same     *entry // the earlier entry of the batch that is the same text

	fresh   bool // to be written
	index   int64
	receipt string
	leaf    ledger.Hash
	outcome Outcome
}

// laterFlag is a flag for a record that was accepted before.
type laterFlag struct {
	index, cause int64
	flag         record.Flag
}

func (db *DB) work(what string, now time.Time) *work {
	return &work{
		db: db, what: what, now: now, seen: map[record.KeyID]bool{}, asked: map[record.Hash]*entry{}, texts: map[Digest]*entry{},
		heads: map[record.KeyID]record.Head{},
	}
}

// newEntry judges of a record what needs no database.
func newEntry(r *record.Record, flags []record.Flag, now time.Time) *entry {
	e := &entry{record: r, now: now, index: -1}
	for _, f := range r.Flags {
		e.flag(f)
	}
	for _, f := range flags {
		e.flag(f)
	}
	if len(record.CheckSchema(r)) > 0 {
		e.flag(record.FlagSchema)
	}
	if len(r.Stray) > 0 {
		e.flag(record.FlagStrayField)
	}
	return e
}

// take takes an entry into the work. The second of two equal texts is no more than a question about the first, but for fields that only it
// brings.
func (w *work) take(e *entry) {
	w.entries = append(w.entries, e)
	if e.suspect != nil {
		if e.same = w.texts[e.suspect.sha256]; e.same == nil {
			w.texts[e.suspect.sha256] = e
		}
		return
	}
	if e.same = w.asked[e.record.Hash]; e.same != nil {
		var more []string
		for i := range e.record.Fields {
			more = append(more, e.record.Fields[i].Raw)
		}
		if whole, ok := withFields(e.same.record, more); ok {
			e.same.record = whole
		}
		return
	}
	w.asked[e.record.Hash] = e
	if !e.record.Office() {
		w.kid(e.record.KeyID)
	}
}

func (w *work) kid(k record.KeyID) {
	if !w.seen[k] {
		w.seen[k] = true
		w.kids = append(w.kids, k)
	}
}

// flag adds a flag once.
func (e *entry) flag(f record.Flag) {
	if !slices.Contains(e.flags, f) {
		e.flags = append(e.flags, f)
	}
}

// commit does the work: lock, read, judge, write, commit.
func (w *work) commit(ctx context.Context) error {
	conn, err := w.db.pool.Acquire(ctx)
	if err != nil {
		return wrap(w.what, err)
	}
	defer conn.Release()
	if err := w.commitOn(ctx, conn.Conn()); err != nil {
		rollback(ctx, conn)
		return wrap(w.what, err)
	}
	return nil
}

func (w *work) commitOn(ctx context.Context, conn *pgx.Conn) error {
	read := &pgx.Batch{}
	read.Queue("begin")
	w.queueReads(read, lockLedger)
	if err := conn.SendBatch(ctx, read).Close(); err != nil {
		return err
	}
	for _, check := range w.checks {
		if err := check(); err != nil {
			return err
		}
	}
	if err := w.catchUp(ctx, conn); err != nil {
		return err
	}
	if err := w.judge(); err != nil {
		return err
	}
	write := &pgx.Batch{}
	if err := w.queueWrites(write); err != nil {
		return err
	}
	for _, more := range w.writes {
		more(write)
	}
	for _, p := range w.pushes {
		write.Queue(missingBlobs, bytesOf(p.kids), maxMissing).Query(p.readMissing)
	}
	write.Queue("commit")
	return conn.SendBatch(ctx, write).Close()
}

// look answers for pushes without records: nothing is locked and nothing written.
func (w *work) look(ctx context.Context) error {
	batch := &pgx.Batch{}
	batch.Queue(beginReading)
	w.queueReads(batch, readLocked)
	for _, p := range w.pushes {
		batch.Queue(missingBlobs, bytesOf(p.kids), maxMissing).Query(p.readMissing)
	}
	batch.Queue("commit")
	if err := w.db.pipeline(ctx, batch); err != nil {
		return wrap(w.what, err)
	}
	for _, k := range w.kids {
		w.heads[k] = w.known.journal(k).head
	}
	return nil
}

// judge gives every entry its outcome, in order, and every new one its index, receipt and leaf.
func (w *work) judge() (err error) {
	for _, k := range w.kids {
		w.heads[k] = w.known.journal(k).head
	}
	var leaves []ledger.Hash
	for _, e := range w.entries {
		switch {
		case e.same != nil:
		case e.record == nil:
			err = w.judgeSuspect(e)
		default:
			err = w.judgeRecord(e, w.size+int64(len(leaves)))
		}
		if err != nil {
			return err
		}
		if e.fresh && e.record != nil {
			leaves = append(leaves, e.leaf)
		}
	}
	for _, e := range w.entries {
		if e.fresh && e.record != nil {
			w.judgeCase(e)
		}
	}
	w.reapply(w.size + int64(len(leaves)))
	return w.grow(leaves)
}

// place fixes the receipt of a record, which is its leaf.
func (w *work) place(e *entry, index int64) (err error) {
	r := e.record
	receipt := seal.Receipt{Origin: w.standing.Origin, Index: index, Hash: r.Hash, KeyID: r.KeyID, Seq: r.Seq, ReceivedAt: e.now.UnixMilli()}
	if !r.Office() {
		skew := r.SkewMS(e.now)
		receipt.SkewMS = &skew
	}
	e.receipt, err = seal.ReceiptCore(w.db.config.ReceiptKeyID, receipt)
	if err != nil {
		return fmt.Errorf("receipt: %w", err)
	}
	e.fresh, e.index, e.leaf = true, index, ledger.Leaf([]byte(e.receipt))
	e.outcome = Outcome{Status: StatusAccepted, Hash: r.Hash.String(), ReceiptCore: e.receipt, Index: index}
	return nil
}

// answers lists what became of entries. The second of two equal texts is a duplicate of the first.
func answers(entries []*entry) []Outcome {
	list := make([]Outcome, len(entries))
	for i, e := range entries {
		first := e
		if e.same != nil {
			first = e.same
		}
		list[i] = first.outcome
		list[i].Flags = first.flags
		if e.same != nil && list[i].Status == StatusAccepted {
			list[i].Status = StatusDuplicate
		}
	}
	return list
}
