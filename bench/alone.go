package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"time"

	"tachiai/sync/record"
)

// Samples of one phone alone, and those before them that do not count.
const (
	aloneVisits, alonePapers = 120, 250
	aloneWarm                = 20
)

// alone is what one person waits for when nobody else syncs.
func (w *world) alone(ctx context.Context) error {
	p := w.phones[0]
	if err := w.aloneVisit(ctx, p); err != nil {
		return err
	}
	return w.alonePaper(ctx, p)
}

func (w *world) aloneVisit(ctx context.Context, p *phone) error {
	cases, err := w.cases(ctx, aloneVisits, p.actor)
	if err != nil {
		return err
	}
	var ours, objects, commits []time.Duration
	for i, cause := range cases {
		v, err := p.full(cause, w.paper, w.film)
		if err != nil {
			return err
		}
		box, err := wrap(v.records)
		if err != nil {
			return err
		}
		if i == aloneWarm {
			ours, objects, commits = nil, nil, nil
		}
		err = timed(&ours, func() error {
			if err := p.push(ctx, box); err != nil {
				return err
			}
			return p.upload(ctx, v)
		})
		if err != nil {
			return err
		}
		err = timed(&objects, func() error {
			for _, ph := range v.photos {
				if err := w.putDirectly(ctx, fmt.Sprintf("peer/alone/%d", i), ph); err != nil {
					return err
				}
			}
			return nil
		})
		if err == nil {
			err = w.timedCommit(ctx, &commits, v.records)
		}
		if err != nil {
			return fmt.Errorf("peer: %w", err)
		}
	}
	w.bench.table.add(row{
		figure: "one phone alone: p50 of a full visit", measured: milliseconds(median(ours)), unit: "ms",
		peer: "p50 of its photos by minio-go + of one bare commit", limit: milliseconds(median(objects) + median(commits)),
	})
	return w.check()
}

func (w *world) timedCommit(ctx context.Context, list *[]time.Duration, records []sealed) error {
	var texts []string
	for _, r := range records {
		texts = append(texts, r.compact)
	}
	return timed(list, func() error { return w.commit(ctx, 0, texts) })
}

// alonePaper pushes declarations one by one. Their visits have been started before, so that nothing about them is odd.
func (w *world) alonePaper(ctx context.Context, p *phone) error {
	cases, err := w.cases(ctx, alonePapers, p.actor)
	if err != nil {
		return err
	}
	visits := make([]record.ID, alonePapers)
	var begun []sealed
	for i, cause := range cases {
		visits[i] = record.NewID(time.Now(), rand.Reader)
		r, err := p.seal(record.KindVisitStarted, cause, visits[i], here(field("place", "doorstep")))
		if err != nil {
			return err
		}
		begun = append(begun, r)
	}
	for len(begun) > 0 {
		n := min(len(begun), visitsAtOnce)
		box, err := wrap(begun[:n])
		if err == nil {
			err = p.push(ctx, box)
		}
		if err != nil {
			return err
		}
		begun = begun[n:]
	}
	var ours, commits []time.Duration
	size := 0
	for i, cause := range cases {
		r, err := p.seal(record.KindDeclarationSigned, cause, visits[i], w.paper)
		if err != nil {
			return err
		}
		box, err := wrap([]sealed{r})
		if err != nil {
			return err
		}
		if i == aloneWarm {
			ours, commits = nil, nil
		}
		size += len(r.compact)
		if err := timed(&ours, func() error { return p.push(ctx, box) }); err != nil {
			return err
		}
		if err := w.timedCommit(ctx, &commits, box.records); err != nil {
			return fmt.Errorf("peer: %w", err)
		}
	}
	w.bench.table.add(row{
		figure:   fmt.Sprintf("one phone alone: p50 of pushing one declaration (%d KiB)", size/alonePapers>>10),
		measured: milliseconds(median(ours)), unit: "ms", peer: "p50 of one bare commit of its bytes", limit: milliseconds(median(commits)), most: 5,
	})
	return w.check()
}
