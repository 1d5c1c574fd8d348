package doorstep

import (
	"context"
	"encoding/json"
	"net/http"

	"github.com/jackc/pgx/v5"

	"tachiai/sync/record"
)

// held is a record as the server has it, for the browser to compare with what its phone said.
type held struct {
	Kind   record.Kind                `json:"kind"`
	Hash   string                     `json:"hash"`
	Seq    int64                      `json:"seq"`
	At     int64                      `json:"at"`
	Zone   string                     `json:"tz"`
	Flags  []record.Flag              `json:"flags"`
	Fields map[string]json.RawMessage `json:"fields"`
	Blobs  int                        `json:"blobs"` // that are stored
}

const (
	journals = `select hash from records where case_id = $1 and seq is not null order by index`
	stored   = `select count(*) from blob_slots s join records r on r.index = s.index where r.hash = $1 and s.stored`
)

// records tells all records of phones in a case, in the order in which they came.
func (h *home) records(ctx context.Context, r *http.Request) (any, error) {
	conn, err := pgx.Connect(ctx, h.Owner)
	if err != nil {
		return nil, err
	}
	defer conn.Close(ctx)
	rows, err := conn.Query(ctx, journals, r.URL.Query().Get("case"))
	if err != nil {
		return nil, err
	}
	hashes, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	list := []held{}
	for _, hash := range hashes {
		one, err := h.held(ctx, conn, record.Hash(hash))
		if err != nil {
			return nil, err
		}
		list = append(list, one)
	}
	return list, err
}

func (h *home) held(ctx context.Context, conn *pgx.Conn, hash record.Hash) (held, error) {
	there, err := h.DB.Held(ctx, hash)
	if err != nil {
		return held{}, err
	}
	one := held{
		Kind: there.Kind, Hash: hash.String(), Seq: there.Seq, At: there.At, Zone: there.TZ, Flags: there.Flags, Fields: map[string]json.RawMessage{},
	}
	for _, f := range there.Fields {
		one.Fields[f.Name] = json.RawMessage(f.Value.Raw())
	}
	return one, conn.QueryRow(ctx, stored, hash[:]).Scan(&one.Blobs)
}
