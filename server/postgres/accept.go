package postgres

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// Arrival is one pushed text: a record, or what could not be taken as one. Exactly one of Record and Suspect is set.
type Arrival struct {
	Record  *record.Record // parsed, and its signature verified with the key that it names
	Suspect *Suspect
	Flags   []record.Flag // what else the caller found; those in Record.Flags are counted anyhow
}

// Suspect is a pushed text for the quarantine.
type Suspect struct {
	Text   []byte         // all of it, as pushed
	Code   string         // why: seal.Code
	KeyID  record.KeyID   // as the text claims; zero when it could not be read
	Record *record.Record // nil when the text is not of the form of a record
}

// Caller is the phone that pushes; it need not be the one that sealed. The zero Caller is the console.
type Caller struct {
	KeyID  record.KeyID
	Member record.ID
}

// Status is what became of one arrival.
type Status string

// The three answers of docs/protocol.md section 2.
const (
	StatusAccepted    Status = wire.Accepted
	StatusDuplicate   Status = wire.Duplicate
	StatusQuarantined Status = wire.Quarantined
)

// Outcome answers for one arrival.
type Outcome struct {
	Status      Status
	Hash        string // of the record; hexadecimal SHA-256 of a quarantined text
	ReceiptCore string // to be signed by the receipt key
	Index       int64  // in the ledger, −1 for a quarantined text
	Flags       []record.Flag
	Problem     string // why it was quarantined
}

// Acceptance answers for a batch, in its order.
type Acceptance struct {
	Outcomes []Outcome
	Heads    map[record.KeyID]record.Head // of the caller's journal and of each in the batch
	Missing  []MissingBlob                // of those journals, oldest first, at most wire.MaxMissing
	Standing
}

// Accept gives a pushed batch its place in the ledger: all of it in one transaction, in the order of the batch. Nothing is refused: what is odd
// about a record becomes its flags, and what is no record goes to quarantine. A record that is held already gets the receipt of its first
// arrival, and its missing fields are filled in, save those that an erasure took away. When Accept returns nil, everything that it answers for
// is durable. Errors: ErrUnavailable, ErrFull; after either the whole batch may be pushed again.
//
// Pushes that wait for one another in this process share a transaction (see lane).
func (db *DB) Accept(ctx context.Context, batch []Arrival, caller Caller, now time.Time) (*Acceptance, error) {
	p := newPush(batch, caller, now)
	if len(batch) > 0 {
		if err := db.pushes.pass(ctx, p, db.acceptAll); err != nil {
			return nil, err
		}
		return p.answer, nil
	}
	w := db.work("accept", now)
	w.join(p)
	if err := w.look(ctx); err != nil {
		return nil, err
	}
	p.hear(w)
	return p.answer, nil
}

// PushesWait says whether pushes stand in line in this process, behind those whose transaction is under way.
func (db *DB) PushesWait() bool { return db.pushes.crowded() }

// acceptAll is one transaction for a group of pushes.
func (db *DB) acceptAll(ctx context.Context, group []*push) error {
	w := db.work("accept", group[0].now)
	for _, p := range group {
		w.join(p)
	}
	if err := w.commit(ctx); err != nil {
		return err
	}
	db.awaited.note(w.entries)
	for _, p := range group {
		p.hear(w)
	}
	return nil
}

// push is one batch of one caller.
type push struct {
	batch   []Arrival
	caller  Caller
	now     time.Time
	entries []*entry
	kids    []record.KeyID // the caller's, and those of its records
	missing []MissingBlob
	answer  *Acceptance

	place *seat
}

func newPush(batch []Arrival, caller Caller, now time.Time) *push {
	p := &push{batch: batch, caller: caller, now: now, place: newSeat()}
	if !caller.KeyID.IsZero() {
		p.kids = append(p.kids, caller.KeyID)
	}
	for _, a := range batch {
		if a.Record != nil && !a.Record.Office() {
			p.kids = appendOnce(p.kids, a.Record.KeyID)
		}
	}
	p.renew()
	return p
}

func (p *push) weight() int { return len(p.entries) }
func (p *push) seat() *seat { return p.place }

func (p *push) renew() {
	p.entries = make([]*entry, len(p.batch))
	for i, a := range p.batch {
		if a.Record == nil {
			p.entries[i] = newSuspect(a.Suspect, p.caller, p.now)
			continue
		}
		p.entries[i] = newEntry(a.Record, a.Flags, p.now)
	}
}

// join takes a push into the work.
func (w *work) join(p *push) {
	w.pushes = append(w.pushes, p)
	for _, e := range p.entries {
		w.take(e)
	}
	for _, k := range p.kids {
		w.kid(k)
	}
}

func (p *push) readMissing(rows pgx.Rows) (err error) {
	p.missing, err = pgx.CollectRows(rows, scanMissing)
	return err
}

// hear notes what the push is answered, once the work is committed.
func (p *push) hear(w *work) {
	heads := make(map[record.KeyID]record.Head, len(p.kids))
	for _, k := range p.kids {
		heads[k] = w.heads[k]
	}
	p.answer = &Acceptance{Outcomes: answers(p.entries), Heads: heads, Missing: p.missing, Standing: w.standing}
}
