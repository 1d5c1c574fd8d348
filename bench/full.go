package main

import (
	"context"
	"fmt"
	"time"
)

// fullPerPhone is how many full visits each phone syncs in a round; 8 phones and 3 rounds make 960 visits, 860 MiB of photos, and as much for
// the peer.
const fullPerPhone = 40

// batch is one push with what it carries.
type batch struct {
	parcel
	visits []visit
}

// sealFull seals n full visits for each phone, every one a parcel of its own.
func (w *world) sealFull(ctx context.Context, n int) ([][]batch, error) {
	all := make([][]batch, len(w.phones))
	_, err := together(len(w.phones), func(i int) error {
		p := w.phones[i]
		cases, err := w.cases(ctx, (n+casesShare-1)/casesShare, p.actor)
		if err != nil {
			return err
		}
		for k := range n {
			v, err := p.full(cases[k/casesShare], w.paper, w.film)
			if err != nil {
				return err
			}
			box, err := wrap(v.records)
			if err != nil {
				return err
			}
			all[i] = append(all[i], batch{box, []visit{v}})
		}
		return nil
	})
	return all, err
}

// deliverAll has each phone sync its own.
func (w *world) deliverAll(ctx context.Context, all [][]batch) (time.Duration, error) {
	return together(len(w.phones), func(i int) error {
		for _, b := range all[i] {
			if err := w.phones[i].push(ctx, b.parcel); err != nil {
				return err
			}
			for _, v := range b.visits {
				if err := w.phones[i].upload(ctx, v); err != nil {
					return err
				}
			}
		}
		return nil
	})
}

// metered is deliverAll with processor time and traffic.
type metered struct {
	rates    []float64 // visits per second, one for each round
	visits   int
	used     spent
	up, down int64
}

func (m *metered) deliver(ctx context.Context, w *world, all [][]batch, visits int) error {
	before, err := spentBy(w.child.Process.Pid)
	if err != nil {
		return err
	}
	up, down := w.traffic.up.Load(), w.traffic.down.Load()
	took, err := w.deliverAll(ctx, all)
	if err != nil {
		return err
	}
	after, err := spentBy(w.child.Process.Pid)
	if err != nil {
		return err
	}
	m.rates = append(m.rates, per(visits, took))
	m.visits += visits
	m.used = m.used.plus(after.minus(before))
	m.up, m.down = m.up+w.traffic.up.Load()-up, m.down+w.traffic.down.Load()-down
	return w.check()
}

// report adds what 100 visits cost.
func (m *metered) report(t *table, kind string) {
	for _, who := range []struct {
		name string
		took time.Duration
	}{{"server + Postgres", m.used.server + m.used.postgres}, {"of it Postgres", m.used.postgres}, {"tachiai-objects, besides", m.used.objects}, {"the 8 phones, besides", m.used.client}} {
		t.add(row{figure: fmt.Sprintf("CPU-seconds for 100 %s: %s", kind, who.name), measured: who.took.Seconds() * 100 / float64(m.visits), unit: "s"})
	}
	t.add(row{figure: "bytes up for one of them", measured: float64(m.up) / float64(m.visits) / 1024, unit: "KiB"})
	t.add(row{figure: "bytes down for one of them", measured: float64(m.down) / float64(m.visits) / 1024, unit: "KiB"})
}

// fullVisits has 8 phones sync full visits, in turn with minio-go putting the same photos.
func (w *world) fullVisits(ctx context.Context) error {
	var ours metered
	var peer []float64
	for round := range rounds {
		all, err := w.sealFull(ctx, fullPerPhone)
		if err != nil {
			return err
		}
		if err := ours.deliver(ctx, w, all, fullPerPhone*len(w.phones)); err != nil {
			return err
		}
		took, err := together(len(w.phones), func(i int) error {
			for k, b := range all[i] {
				for _, photo := range b.visits[0].photos {
					if err := w.putDirectly(ctx, fmt.Sprintf("peer/%d/%d/%d", round, i, k/casesShare), photo); err != nil {
						return err
					}
				}
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("minio-go: %w", err)
		}
		peer = append(peer, per(fullPerPhone*len(w.phones), took))
		say("round %d: %.0f beside %.0f visits/s", round+1, ours.rates[round], peer[round])
	}
	w.bench.table.add(row{
		figure: "full visits, 8 phones", measured: median(ours.rates), unit: "visits/s",
		peer: "their photos by minio-go alone, 8 workers", limit: median(peer), least: 150, leastRatio: 0.6,
	})
	ours.report(&w.bench.table, "full visits")
	return nil
}
