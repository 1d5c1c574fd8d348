package postgres

import (
	"context"
	"time"

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
func (db *DB) Accept(ctx context.Context, batch []Arrival, caller Caller, now time.Time) (*Acceptance, error) {
	w := db.work("accept", now)
	w.caller = caller
	for _, a := range batch {
		if a.Record != nil {
			w.add(a.Record, a.Flags)
		} else {
			w.suspect(a.Suspect)
		}
	}
	if !caller.KeyID.IsZero() {
		w.kid(caller.KeyID)
	}
	w.wantMissing = true
	run := w.commit
	if len(batch) == 0 {
		run = w.look
	}
	if err := run(ctx); err != nil {
		return nil, err
	}
	return &Acceptance{Outcomes: w.outcomes(), Heads: w.heads, Missing: w.missing, Standing: w.standing}, nil
}
