package postgres

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

const maxMissing = wire.MaxMissing

// known is what the database holds of the things that a batch speaks of, read under the lock.
type known struct {
	held     map[record.Hash]heldRecord
	ids      map[record.ID]record.Hash
	places   map[place][]neighbour // in the order of the ledger
	journals map[record.KeyID]journal
	devices  map[record.KeyID]heldDevice
	suspects map[Digest]heldSuspect
	moved    []record.KeyID // journals that the batch moved
}

// place is a position in a journal.
type place struct {
	kid record.KeyID
	seq int64
}

// heldRecord is a record that has arrived before.
type heldRecord struct {
	index      int64
	receipt    string
	flags      []record.Flag
	fields     int // that are held
	tombstones []record.Hash
}

// neighbour is a held record at a place that matters to the batch. structure is read only beside the batch, not within it.
type neighbour struct {
	hash      record.Hash
	index     int64
	structure *record.Structure
	entry     *entry // when it is being written by this batch
}

type journal struct {
	head   record.Head
	maxSeq int64
}

// journal is that of a key; of an unknown one the journal without records.
func (k *known) journal(kid record.KeyID) journal {
	if j, ok := k.journals[kid]; ok {
		return j
	}
	return journal{head: record.Genesis(kid)}
}

type heldDevice struct {
	member    record.ID
	revokedAt *int64 // ms
}

// The ledger's row first: every statement after it sees all that was committed before the lock was given.
const (
	lockedColumns = `, edge from ledger`
	readLocked    = lockedColumns
	lockLedger    = lockedColumns + ` for update`

	findHeld = `
select r.hash, r.index, r.receipt, r.flags || array(select l.flag from later_flags l where l.index = r.index order by l.cause, l.flag), coalesce(cardinality(f.fields), 0),
  array(select t.digest from tombstones t where t.index = r.index)
from records r left join fields f on f.index = r.index where r.hash = any($1)`
	findIDs    = `select id, hash from records where id = any($1) order by index desc`
	findPlaces = `
select r.kid, r.seq, r.hash, r.index, case when k.beside then r.core end
from unnest($1::bytea[], $2::bigint[], $3::boolean[]) as k (kid, seq, beside)
join records r on r.kid = k.kid and r.seq = k.seq and r.seq is not null order by r.index`
	findJournals = `select kid, seq, hash, max_seq from journals where kid = any($1)`
	findDevices  = `select kid, member, revoked_at from devices where kid = any($1)`
)

// queueReads asks everything that the batch needs to know. tail is lockLedger, or readLocked to only look.
func (w *work) queueReads(b *pgx.Batch, tail string) {
	b.Queue(`select `+w.db.standing()+tail, safeBefore(w.now)).QueryRow(func(row pgx.Row) error {
		var edge []byte
		if err := row.Scan(&w.standing.Origin, &w.standing.Size, &w.standing.SafeIndex, &edge); err != nil {
			return err
		}
		w.size = w.standing.Size
		var err error
		w.edge, err = ledger.ParseEdge(w.size, edge)
		return err
	})
	k := &w.known
	var hashes [][]byte
	var ids []pgtype.UUID
	for hash, e := range w.asked {
		hashes = append(hashes, hash[:])
		ids = append(ids, uuid(e.record.ID))
	}
	if len(hashes) > 0 {
		b.Queue(findHeld, hashes).Query(k.readHeld)
		b.Queue(findIDs, ids).Query(k.readIDs)
	}
	if kids, seqs, beside := w.places(); len(kids) > 0 {
		b.Queue(findPlaces, kids, seqs, beside).Query(k.readPlaces)
	}
	if len(w.kids) > 0 {
		b.Queue(findJournals, bytesOf(w.kids)).Query(k.readJournals)
		b.Queue(findDevices, bytesOf(w.kids)).Query(k.readDevices)
	}
	if len(w.texts) > 0 {
		w.queueSuspects(b)
	}
	w.fold.queueReads(b, w.entries)
	for _, more := range w.reads {
		more(b)
	}
}

// places are where the batch's records stand, and the places right beside.
func (w *work) places() (kids [][]byte, seqs []int64, beside []bool) {
	within := map[place]bool{}
	for _, e := range w.asked {
		if !e.record.Office() {
			within[place{e.record.KeyID, e.record.Seq}] = true
		}
	}
	add := func(p place, next bool) {
		kids, seqs, beside = append(kids, p.kid[:]), append(seqs, p.seq), append(beside, next)
	}
	around := map[place]bool{}
	for p := range within {
		add(p, false)
		for _, q := range []place{{p.kid, p.seq - 1}, {p.kid, p.seq + 1}} {
			if q.seq > 0 && !within[q] && !around[q] {
				around[q] = true
				add(q, true)
			}
		}
	}
	return kids, seqs, beside
}

func (k *known) readHeld(rows pgx.Rows) error {
	k.held = map[record.Hash]heldRecord{}
	var hash []byte
	var h heldRecord
	var flags []string
	var tombstones [][]byte
	_, err := pgx.ForEachRow(rows, []any{&hash, &h.index, &h.receipt, &flags, &h.fields, &tombstones}, func() error {
		held := h
		held.flags, held.tombstones = nil, nil
		for _, f := range flags {
			held.flags = append(held.flags, record.Flag(f))
		}
		for _, t := range tombstones {
			held.tombstones = append(held.tombstones, hashOf[record.Hash](t))
		}
		k.held[hashOf[record.Hash](hash)] = held
		return nil
	})
	return err
}

func (k *known) readIDs(rows pgx.Rows) error {
	k.ids = map[record.ID]record.Hash{}
	var id pgtype.UUID
	var hash []byte
	_, err := pgx.ForEachRow(rows, []any{&id, &hash}, func() error {
		k.ids[id.Bytes] = hashOf[record.Hash](hash)
		return nil
	})
	return err
}

func (k *known) readPlaces(rows pgx.Rows) error {
	k.places = map[place][]neighbour{}
	var kid, hash []byte
	var seq, index int64
	var core *string
	_, err := pgx.ForEachRow(rows, []any{&kid, &seq, &hash, &index, &core}, func() error {
		n := neighbour{hash: hashOf[record.Hash](hash), index: index}
		if core != nil {
			n.structure = structureOf(*core)
		}
		p := place{hashOf[record.KeyID](kid), seq}
		k.places[p] = append(k.places[p], n)
		return nil
	})
	return err
}

func (k *known) readJournals(rows pgx.Rows) error {
	k.journals = map[record.KeyID]journal{}
	var kid, hash []byte
	var j journal
	_, err := pgx.ForEachRow(rows, []any{&kid, &j.head.Seq, &hash, &j.maxSeq}, func() error {
		j.head.Hash = hashOf[record.Hash](hash)
		k.journals[hashOf[record.KeyID](kid)] = j
		return nil
	})
	return err
}

func (k *known) readDevices(rows pgx.Rows) error {
	k.devices = map[record.KeyID]heldDevice{}
	var kid []byte
	var member pgtype.UUID
	var revokedAt *int64
	_, err := pgx.ForEachRow(rows, []any{&kid, &member, &revokedAt}, func() error {
		d := heldDevice{member: member.Bytes}
		if revokedAt != nil {
			at := *revokedAt
			d.revokedAt = &at
		}
		k.devices[hashOf[record.KeyID](kid)] = d
		return nil
	})
	return err
}

const laterPlaces = `
select distinct on (seq) seq, hash from records where kid = $1 and seq > $2 order by seq, index`

// catchUp reads on in those journals of which the database holds records beyond a gap that this batch may close. That is rare, and costs a round
// trip of its own.
func (w *work) catchUp(ctx context.Context, conn *pgx.Conn) error {
	for kid, j := range w.known.journals {
		if j.maxSeq <= j.head.Seq {
			continue
		}
		rows, err := conn.Query(ctx, laterPlaces, kid[:], j.head.Seq)
		if err != nil {
			return err
		}
		var seq int64
		var hash []byte
		if _, err := pgx.ForEachRow(rows, []any{&seq, &hash}, func() error {
			p := place{kid, seq}
			if len(w.known.places[p]) == 0 {
				w.known.put(p, neighbour{hash: hashOf[record.Hash](hash), index: -1})
			}
			return nil
		}); err != nil {
			return err
		}
	}
	return w.catchUpFields(ctx, conn)
}

func (k *known) put(p place, n neighbour) {
	if k.places == nil {
		k.places = map[place][]neighbour{}
	}
	k.places[p] = append(k.places[p], n)
}

func (k *known) noteID(id record.ID, hash record.Hash) {
	if k.ids == nil {
		k.ids = map[record.ID]record.Hash{}
	}
	k.ids[id] = hash
}
