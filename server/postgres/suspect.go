package postgres

import (
	"crypto/sha256"
	"encoding/hex"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// What is kept of a quarantined text: all up to wholeText bytes, of a longer one the first headText.
const (
	wholeText = 256 << 10
	headText  = 64 << 10
)

// suspect is a text for the quarantine.
type suspect struct {
	Suspect
	pusher  Caller
	sha256  Digest
	receipt string
}

func newSuspect(s *Suspect, pusher Caller, now time.Time) *entry {
	return &entry{suspect: &suspect{Suspect: *s, pusher: pusher, sha256: sha256.Sum256(s.Text)}, now: now, index: -1}
}

// heldSuspect is a text that is in quarantine already; record is what became of it when it was released.
type heldSuspect struct {
	receipt, code string
	hash          []byte
	index         *int64
	record        *string // receipt of the record
	flags         []string
}

const findSuspects = `
select q.sha256, q.receipt, q.code, r.hash, r.index, r.receipt, r.flags
from quarantine q left join records r on r.index = q.index and q.decision = 'released' where q.sha256 = any($1)`

func (w *work) queueSuspects(b *pgx.Batch) {
	var sums [][]byte
	for sum := range w.texts {
		sums = append(sums, sum[:])
	}
	b.Queue(findSuspects, sums).Query(func(rows pgx.Rows) error {
		w.known.suspects = map[Digest]heldSuspect{}
		list, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (_ struct{}, err error) {
			var sum []byte
			var s heldSuspect
			err = row.Scan(&sum, &s.receipt, &s.code, &s.hash, &s.index, &s.record, &s.flags)
			w.known.suspects[hashOf[Digest](sum)] = s
			return struct{}{}, err
		})
		_ = list
		return err
	})
}

// judgeSuspect answers for a text that is no record. One that was released meanwhile is a duplicate of the record that it became.
func (w *work) judgeSuspect(e *entry) (err error) {
	s := e.suspect
	e.outcome = Outcome{Status: StatusQuarantined, Hash: s.sha256.String(), Index: -1, Problem: s.Code}
	if held, ok := w.known.suspects[s.sha256]; ok {
		if held.record != nil {
			e.outcome = Outcome{Status: StatusDuplicate, Hash: hashOf[record.Hash](held.hash).String(), ReceiptCore: *held.record, Index: *held.index}
			for _, f := range held.flags {
				e.flags = append(e.flags, record.Flag(f))
			}
			return nil
		}
		e.outcome.ReceiptCore, e.outcome.Problem = held.receipt, held.code
		return nil
	}
	s.receipt, err = seal.QuarantineReceiptCore(w.db.config.ReceiptKeyID, seal.QuarantineReceipt{
		Origin: w.standing.Origin, SHA256: s.sha256.String(), ReceivedAt: e.now.UnixMilli(), Code: s.Code,
	})
	e.fresh, e.outcome.ReceiptCore = true, s.receipt
	return err
}

const insertSuspect = `
insert into quarantine (sha256, text, size, code, hash, kid, blobs, pusher, member, received_at, receipt)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`

func (w *work) queueSuspectWrites(b *pgx.Batch) {
	for _, e := range w.entries {
		if !e.fresh || e.suspect == nil {
			continue
		}
		s, hash, blobs := e.suspect, []byte(nil), [][]byte{}
		text := s.Text
		if len(text) > wholeText {
			text = text[:headText]
		}
		if s.Record != nil {
			hash = s.Record.Hash[:]
			for _, blob := range s.Record.BlobFields() {
				if sum, err := hex.DecodeString(blob.SHA256); err == nil {
					blobs = append(blobs, sum)
				}
			}
		}
		b.Queue(insertSuspect, s.sha256[:], text, len(s.Text), s.Code, hash, orNull(s.KeyID), blobs,
			orNull(s.pusher.KeyID), memberUUID(s.pusher.Member), e.now.UnixMilli(), s.receipt)
	}
}
