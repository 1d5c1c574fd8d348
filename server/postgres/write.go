package postgres

import (
	"encoding/hex"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/history"
	"tachiai/sync/ledger"
	"tachiai/sync/record"
)

const (
	growLedger   = `update ledger set size = $1, edge = $2`
	insertHashes = `
insert into ledger_hashes (index, hash) select $1 + n - 1, h from unnest($2::bytea[]) with ordinality as t (h, n)`
	insertRecords = `
insert into records (index, received_at, seq, at, hash, kid, id, case_id, visit_id, actor, kind, core, signature, receipt, flags)
select index, received_at, seq, at, hash, kid, id, case_id, visit_id, actor, kind, core, signature, receipt, string_to_array(flags, ',')
from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bytea[], $6::bytea[], $7::uuid[], $8::uuid[], $9::uuid[], $10::uuid[],
  $11::text[], $12::text[], $13::bytea[], $14::text[], $15::text[])
  as t (index, received_at, seq, at, hash, kid, id, case_id, visit_id, actor, kind, core, signature, receipt, flags)`
	insertFields = `
insert into fields (index, fields) select index, string_to_array(fields, '~') from unnest($1::bigint[], $2::text[]) as t (index, fields)`
	refillFields = insertFields + ` on conflict (index) do update set fields = excluded.fields`
	insertStray  = `
insert into stray_fields (index, fields) select index, string_to_array(fields, '~') from unnest($1::bigint[], $2::text[]) as t (index, fields)`
	insertSlots = `
insert into blob_slots (index, id, sha256, size, kid)
select * from unnest($1::bigint[], $2::text[], $3::bytea[], $4::bigint[], $5::bytea[])
on conflict (index, id) do nothing`
	upsertJournals = `
insert into journals (kid, seq, hash, max_seq) select * from unnest($1::bytea[], $2::bigint[], $3::bytea[], $4::bigint[])
on conflict (kid) do update set seq = excluded.seq, hash = excluded.hash, max_seq = excluded.max_seq`
	upsertStates = `
insert into states (type, id, body, index) select type, id, body::json, index from unnest($1::text[], $2::text[], $3::text[], $4::bigint[])
  as t (type, id, body, index)
on conflict (type, id) do update set body = excluded.body, index = excluded.index`
	upsertFeed = `
insert into feed (member, type, id, index, n, op, body) select member, type, id, index, n, op, body::json
from unnest($1::uuid[], $2::text[], $3::text[], $4::bigint[], $5::integer[], $6::text[], $7::text[]) as t (member, type, id, index, n, op, body)
on conflict (member, type, id) do update set index = excluded.index, n = excluded.n, op = excluded.op, body = excluded.body`
	insertLater = `
insert into later_flags (index, flag, cause) select * from unnest($1::bigint[], $2::text[], $3::bigint[]) on conflict do nothing`
)

// grow adds the leaves to the tree.
func (w *work) grow(leaves []ledger.Hash) error {
	first, stored, err := w.edge.Append(leaves...)
	w.firstHash, w.hashes = first, stored
	w.standing.Size = w.edge.Size()
	return err
}

// queueWrites queues all that judge has decided.
func (w *work) queueWrites(b *pgx.Batch) error {
	if len(w.hashes) > 0 {
		b.Queue(growLedger, w.edge.Size(), w.edge.Bytes())
		b.Queue(insertHashes, w.firstHash, bytesOf(w.hashes))
		w.queueRecords(b)
	}
	w.queueContent(b)
	w.queueJournals(b)
	w.queueSuspectWrites(b)
	if len(w.later) > 0 {
		var indexes, causes []int64
		var flags []string
		for _, l := range w.later {
			indexes, causes, flags = append(indexes, l.index), append(causes, l.cause), append(flags, string(l.flag))
		}
		b.Queue(insertLater, indexes, flags, causes)
	}
	return w.queueStates(b)
}

func (w *work) queueRecords(b *pgx.Batch) {
	var index, received, at []int64
	var seq []pgtype.Int8
	var hash, kid, signature [][]byte
	var id, caseID, visitID, actor []pgtype.UUID
	var kind, core, receipt, flags []string
	for _, e := range w.entries {
		if !e.fresh || e.record == nil {
			continue
		}
		r := e.record
		index, received, at = append(index, e.index), append(received, e.now.UnixMilli()), append(at, r.At)
		seq = append(seq, pgtype.Int8{Int64: r.Seq, Valid: !r.Office()})
		hash, kid, signature = append(hash, r.Hash[:]), append(kid, r.KeyID[:]), append(signature, r.Signature)
		id, caseID, visitID, actor = append(id, uuid(r.ID)), append(caseID, uuid(r.Case)), append(visitID, uuid(r.Visit)), append(actor, uuid(r.Actor))
		kind, core, receipt = append(kind, string(r.Kind)), append(core, r.Core), append(receipt, e.receipt)
		flags = append(flags, joinFlags(e.flags))
	}
	b.Queue(insertRecords, index, received, seq, at, hash, kid, id, caseID, visitID, actor, kind, core, signature, receipt, flags)
}

func joinFlags(list []record.Flag) string {
	var b strings.Builder
	for i, f := range list {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(string(f))
	}
	return b.String()
}

// queueContent writes fields, stray fields and the blobs that fields name: of new records, and of held ones what was missing.
func (w *work) queueContent(b *pgx.Batch) {
	var index, strayIndex []int64
	var fields, stray []string
	var slots slotRows
	for _, e := range w.entries {
		if !e.fresh || e.record == nil {
			continue
		}
		if len(e.record.Fields) > 0 {
			index, fields = append(index, e.index), append(fields, joinFields(e.record.Fields))
		}
		if len(e.record.Stray) > 0 {
			strayIndex, stray = append(strayIndex, e.index), append(stray, strings.Join(e.record.Stray, "~"))
		}
		slots.add(e.index, e.record)
	}
	for _, f := range w.full {
		if f.refilled {
			b.Queue(refillFields, []int64{f.meta.Index}, []string{joinFields(f.record.Fields)})
			slots.add(f.meta.Index, f.record)
		}
	}
	if len(index) > 0 {
		b.Queue(insertFields, index, fields)
	}
	if len(stray) > 0 {
		b.Queue(insertStray, strayIndex, stray)
	}
	if len(slots.index) > 0 {
		b.Queue(insertSlots, slots.index, slots.id, slots.sha256, slots.size, slots.kid)
	}
}

func joinFields(list []record.Field) string {
	var b strings.Builder
	for i := range list {
		if i > 0 {
			b.WriteByte('~') // no field holds one
		}
		b.WriteString(list[i].Raw)
	}
	return b.String()
}

// slotRows are rows of blob_slots, by column.
type slotRows struct {
	index, size []int64
	id          []string
	sha256, kid [][]byte
}

func (s *slotRows) add(index int64, r *record.Record) {
	for _, blob := range r.BlobFields() {
		sum, err := hex.DecodeString(blob.SHA256)
		if err != nil {
			continue // not a well-formed field; flagged schema
		}
		s.index, s.size, s.id = append(s.index, index), append(s.size, blob.Size), append(s.id, blob.ID)
		s.sha256, s.kid = append(s.sha256, sum), append(s.kid, r.KeyID[:])
	}
}

func (w *work) queueJournals(b *pgx.Batch) {
	if len(w.known.moved) == 0 {
		return
	}
	var seqs, ends []int64
	var hashes [][]byte
	for _, kid := range w.known.moved {
		j := w.known.journals[kid]
		seqs, ends, hashes = append(seqs, j.head.Seq), append(ends, j.maxSeq), append(hashes, j.head.Hash[:])
	}
	b.Queue(upsertJournals, bytesOf(w.known.moved), seqs, hashes, ends)
}

// queueStates writes the states that moved, brings the office's lists up to date, and tells those who hear of them.
func (w *work) queueStates(b *pgx.Batch) error {
	var types, ids, bodies []string
	var indexes []int64
	var told feedRows
	var lists listRows
	for _, k := range w.fold.order {
		body, err := history.Encode(w.fold.set[k])
		if err != nil {
			return err
		}
		types, ids = append(types, string(k.Type)), append(ids, k.ID)
		bodies, indexes = append(bodies, string(body)), append(indexes, w.fold.changed[k])
		for _, c := range w.fold.changes(k, body, w.pushers) {
			told.add(c)
		}
		if err := lists.add(w.fold.set[k]); err != nil {
			return err
		}
	}
	if len(types) > 0 {
		b.Queue(upsertStates, types, ids, bodies, indexes)
	}
	lists.queue(b)
	if len(told.types) > 0 {
		b.Queue(upsertFeed, told.members, told.types, told.ids, told.indexes, told.ns, told.ops, told.bodies)
	}
	return nil
}

// feedRows are rows of feed, by column.
type feedRows struct {
	members    []pgtype.UUID
	types, ids []string
	indexes    []int64
	ns         []int32
	ops        []string
	bodies     []pgtype.Text
	next       map[int64]int32
}

func (f *feedRows) add(c change) {
	if f.next == nil {
		f.next = map[int64]int32{}
	}
	f.members, f.types, f.ids = append(f.members, memberUUID(c.member)), append(f.types, string(c.key.Type)), append(f.ids, c.key.ID)
	f.indexes, f.ns, f.ops = append(f.indexes, c.index), append(f.ns, f.next[c.index]), append(f.ops, c.op)
	f.bodies = append(f.bodies, pgtype.Text{String: string(c.body), Valid: c.body != nil})
	f.next[c.index]++
}
