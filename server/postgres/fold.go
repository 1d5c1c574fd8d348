package postgres

import (
	"context"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/form"
	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// fold moves the states that a batch touches.
type fold struct {
	asked   map[history.Key]bool
	set     history.Set
	before  map[record.ID][]record.ID // who had a case before the batch
	changed map[history.Key]int64     // ledger index at which the state moved last
	order   []history.Key             // of the first change
}

const findStates = `
select s.type, s.id, s.body from unnest($1::text[], $2::text[]) as k (type, id) join states s on s.type = k.type and s.id = k.id`

// queueReads asks for every state that the entries may read or move.
func (f *fold) queueReads(b *pgx.Batch, entries []*entry) {
	f.asked, f.set = map[history.Key]bool{}, history.Set{}
	f.before, f.changed = map[record.ID][]record.ID{}, map[history.Key]int64{}
	var types, ids []string
	for _, e := range entries {
		if e.record == nil {
			continue
		}
		for _, k := range append(history.Keys(e.record), references(e.record)...) {
			if !f.asked[k] {
				f.asked[k] = true
				types, ids = append(types, string(k.Type)), append(ids, k.ID)
			}
		}
	}
	if len(types) > 0 {
		b.Queue(findStates, types, ids).Query(f.read)
	}
}

// references are states that say something about a record and are not moved by it.
func references(r *record.Record) []history.Key {
	var keys []history.Key
	if k, ok := templateOf(r); ok {
		keys = append(keys, k)
	}
	if r.Policy != "" {
		keys = append(keys, history.Key{Type: history.TypePolicy, ID: r.Policy})
	}
	return keys
}

// templateOf names the form that a record of a phone was written in, unless it is built in.
func templateOf(r *record.Record) (history.Key, bool) {
	v, ok := r.Field("template")
	if !ok || r.Office() {
		return history.Key{}, false
	}
	id, _ := v.Get("id").Text()
	version, _ := v.Get("version").Int()
	if _, builtin := form.Lookup(id, version); builtin || id == "" {
		return history.Key{}, false
	}
	return history.Key{Type: history.TypeTemplate, ID: fmt.Sprintf("%s@%d", id, version)}, true
}

func (f *fold) read(rows pgx.Rows) error {
	var kind, id string
	var body []byte
	_, err := pgx.ForEachRow(rows, []any{&kind, &id, &body}, func() error {
		k := history.Key{Type: history.Type(kind), ID: id}
		s, err := history.Decode(k, body)
		if err != nil {
			// Somebody has spoilt the row. Evidence does not wait for that: the state begins anew, and Rebuild reports and mends it.
			return nil
		}
		f.set[k] = s
		if c, ok := s.(*history.Case); ok {
			f.before[c.ID] = slices.Clone(c.Assignees)
		}
		return nil
	})
	return err
}

// load reads the states of records that turned up under the lock.
func (f *fold) load(ctx context.Context, conn *pgx.Conn, records []fullRecord) error {
	var types, ids []string
	for _, r := range records {
		for _, k := range history.Keys(r.record) {
			if !f.asked[k] {
				f.asked[k] = true
				types, ids = append(types, string(k.Type)), append(ids, k.ID)
			}
		}
	}
	if len(types) == 0 {
		return nil
	}
	rows, err := conn.Query(ctx, findStates, types, ids)
	if err != nil {
		return err
	}
	return f.read(rows)
}

// caseOf is the case that a record speaks of, or nil.
func (f *fold) caseOf(r *record.Record) *history.Case {
	c, _ := f.set[history.Key{Type: history.TypeCase, ID: r.Case.String()}].(*history.Case)
	return c
}

// apply moves the states by one record; at is the index under which phones hear of it.
func (f *fold) apply(r *record.Record, m history.Meta, at int64) {
	for _, k := range history.Apply(f.set, r, m) {
		if _, ok := f.changed[k]; !ok {
			f.order = append(f.order, k)
		}
		f.changed[k] = max(f.changed[k], at)
	}
}

// change is a row of the feed.
type change struct {
	member record.ID
	key    history.Key
	index  int64
	op     string
	body   []byte
}

// changes tells who hears of what has moved: of a case those who have it, and with a remove those who had it; of a device, a member and a
// quarantined text whom it concerns; of templates and policies everyone. pushers names who brought a quarantined text.
func (f *fold) changes(k history.Key, body []byte, pushers map[string]record.ID) (list []change) {
	tell := func(op string, body []byte, members ...record.ID) {
		for _, m := range members {
			list = append(list, change{m, k, f.changed[k], op, body})
		}
	}
	switch s := f.set[k].(type) {
	case *history.Case:
		tell(wire.Put, body, s.Assignees...)
		for _, m := range f.before[s.ID] {
			if !s.AssignedTo(m) {
				tell(wire.Remove, nil, m)
			}
		}
	case *history.Device:
		if !s.Member.IsZero() {
			tell(wire.Put, body, s.Member)
		}
	case *history.Member:
		tell(wire.Put, body, s.ID)
	case *history.Template, *history.Policy:
		tell(wire.Put, body, everyone)
	case *history.Quarantine:
		if m, ok := pushers[s.SHA256]; ok {
			tell(wire.Put, body, m)
		}
	}
	return list
}
