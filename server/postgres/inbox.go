package postgres

import (
	"context"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/record"
)

// ErrPage refuses a place in a list that no answer has named.
var ErrPage = errors.New("not a place in the list")

// listPlace is where a list goes on: behind the entry with this time and id.
type listPlace struct {
	at int64
	id string
}

// parsePlace reads what text wrote; "" is the beginning.
func parsePlace(text string) (listPlace, error) {
	if text == "" {
		return listPlace{at: 1<<63 - 1}, nil
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(raw) < 9 || len(raw) > 128 {
		return listPlace{}, fmt.Errorf("postgres: %w", ErrPage)
	}
	return listPlace{int64(binary.BigEndian.Uint64(raw)), string(raw[8:])}, nil
}

func (p listPlace) text() string {
	return base64.RawURLEncoding.EncodeToString(append(binary.BigEndian.AppendUint64(nil, uint64(p.at)), p.id...))
}

// CaseQuery asks for a part of the list of cases.
type CaseQuery struct {
	Search string       // words, all of which must be found in number, names, client or item; "" = all
	State  record.State // "" = any but StatePractice; StateVoided finds those that were taken back
	Limit  int
	Cursor string // of the page before; "" = the beginning
}

// CasePage is a part of the list of cases, newest first.
type CasePage struct {
	Rows []json.RawMessage // each the JSON of a CaseRow
	Next string            // "" at the end
}

// A list without a search is asked for without one: the planner takes any search to find little, and then sorts all that there is.
const (
	caseListHead  = `select row, last_at, id from case_list where (last_at, id) < ($1, $2)`
	caseListOf    = ` and state = $4`
	caseListReal  = ` and state <> '` + StatePractice + `'` // as the index has it
	caseListFound = ` and search like all ($%d::text[])`
	caseListTail  = ` order by last_at desc, id desc limit $3`
)

func (q CaseQuery) sql(from listPlace, id pgtype.UUID) (sql string, args []any) {
	sql, args = caseListHead+caseListReal, []any{from.at, id, q.Limit + 1}
	if q.State != "" {
		sql, args = caseListHead+caseListOf, append(args, string(q.State))
	}
	if words := patterns(q.Search); len(words) > 0 {
		args = append(args, words)
		sql += fmt.Sprintf(caseListFound, len(args))
	}
	return sql + caseListTail, args
}

// lastID is behind every id.
var lastID = pgtype.UUID{Bytes: [16]byte{255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255}, Valid: true}

// CaseList reads a part of the list of cases. It costs what it shows; a search that finds little costs a walk through the list, 100,000 cases
// in a few tens of milliseconds. Error: ErrPage.
func (db *DB) CaseList(ctx context.Context, q CaseQuery) (page CasePage, err error) {
	from, err := parsePlace(q.Cursor)
	if err != nil {
		return page, err
	}
	id := lastID
	if q.Cursor != "" {
		if len(from.id) != len(id.Bytes) {
			return page, fmt.Errorf("postgres: %w", ErrPage)
		}
		copy(id.Bytes[:], from.id)
	}
	sql, args := q.sql(from, id)
	places := make([]listPlace, 0, q.Limit+1)
	page.Rows, err = query(ctx, db, "case list", sql, func(row pgx.CollectableRow) (text json.RawMessage, err error) {
		var place listPlace
		var id pgtype.UUID
		var raw []byte
		err = row.Scan(&raw, &place.at, &id)
		place.id = string(id.Bytes[:])
		places = append(places, place)
		return raw, err
	}, args...)
	if err == nil && len(page.Rows) > q.Limit {
		page.Rows, page.Next = page.Rows[:q.Limit], places[q.Limit-1].text()
	}
	return page, err
}

// InboxVisit is a visit that waits for the office, with what its case is about.
type InboxVisit struct {
	WaitingVisit
	Number     string
	WorkerName string
	Client     string
	Item       string
	Practice   bool
}

// Inbox is what waits for the office.
type Inbox struct {
	Visits     []InboxVisit // newest first
	Next       string       // "" at the end
	Quarantine int          // texts without a decision
	Approvals  int          // disclosures that nobody has approved or refused
}

const (
	readInbox = `
select i.row, i.at, i.id, c.row from inbox i join case_list c on c.id = i.case_id
where i.type = 'visit' and (i.at, i.id) < ($1, $2) and c.state <> '` + StateVoided + `' order by i.at desc, i.id desc limit $3`
	countQuarantine = `select count(*) from quarantine where decision is null`
	countApprovals  = `select count(*) from inbox where type = 'disclosure'`
)

// Inbox reads what waits for the office, all of one moment: the visits behind the cursor, and how much else. Those of voided cases wait for
// nobody. Error: ErrPage.
func (db *DB) Inbox(ctx context.Context, limit int, cursor string) (inbox Inbox, err error) {
	from, err := parsePlace(cursor)
	if err != nil {
		return inbox, err
	}
	if cursor == "" {
		from.id = "\U0010ffff"
	}
	var places []listPlace
	batch := &pgx.Batch{}
	batch.Queue(beginReading)
	batch.Queue(readInbox, from.at, from.id, limit+1).Query(func(rows pgx.Rows) (err error) {
		inbox.Visits, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v InboxVisit, err error) {
			var place listPlace
			var own, of []byte
			if err := row.Scan(&own, &place.at, &place.id, &of); err != nil {
				return v, err
			}
			places = append(places, place)
			var c CaseRow
			if err := errors.Join(json.Unmarshal(own, &v.WaitingVisit), json.Unmarshal(of, &c)); err != nil {
				return v, err
			}
			v.Number, v.WorkerName, v.Client, v.Item, v.Practice = c.Number, c.WorkerName, c.Client, c.Item, c.Practice
			return v, nil
		})
		return err
	})
	count := func(into *int) func(pgx.Row) error { return func(row pgx.Row) error { return row.Scan(into) } }
	batch.Queue(countQuarantine).QueryRow(count(&inbox.Quarantine))
	batch.Queue(countApprovals).QueryRow(count(&inbox.Approvals))
	batch.Queue("commit")
	if err := db.pipeline(ctx, batch); err != nil {
		return inbox, wrap("inbox", err)
	}
	if len(inbox.Visits) > limit {
		inbox.Visits, inbox.Next = inbox.Visits[:limit], places[limit-1].text()
	}
	return inbox, nil
}
