package story

import (
	"context"
	"encoding/base64"
	"fmt"
	"io"
	"regexp"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/objects"
)

// damages are what whoever holds the database or the object store could do: one byte becomes another.
var damages = map[string]func(h *home) error{
	"photo":    func(h *home) error { return h.spoil("p1-preview") },
	"document": func(h *home) error { return h.spoil("document") },
	"record":   spoilRecord,
}

// original is the photo as it lies in the object store.
func (h *home) original() (data []byte) {
	h.t.Helper()
	h.must(h.look(func(ctx context.Context, conn *pgx.Conn, store *objects.Store) (err error) {
		_, data, err = find(ctx, conn, store, "p1")
		return err
	}))
	return data
}

// find reads the object that the only blob with that id in a record is stored in.
func find(ctx context.Context, conn *pgx.Conn, store *objects.Store, id string) (key string, data []byte, err error) {
	if err := conn.QueryRow(ctx, "select key from blobs join blob_slots using (sha256) where id = $1", id).Scan(&key); err != nil {
		return "", nil, err
	}
	content, _, err := store.Get(ctx, key)
	if err != nil {
		return "", nil, err
	}
	defer content.Close()
	data, err = io.ReadAll(content)
	return key, data, err
}

// spoil changes one byte of a stored blob.
func (h *home) spoil(id string) error {
	return h.look(func(ctx context.Context, conn *pgx.Conn, store *objects.Store) error {
		key, data, err := find(ctx, conn, store, id)
		if err != nil {
			return err
		}
		data[len(data)-3] ^= 1
		if err := store.Delete(ctx, key); err != nil {
			return err
		}
		return store.Create(ctx, key, data)
	})
}

// sealedAt is the last digit of when a record was sealed.
var sealedAt = regexp.MustCompile(`"at":\d+(\d)`)

// spoilRecord changes one digit of the time at which the declaration was signed.
func spoilRecord(h *home) error {
	return h.look(func(ctx context.Context, conn *pgx.Conn, _ *objects.Store) error {
		var core string
		if err := conn.QueryRow(ctx, "select core from records where kind = 'declaration.signed'").Scan(&core); err != nil {
			return err
		}
		header, text, _ := strings.Cut(core, ".")
		payload, err := base64.RawURLEncoding.DecodeString(text)
		if err != nil {
			return err
		}
		digit := sealedAt.FindSubmatchIndex(payload)
		if digit == nil {
			return fmt.Errorf("no time in %s", payload)
		}
		payload[digit[2]] ^= 1
		if _, err := conn.Exec(ctx, "alter table records disable trigger user"); err != nil {
			return err
		}
		_, err = conn.Exec(ctx, "update records set core = $1 where kind = 'declaration.signed'", header+"."+base64.RawURLEncoding.EncodeToString(payload))
		return err
	})
}

// look opens the database as its owner, and the object store, beside the running server.
func (h *home) look(deed func(ctx context.Context, conn *pgx.Conn, store *objects.Store) error) error {
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, h.Owner)
	if err != nil {
		return err
	}
	defer conn.Close(ctx)
	return deed(ctx, conn, h.Objects)
}
