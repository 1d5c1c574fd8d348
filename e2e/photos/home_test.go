package photos

import (
	"bytes"
	"context"
	"crypto/rand"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/e2e/house"
	"tachiai/pwa"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// home is a house, a rep who works there, and a case of his.
type home struct {
	*house.House
	t      *testing.T
	caseID record.ID
	link   string // for his phone
}

func newHome(t *testing.T) *home {
	t.Helper()
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	h := &home{t: t, House: house.For(t, house.Config{})}
	h.must(h.Start())
	ctx, now := t.Context(), time.Now()
	members, err := h.DB.Members(ctx)
	h.must(err)
	rep := record.NewID(now, rand.Reader)
	_, err = h.DB.ChangeMember(ctx, postgres.Member{ID: rep, Name: "山﨑 誠", Roles: []record.Role{record.RoleRep}, Active: true}, members[0].ID, now)
	h.must(err)
	h.caseID, err = h.DB.OpenCase(ctx, postgres.NewCase{Members: []record.ID{rep}, Facts: []seal.Content{
		{Name: "number", Value: "2026-0147"}, {Name: "worker_name", Value: "髙橋 健"}, {Name: "client", Value: "株式会社東都ホールディングス"}, {Name: "item", Value: "入館証"},
	}}, members[0].ID, now)
	h.must(err)
	code, err := h.DB.NewEnrolmentCode(ctx, rep, now)
	h.must(err)
	h.link = wire.EnrolLink(h.URL, wire.Code(code), h.Keys.RootID())
	return h
}

func (h *home) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// taken is a record of the phone that holds pictures, with their bytes as the server keeps them.
type taken struct {
	*record.Record
	blobs []record.BlobField
	bytes map[string][]byte // by blob id
}

// photos are the records of a kind in the case, in the order of the journal.
func (h *home) photos(kind record.Kind) []taken {
	h.t.Helper()
	ctx := h.t.Context()
	conn, err := pgx.Connect(ctx, h.Owner)
	h.must(err)
	defer conn.Close(context.WithoutCancel(ctx))
	rows, err := conn.Query(ctx, `select hash from records where case_id = $1 and kind = $2 and seq is not null order by seq`, h.caseID.String(), kind)
	h.must(err)
	hashes, err := pgx.CollectRows(rows, pgx.RowTo[[]byte])
	h.must(err)
	var list []taken
	for _, hash := range hashes {
		held, err := h.DB.Held(ctx, record.Hash(hash))
		h.must(err)
		one := taken{held.Record, held.BlobFields(), map[string][]byte{}}
		for _, b := range one.blobs {
			digest, err := postgres.ParseDigest(b.SHA256)
			h.must(err)
			stored, err := h.DB.StoredBlob(ctx, held.Hash, digest)
			h.must(err)
			content, _, err := h.Objects.Get(ctx, stored.Key)
			h.must(err)
			var data bytes.Buffer
			_, err = data.ReadFrom(content)
			h.must(err)
			content.Close()
			one.bytes[b.ID] = data.Bytes()
		}
		list = append(list, one)
	}
	return list
}
