package main

import (
	"context"
	"fmt"

	"tachiai/sync/record"
)

// Blobs of one round.
const (
	smallBlob, smallCount = photoSize, 240
	largeBlob, largeCount = 4 << 20, 24
	tusChunk              = 1 << 20
)

// picture is one photo and the record that names it.
type picture struct {
	photo *photo
	owner record.Hash
}

// pictures seals and pushes count records of one photo each, shared over the phones, and leaves the photos to be uploaded.
func (w *world) pictures(ctx context.Context, count, size int) ([]picture, error) {
	list := make([]picture, count)
	_, err := together(len(w.phones), func(i int) error {
		p := w.phones[i]
		cases, err := w.cases(ctx, 1, p.actor)
		if err != nil {
			return err
		}
		var records []sealed
		for k := i; k < count; k += len(w.phones) {
			taken := w.film.take(size)
			r, err := p.picture(cases[0], taken)
			if err != nil {
				return err
			}
			records = append(records, r)
			list[k] = picture{taken, r.hash}
		}
		box, err := wrap(records)
		if err != nil {
			return err
		}
		return p.push(ctx, box)
	})
	return list, err
}

// blobs uploads photos and nothing else: by PUT, by tus, and by minio-go in turn.
func (w *world) blobs(ctx context.Context) error {
	for _, c := range []struct {
		name        string
		size, count int
		chunk       int
	}{{"300 KiB", smallBlob, smallCount, smallBlob}, {"4 MiB", largeBlob, largeCount, tusChunk}} {
		if err := w.blobRates(ctx, c.name, c.size, c.count, c.chunk); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

func (w *world) blobRates(ctx context.Context, name string, size, count, chunk int) error {
	var put, tus, peer []float64
	mib := size * count >> 20
	for round := range rounds {
		var list []picture
		for _, way := range []struct {
			rates *[]float64
			fresh bool // photos that no one has uploaded yet; else those of the way before
			send  func(p *phone, owner record.Hash, photo *photo, i int) error
		}{
			{&put, true, func(p *phone, owner record.Hash, photo *photo, _ int) error { return p.put(ctx, owner, photo) }},
			{&peer, false, func(_ *phone, _ record.Hash, photo *photo, i int) error {
				return w.putDirectly(ctx, fmt.Sprintf("peer/%d/%d/%d", size, round, i%len(w.phones)), photo)
			}},
			{&tus, true, func(p *phone, owner record.Hash, photo *photo, _ int) error {
				return p.resumable(ctx, owner, photo, chunk)
			}},
		} {
			if way.fresh {
				var err error
				if list, err = w.pictures(ctx, count, size); err != nil {
					return err
				}
			}
			took, err := each(len(w.phones), count, func(i int) error {
				return way.send(w.phones[i%len(w.phones)], list[i].owner, list[i].photo, i)
			})
			if err != nil {
				return err
			}
			*way.rates = append(*way.rates, per(mib, took))
		}
		say("round %d: PUT %.0f, tus %.0f, minio-go %.0f MiB/s", round+1, put[round], tus[round], peer[round])
	}
	const alone = "minio-go alone, 8 workers"
	direct := median(peer)
	w.bench.table.add(row{figure: "blobs of " + name + " by PUT, 8 phones", measured: median(put), unit: "MiB/s", peer: alone, limit: direct, leastRatio: 0.7})
	how := "in one PATCH"
	if chunk < size {
		how = fmt.Sprintf("in PATCHes of %d MiB", chunk>>20)
	}
	w.bench.table.add(row{figure: "blobs of " + name + " by tus, " + how, measured: median(tus), unit: "MiB/s", peer: alone, limit: direct, leastRatio: 0.4})
	return w.check()
}
