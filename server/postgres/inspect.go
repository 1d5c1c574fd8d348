package postgres

import (
	"context"
	"crypto"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// storedRecord is a row of records with what belongs to it, unchecked.
type storedRecord struct {
	index, receivedAt, at      int64
	seq                        *int64
	hash, kid, signature       []byte
	id, caseID, visitID, actor pgtype.UUID
	kind, core, receipt        string
	flags, fields              []string
	tombstones                 [][]byte
}

const readRecords = `
select r.index, r.received_at, r.at, r.seq, r.hash, r.kid, r.signature, r.id, r.case_id, r.visit_id, r.actor, r.kind, r.core, r.receipt,
  r.flags, coalesce(f.fields, '{}'), array(select t.digest from tombstones t where t.index = r.index)
from records r left join fields f on f.index = r.index
where r.index >= $1 and r.index < $2 order by r.index`

func readPage(ctx context.Context, tx pgx.Tx, from, n int64) ([]storedRecord, error) {
	rows, err := tx.Query(ctx, readRecords, from, from+n)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (r storedRecord, err error) {
		err = row.Scan(&r.index, &r.receivedAt, &r.at, &r.seq, &r.hash, &r.kid, &r.signature, &r.id, &r.caseID, &r.visitID, &r.actor, &r.kind,
			&r.core, &r.receipt, &r.flags, &r.fields, &r.tombstones)
		return r, err
	})
}

// readHashes reads the stored hashes that the leaves from … to−1 bring.
func readHashes(ctx context.Context, tx pgx.Tx, from, to int64) (map[int64]ledger.Hash, error) {
	rows, err := tx.Query(ctx, `select index, hash from ledger_hashes where index >= $1 and index < $2 order by index`, ledger.StoredCount(from), ledger.StoredCount(to))
	if err != nil {
		return nil, err
	}
	hashes := map[int64]ledger.Hash{}
	var index int64
	var hash []byte
	_, err = pgx.ForEachRow(rows, []any{&index, &hash}, func() error {
		hashes[index] = hashOf[ledger.Hash](hash)
		return nil
	})
	return hashes, err
}

// judgement is what a row says by itself.
type judgement struct {
	record   *record.Record
	faults   []string
	unsigned bool
}

// judge compares a row with what stands in its core and its receipt. It may run on several rows at once.
func (v *verifier) judge(s *storedRecord) (j judgement) {
	fault := func(format string, args ...any) { j.faults = append(j.faults, fmt.Sprintf(format, args...)) }
	if record.HashCore([]byte(s.core)) != hashOf[record.Hash](s.hash) {
		fault("core does not have the hash of its row: it was changed")
	}
	r, err := seal.Parse(seal.Compact(s.core, s.signature, s.fields))
	if err != nil {
		// Once more without fields, to tell which of the two was changed.
		if r, err = seal.Parse(seal.Compact(s.core, s.signature, nil)); err != nil {
			fault("core is no record: %v", err)
			v.judgeReceipt(s, fault)
			return j
		}
		fault("fields are not of the form of fields: they were changed")
	}
	j.record = r
	for range r.Stray {
		fault("a field is not one that the record names: it was changed or inserted")
	}
	for i := range r.Fields {
		digest := seal.FieldDigest(r.Fields[i].Raw)
		if slices.ContainsFunc(s.tombstones, func(t []byte) bool { return hashOf[record.Hash](t) == digest }) {
			fault("a field that was erased is back")
		}
	}
	var seq int64
	if s.seq != nil {
		seq = *s.seq
	}
	same := []struct {
		column string
		equal  bool
	}{
		{"kid", r.KeyID == hashOf[record.KeyID](s.kid)}, {"seq", r.Seq == seq}, {"at", r.At == s.at}, {"kind", string(r.Kind) == s.kind},
		{"id", r.ID == s.id.Bytes}, {"case_id", r.Case == s.caseID.Bytes}, {"visit_id", r.Visit == s.visitID.Bytes}, {"actor", r.Actor == s.actor.Bytes},
	}
	for _, c := range same {
		if !c.equal {
			fault("column %s does not say what the core says: it was changed", c.column)
		}
	}
	public, ok := v.publicKey(r)
	j.unsigned = !ok || seal.Verify(r, public) != nil
	v.judgeReceipt(s, fault)
	return j
}

func (v *verifier) publicKey(r *record.Record) (crypto.PublicKey, bool) {
	if !r.Office() {
		public, ok := v.public[r.KeyID]
		return public, ok
	}
	if r.KeyID == v.db.office {
		return v.db.config.Office.Public(), true
	}
	if v.keys == nil {
		return nil, false
	}
	return v.keys(r.KeyID)
}

func (v *verifier) judgeReceipt(s *storedRecord, fault func(string, ...any)) {
	receipt, err := seal.ParseReceiptCore(s.receipt)
	if err != nil {
		fault("receipt is none: it was changed")
		return
	}
	var seq int64
	if s.seq != nil {
		seq = *s.seq
	}
	switch {
	case receipt.Index != s.index:
		fault("receipt is for index %d", receipt.Index)
	case receipt.Hash != hashOf[record.Hash](s.hash) || receipt.KeyID != hashOf[record.KeyID](s.kid) || receipt.Seq != seq:
		fault("receipt is for another record: row or receipt was changed")
	case receipt.ReceivedAt != s.receivedAt:
		fault("column received_at does not say what the receipt says: it was changed")
	case receipt.Origin != v.originAt(s.index):
		fault("receipt is of the origin %s", receipt.Origin)
	}
}

// originAt is the name that the ledger had when it took the record at index.
func (v *verifier) originAt(index int64) string {
	for _, o := range v.origins {
		if index < o.index {
			return o.old
		}
	}
	return v.origin
}
