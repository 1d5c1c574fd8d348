package postgres

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/history"
)

const (
	readState  = `select body from states where type = $1 and id = $2`
	readStates = `select id, body from states where type = $1 order by id`
)

// state reads one state. Error: ErrNotFound.
func state[S history.State](ctx context.Context, db *DB, k history.Key) (s S, err error) {
	var body []byte
	if err := one(ctx, db, string(k.Type), readState, []any{string(k.Type), k.ID}, &body); err != nil {
		return s, err
	}
	decoded, err := history.Decode(k, body)
	if err != nil {
		return s, err
	}
	s, ok := decoded.(S)
	if !ok {
		return s, fmt.Errorf("postgres: state of %s", k.Type)
	}
	return s, nil
}

// states reads all states of a type, in the order of their ids.
func states[S history.State](ctx context.Context, db *DB, t history.Type) ([]S, error) {
	return query(ctx, db, string(t), readStates, func(row pgx.CollectableRow) (s S, err error) {
		var id string
		var body []byte
		if err := row.Scan(&id, &body); err != nil {
			return s, err
		}
		decoded, err := history.Decode(history.Key{Type: t, ID: id}, body)
		if err != nil {
			return s, err
		}
		return decoded.(S), nil
	}, string(t))
}
