package postgres

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/history"
	"tachiai/sync/record"
)

// listsVersion is the form of the rows in case_list and inbox. Whoever changes what a row says raises it: the next start makes them anew.
const listsVersion = 2

// CaseRow is a case in a list.
type CaseRow struct {
	ID         record.ID    `json:"id"`
	Number     string       `json:"number"`
	Title      string       `json:"title"`
	WorkerName string       `json:"worker_name"`
	WorkerKana string       `json:"worker_kana"`
	Client     string       `json:"client"`
	Item       string       `json:"item"`
	State      record.State `json:"state"`
	Practice   bool         `json:"practice"`
	DueOn      string       `json:"due_on"`
	Assignees  []record.ID  `json:"assignees"`
	Flags      int          `json:"flags"`
	Visits     int          `json:"visits"`
	LastAt     int64        `json:"last_at"`           // ms: of the newest that is known of it
	Known      bool         `json:"known"`             // false: phones speak of it, the office never opened it
	Voided     bool         `json:"voided,omitempty"`  // taken back, or merged into another
	Overdue    int64        `json:"overdue,omitempty"` // ms: planned end of a visit whose end is not here; the reader's clock decides
}

// Under which states a list finds cases that were taken back, and those for practice. Each rep has one of the latter: they stand in no other list.
const (
	StateVoided   = "voided"
	StatePractice = "practice"
)

// fact is a text among the facts of a case.
func fact(c *history.Case, name string) (text string) {
	_ = json.Unmarshal(c.Facts[name], &text) // one that is no text, or absent, is ""
	return text
}

func caseRow(c *history.Case) CaseRow {
	row := CaseRow{
		ID: c.ID, Number: fact(c, "number"), Title: fact(c, "title"), WorkerName: fact(c, "worker_name"), WorkerKana: fact(c, "worker_kana"),
		Client: fact(c, "client"), Item: fact(c, "item"), State: c.State, Practice: c.Practice, DueOn: fact(c, "due_on"),
		Assignees: c.Assignees, Flags: c.Flags, Visits: len(c.Visits), Known: c.Known(), Voided: c.Voided != nil,
	}
	later := func(m *history.Mark) {
		if m != nil {
			row.LastAt = max(row.LastAt, m.At)
		}
	}
	later(c.Opened)
	later(c.Assigned)
	later(c.Voided)
	if n := len(c.Attempts); n > 0 { // lists are in the order of their times
		later(&c.Attempts[n-1].Mark)
	}
	if n := len(c.Records); n > 0 {
		later(&c.Records[n-1].Mark)
	}
	for i := range c.Visits {
		v := &c.Visits[i]
		row.LastAt = max(row.LastAt, v.From, v.MovedAt, v.ReviewedAt)
		if v.Phase != "ended" && v.PlannedEnd > 0 && (row.Overdue == 0 || v.PlannedEnd < row.Overdue) {
			row.Overdue = v.PlannedEnd
		}
	}
	return row
}

// search is what a case is found by.
func (row CaseRow) search(c *history.Case) string {
	words := []string{row.Number, row.Title, row.WorkerName, row.WorkerKana, row.Client, row.Item, fact(c, "item_number"), fact(c, "item_printed_no"), fact(c, "worker_staff_no")}
	for i := range words {
		words[i] = searchable(words[i])
	}
	return strings.Join(words, "\n")
}

// WaitingVisit is a visit that waits for the office's decision.
type WaitingVisit struct {
	Case       record.ID      `json:"case"`
	Visit      record.ID      `json:"visit"`
	Actor      record.ID      `json:"actor"`
	Outcome    record.Outcome `json:"outcome,omitempty"`
	StartedAt  int64          `json:"started_at"` // ms: its start, or the first that is known of it
	EndedAt    int64          `json:"ended_at,omitempty"`
	PlannedEnd int64          `json:"planned_end,omitempty"`
	Flags      int            `json:"flags"`
	Complete   bool           `json:"complete"`
	Review     string         `json:"review,omitempty"` // held, or an earlier decision after which more has come
}

// waits reports whether a visit wants a decision: it has none, it was put off, or a phone has brought more since.
func waits(v *history.Visit) bool {
	if len(v.Records) == 0 {
		return false
	}
	if v.Review == nil || v.Review.Decision == "held" {
		return true
	}
	for i := range v.Records {
		if r := &v.Records[i]; !r.Device.IsZero() && r.Index > v.Review.Index {
			return true
		}
	}
	return false
}

func waitingVisit(v *history.Visit) WaitingVisit {
	first := &v.Records[0].Mark
	if v.Started != nil {
		first = v.Started
	}
	w := WaitingVisit{
		Case: v.Case, Visit: v.Visit, Actor: first.Actor, Outcome: v.Outcome, StartedAt: first.At, PlannedEnd: v.PlannedEnd,
		Flags: v.Flags, Complete: v.Complete,
	}
	if v.Ended != nil {
		w.EndedAt = v.Ended.At
	}
	if v.Review != nil {
		w.Review = v.Review.Decision
	}
	return w
}

// listRows are rows of case_list and inbox, by column, and what leaves the inbox.
type listRows struct {
	cases struct {
		id                  []pgtype.UUID
		lastAt              []int64
		state, search, rows []string
	}
	inbox struct {
		types, ids, rows []string
		caseID           []pgtype.UUID
		at               []int64
	}
	gone struct{ types, ids []string }
}

// add takes a state that moved; those of which no list tells are passed over.
func (l *listRows) add(s history.State) error {
	switch s := s.(type) {
	case *history.Case:
		row := caseRow(s)
		text, err := json.Marshal(row)
		if err != nil {
			return err
		}
		c, state := &l.cases, string(row.State)
		switch {
		case row.Voided:
			state = StateVoided
		case row.Practice:
			state = StatePractice
		}
		c.id, c.lastAt, c.state = append(c.id, memberUUID(s.ID)), append(c.lastAt, row.LastAt), append(c.state, state)
		c.search, c.rows = append(c.search, row.search(s)), append(c.rows, string(text))
	case *history.Visit:
		if !waits(s) {
			l.leave(s.Key())
			return nil
		}
		row := waitingVisit(s)
		return l.enter(s.Key(), s.Case, row.StartedAt, row)
	case *history.Disclosure:
		if s.Prepared == nil || s.State != "prepared" {
			l.leave(s.Key())
			return nil
		}
		return l.enter(s.Key(), s.Case, s.Prepared.At, struct{}{})
	}
	return nil
}

func (l *listRows) enter(k history.Key, c record.ID, at int64, row any) error {
	text, err := json.Marshal(row)
	if err != nil {
		return err
	}
	b := &l.inbox
	b.types, b.ids, b.rows = append(b.types, string(k.Type)), append(b.ids, k.ID), append(b.rows, string(text))
	b.caseID, b.at = append(b.caseID, memberUUID(c)), append(b.at, at)
	return nil
}

func (l *listRows) leave(k history.Key) {
	l.gone.types, l.gone.ids = append(l.gone.types, string(k.Type)), append(l.gone.ids, k.ID)
}

const (
	upsertCaseList = `
insert into case_list (id, last_at, state, search, row)
select id, last_at, state, search, row::json from unnest($1::uuid[], $2::bigint[], $3::text[], $4::text[], $5::text[]) as t (id, last_at, state, search, row)
on conflict (id) do update set last_at = excluded.last_at, state = excluded.state, search = excluded.search, row = excluded.row`
	upsertInbox = `
insert into inbox (type, id, case_id, at, row)
select type, id, case_id, at, row::json from unnest($1::text[], $2::text[], $3::uuid[], $4::bigint[], $5::text[]) as t (type, id, case_id, at, row)
on conflict (type, id) do update set case_id = excluded.case_id, at = excluded.at, row = excluded.row`
	leaveInbox = `delete from inbox i using unnest($1::text[], $2::text[]) as k (type, id) where i.type = k.type and i.id = k.id`
)

// queue queues the writes.
func (l *listRows) queue(b *pgx.Batch) {
	if c := &l.cases; len(c.id) > 0 {
		b.Queue(upsertCaseList, c.id, c.lastAt, c.state, c.search, c.rows)
	}
	if i := &l.inbox; len(i.ids) > 0 {
		b.Queue(upsertInbox, i.types, i.ids, i.caseID, i.at, i.rows)
	}
	if g := &l.gone; len(g.ids) > 0 {
		b.Queue(leaveInbox, g.types, g.ids)
	}
}

const (
	readListsVersion = `select version from lists`
	noteListsVersion = `update lists set version = $1`
	clearLists       = `with c as (delete from case_list) delete from inbox`
	listedStates     = `
select type, id, body from states where (type, id) > ($1, $2) and type in ('case', 'visit', 'disclosure') order by type, id limit $3`
	listPage = 500
)

// listAnew makes the lists once more out of the states when a program wrote them whose rows said something else. It holds the ledger's lock
// meanwhile; a crash leaves the old ones, and the next start begins again.
func (db *DB) listAnew(ctx context.Context) error {
	var version int
	if err := one(ctx, db, "lists", readListsVersion, nil, &version); err != nil || version == listsVersion {
		return err
	}
	return db.transact(ctx, "lists", func(tx pgx.Tx) error {
		var size int64
		if err := tx.QueryRow(ctx, lockForWrites).Scan(&size); err != nil {
			return err
		}
		if err := tx.QueryRow(ctx, readListsVersion).Scan(&version); err != nil || version == listsVersion {
			return err
		}
		return makeLists(ctx, tx)
	})
}

// makeLists makes the lists out of the states, in a transaction that holds the ledger's lock.
func makeLists(ctx context.Context, tx pgx.Tx) error {
	if _, err := tx.Exec(ctx, clearLists); err != nil {
		return err
	}
	var kind, id string
	for more := true; more; {
		rows, err := tx.Query(ctx, listedStates, kind, id, listPage)
		if err != nil {
			return err
		}
		var list listRows
		var body []byte
		n := 0
		if _, err := pgx.ForEachRow(rows, []any{&kind, &id, &body}, func() error {
			n++
			s, err := history.Decode(history.Key{Type: history.Type(kind), ID: id}, body)
			if err != nil {
				return nil //nolint:nilerr // a spoilt row: Rebuild reports and mends it
			}
			return list.add(s)
		}); err != nil {
			return err
		}
		batch := &pgx.Batch{}
		list.queue(batch)
		if err := tx.SendBatch(ctx, batch).Close(); err != nil {
			return fmt.Errorf("lists: %w", err)
		}
		more = n == listPage
	}
	_, err := tx.Exec(ctx, noteListsVersion, listsVersion)
	return err
}
