package postgres

import (
	"context"
	"crypto"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// The tables beside the records, as Verify finds them.

type foundOrigin struct {
	index    int64
	old, new string
}

type foundCheckpoint struct {
	origin string
	size   int64
	root   ledger.Hash
}

// foundJournal follows a journal through the ledger.
type foundJournal struct {
	head    record.Head
	maxSeq  int64
	waiting map[int64]record.Hash // beyond a gap
}

// foundDevice is what the ledger tells of a key.
type foundDevice struct {
	member  string
	revoked int64 // ms, 0 while it is not
}

func (v *verifier) readOrigins(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select index, old, new from origins order by index`)
	if err != nil {
		return err
	}
	var o foundOrigin
	_, err = pgx.ForEachRow(rows, []any{&o.index, &o.old, &o.new}, func() error { v.origins = append(v.origins, o); return nil })
	return err
}

// readCheckpoints reads what was published, and compares each row with the note in it.
func (v *verifier) readCheckpoints(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select origin, size, root, note from checkpoints where size >= $1 order by id`, v.edge.Size())
	if err != nil {
		return err
	}
	v.roots = map[int64][]foundCheckpoint{}
	var c foundCheckpoint
	var root, note []byte
	_, err = pgx.ForEachRow(rows, []any{&c.origin, &c.size, &root, &note}, func() error {
		c.root = hashOf[ledger.Hash](root)
		row := fmt.Sprintf("checkpoints %d", c.size)
		if text := fmt.Sprintf("%s\n%d\n%s\n", c.origin, c.size, c.root); len(note) < len(text) || string(note[:len(text)]) != text {
			v.find(-1, row, "the signed note says something else than its row")
		}
		if c.size > v.size && c.origin == v.origin {
			v.find(-1, row, "was published, but the ledger has only %d leaves: its end was cut off", v.size)
		}
		v.roots[c.size] = append(v.roots[c.size], c)
		return nil
	})
	return err
}

func (v *verifier) readDevices(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select kid, jwk from devices`)
	if err != nil {
		return err
	}
	v.public = map[record.KeyID]crypto.PublicKey{}
	var kid []byte
	var jwk string
	_, err = pgx.ForEachRow(rows, []any{&kid, &jwk}, func() error {
		public, of, err := seal.ParseJWK([]byte(jwk))
		if err != nil || of != hashOf[record.KeyID](kid) {
			v.find(-1, "devices "+hashOf[record.KeyID](kid).String(), "does not hold the key that it is named by: it was changed")
			return nil
		}
		v.public[of] = public
		return nil
	})
	return err
}

// follow keeps what later rows are held against.
func (v *verifier) follow(r *record.Record, s *storedRecord) {
	if !r.Office() {
		v.followJournal(r)
		return
	}
	switch r.Kind {
	case record.KindDeviceEnrolled:
		if kid, err := record.ParseKeyID(r.Text("kid")); err == nil {
			v.devices[kid] = foundDevice{member: r.Text("member")}
		}
	case record.KindDeviceRevoked:
		if kid, err := record.ParseKeyID(r.Text("kid")); err == nil {
			d := v.devices[kid]
			if d.revoked == 0 {
				d.revoked = s.receivedAt
			}
			v.devices[kid] = d
		}
	case record.KindQuarantineReleased:
		if hash, err := record.ParseHash(r.Text("hash")); err == nil && v.unsigned[r.Hash] == 0 {
			delete(v.unsigned, hash)
		}
	}
}

func (v *verifier) followJournal(r *record.Record) {
	j := v.journals[r.KeyID]
	if j == nil {
		j = &foundJournal{head: record.Genesis(r.KeyID), waiting: map[int64]record.Hash{}}
		v.journals[r.KeyID] = j
	}
	j.maxSeq = max(j.maxSeq, r.Seq)
	if _, ok := j.waiting[r.Seq]; r.Seq > j.head.Seq && !ok {
		j.waiting[r.Seq] = r.Hash // of a fork the first
	}
	for {
		hash, ok := j.waiting[j.head.Seq+1]
		if !ok {
			return
		}
		delete(j.waiting, j.head.Seq+1)
		j.head = record.Head{Seq: j.head.Seq + 1, Hash: hash}
	}
}

// oddRows are rows that no record accounts for: each query gives a row's name and what is wrong with it. None may find anything.
const oddRows = `
select 'records ' || index, 'stands beyond the end of the ledger: it was inserted' from records where index >= $1 or index < 0
union all
select 'ledger_hashes ' || index, 'stands beyond the tree: it was inserted' from ledger_hashes where index >= $2 or index < 0
union all
select 'fields ' || f.index, 'belongs to no record: it was inserted' from fields f where f.index >= $3 and not exists (select from records r where r.index = f.index)
union all
select 'blob_slots ' || s.index || ' ' || s.id, 'says that the blob is stored, and it is not' from blob_slots s
where s.stored and s.index >= $3 and not exists (select from records r join blobs b on b.owner = r.hash where r.index = s.index and b.sha256 = s.sha256)
union all
select 'quarantine ' || encode(q.sha256, 'hex'), 'text does not have the digest of its row: it was changed' from quarantine q
where octet_length(q.text) = q.size and sha256(q.text) <> q.sha256
limit 1000`

func (v *verifier) compareTables(ctx context.Context, tx pgx.Tx, from int64) error {
	rows, err := tx.Query(ctx, oddRows, v.size, ledger.StoredCount(v.size), from)
	if err != nil {
		return err
	}
	var row, text string
	if _, err := pgx.ForEachRow(rows, []any{&row, &text}, func() error { v.find(-1, row, "%s", text); return nil }); err != nil {
		return err
	}
	if !v.whole && from > 0 {
		var held int64
		if err := tx.QueryRow(ctx, `select count(*) from records where index < $1`, from).Scan(&held); err != nil {
			return err
		}
		if held != from {
			v.find(-1, "records", "%d of the first %d rows are there: some were deleted or inserted", held, from)
		}
		return nil // journals and devices need the whole ledger
	}
	if err := v.compareJournals(ctx, tx); err != nil {
		return err
	}
	return v.compareDevices(ctx, tx)
}

func (v *verifier) compareJournals(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select kid, seq, hash, max_seq from journals`)
	if err != nil {
		return err
	}
	var kid, hash []byte
	var seq, maxSeq int64
	if _, err := pgx.ForEachRow(rows, []any{&kid, &seq, &hash, &maxSeq}, func() error {
		k := hashOf[record.KeyID](kid)
		j := v.journals[k]
		if j == nil || j.head != (record.Head{Seq: seq, Hash: hashOf[record.Hash](hash)}) || j.maxSeq != maxSeq {
			v.find(-1, "journals "+k.String(), "head is not that of the journal's records")
		}
		delete(v.journals, k)
		return nil
	}); err != nil {
		return err
	}
	for k := range v.journals {
		v.find(-1, "journals "+k.String(), "is missing: it was deleted")
	}
	return nil
}

func (v *verifier) compareDevices(ctx context.Context, tx pgx.Tx) error {
	rows, err := tx.Query(ctx, `select kid, member, coalesce(revoked_at, 0) from devices`)
	if err != nil {
		return err
	}
	var kid []byte
	var member pgtype.UUID
	var revoked int64
	if _, err := pgx.ForEachRow(rows, []any{&kid, &member, &revoked}, func() error {
		k := hashOf[record.KeyID](kid)
		row := "devices " + k.String()
		told, ok := v.devices[k]
		switch {
		case !ok:
			v.find(-1, row, "was enrolled by no record of the ledger: it was inserted")
		case told.member != record.ID(member.Bytes).String():
			v.find(-1, row, "belongs to another member than the ledger says: it was changed")
		case told.revoked != revoked:
			v.find(-1, row, "is not revoked when the ledger says: it was changed")
		}
		delete(v.devices, k)
		return nil
	}); err != nil {
		return err
	}
	for k := range v.devices {
		v.find(-1, "devices "+k.String(), "is missing: it was deleted")
	}
	return nil
}
