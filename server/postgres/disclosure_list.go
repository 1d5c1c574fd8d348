package postgres

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/history"
	"tachiai/sync/record"
)

// ListedDisclosure is a disclosure in a list, with what its case is about.
type ListedDisclosure struct {
	*history.Disclosure
	Number, WorkerName string
}

// maxWaiting bounds how many that wait for approval stand in front of the list.
const maxWaiting = 500

const (
	readDisclosures        = `select id, body from states where type = 'disclosure' and id < $1 order by id desc limit $2`
	readWaitingDisclosures = `
select s.id, s.body from inbox i join states s on s.type = 'disclosure' and s.id = i.id
where i.type = 'disclosure' order by i.at desc, i.id desc limit $1`
	readCaseRows = `select row from case_list where id = any($1)`
)

// DisclosureList reads a part of the list of disclosures, the latest prepared first, and what goes on behind it: "" at the end. With the beginning
// come also those that wait for approval, however long they do. It costs what it shows. Error: ErrPage.
func (db *DB) DisclosureList(ctx context.Context, limit int, cursor string) (list []ListedDisclosure, next string, err error) {
	from := "g" // behind every id
	if cursor != "" {
		id, err := record.ParseID(cursor)
		if err != nil {
			return nil, "", fmt.Errorf("postgres: %w", ErrPage)
		}
		from = id.String()
	}
	found, err := query(ctx, db, "disclosures", readDisclosures, scanDisclosure, from, limit+1)
	if err != nil {
		return nil, "", err
	}
	if len(found) > limit {
		found = found[:limit]
		next = found[limit-1].ID.String()
	}
	if cursor == "" && next != "" {
		waiting, err := query(ctx, db, "disclosures", readWaitingDisclosures, scanDisclosure, maxWaiting)
		if err != nil {
			return nil, "", err
		}
		last := found[limit-1].ID
		found = append(found, slices.DeleteFunc(waiting, func(d *history.Disclosure) bool { return d.ID.String() >= last.String() })...)
	}
	found = slices.DeleteFunc(found, func(d *history.Disclosure) bool { return d.Prepared == nil })
	slices.SortFunc(found, func(a, b *history.Disclosure) int { return cmp.Compare(b.Prepared.Index, a.Prepared.Index) })
	list, err = db.listed(ctx, found)
	return list, next, err
}

func scanDisclosure(row pgx.CollectableRow) (*history.Disclosure, error) {
	var id string
	var body []byte
	if err := row.Scan(&id, &body); err != nil {
		return nil, err
	}
	s, err := history.Decode(history.Key{Type: history.TypeDisclosure, ID: id}, body)
	if err != nil {
		return nil, err
	}
	return s.(*history.Disclosure), nil
}

// listed says of which cases disclosures are.
func (db *DB) listed(ctx context.Context, found []*history.Disclosure) ([]ListedDisclosure, error) {
	ids := make([]pgtype.UUID, len(found))
	for i, d := range found {
		ids[i] = uuid(d.Case)
	}
	rows, err := query(ctx, db, "cases", readCaseRows, pgx.RowTo[json.RawMessage], ids)
	if err != nil {
		return nil, err
	}
	cases := make(map[record.ID]CaseRow, len(rows))
	for _, text := range rows {
		var c CaseRow
		if err := json.Unmarshal(text, &c); err != nil {
			return nil, fmt.Errorf("postgres: cases: %w", err)
		}
		cases[c.ID] = c
	}
	list := make([]ListedDisclosure, len(found))
	for i, d := range found {
		list[i] = ListedDisclosure{d, cases[d.Case].Number, cases[d.Case].WorkerName}
	}
	return list, nil
}
