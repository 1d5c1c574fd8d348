package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"

	"tachiai/sync/seal"
)

// phonesAtOnce is how many phones sync at once, and how many workers each peer has.
const phonesAtOnce = 8

// world is what the parts of rates share: one server, its phones, and the peers on the same Postgres and object store.
type world struct {
	*site
	bench  *bench
	phones []*phone
	film   *film
	paper  []seal.Content
	direct *minio.Client
	rows   []*pgx.Conn // bare connections to its Postgres
}

// rates measures how fast visits and blobs come in.
func rates(ctx context.Context, b *bench) (err error) {
	w, err := b.world(ctx)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, w.leave()) }()
	var faults []error
	for _, figure := range []struct {
		name    string
		measure func(context.Context) error
	}{{"one phone alone", w.alone}, {"full visits", w.fullVisits}, {"metadata-only visits", w.plainVisits}, {"blobs", w.blobs}, {"memory", w.memory}} {
		say("-- %s", figure.name)
		if err := figure.measure(ctx); err != nil {
			faults = append(faults, fmt.Errorf("%s: %w", figure.name, err))
		}
	}
	return errors.Join(faults...)
}

func (b *bench) world(ctx context.Context) (w *world, err error) {
	w = &world{bench: b, film: newFilm(largeBlob)}
	if w.site, err = b.open(ctx, "rates"); err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, w.leave())
		}
	}()
	if w.phones, err = w.crew(ctx, phonesAtOnce, 2); err != nil {
		return nil, err
	}
	if w.paper, err = declaration(w.phones[0].began); err != nil {
		return nil, err
	}
	return w, w.peers(ctx)
}

// plainTable is the peer's table: no index but its key, no trigger, no check.
const plainTable = `create schema bench; create table bench.plain (id bigint generated always as identity primary key, body text not null)`

// peers opens the bare clients.
func (w *world) peers(ctx context.Context) (err error) {
	if w.direct, err = w.objectsOnly(); err != nil {
		return err
	}
	for range phonesAtOnce {
		conn, err := w.rowsOnly(ctx)
		if err != nil {
			return err
		}
		w.rows = append(w.rows, conn)
	}
	_, err = w.rows[0].Exec(ctx, plainTable)
	return err
}

func (w *world) leave() error {
	for _, conn := range w.rows {
		conn.Close(context.Background()) // ends before the server does
	}
	return w.close()
}

// commit is one transaction of the peer: the texts of one visit as rows, in one round trip.
func (w *world) commit(ctx context.Context, worker int, texts []string) error {
	_, err := w.rows[worker].Exec(ctx, `insert into bench.plain (body) select unnest($1::text[])`, texts)
	return err
}

// putDirectly is the peer of an upload: minio-go as it comes, the same bytes under a key of the same shape.
func (w *world) putDirectly(ctx context.Context, folder string, p *photo) error {
	_, err := w.direct.PutObject(ctx, w.store.Bucket, folder+"/"+p.digest.String(), p.part(0, p.size()), int64(p.size()), minio.PutObjectOptions{})
	return err
}

// check verifies all receipts so far, with the clock stopped.
func (w *world) check() error {
	for _, p := range w.phones {
		if err := p.check(); err != nil {
			return err
		}
	}
	return nil
}

// memory is the peak of the server over all that was measured before.
func (w *world) memory(context.Context) error {
	bytes, err := peakMemory(w.child.Process.Pid)
	w.bench.table.add(row{figure: "peak RSS of the server, after all of the above", measured: bytes / 1e6, unit: "MB", most: 100})
	return err
}
