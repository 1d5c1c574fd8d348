package main

import (
	"context"
	"fmt"
	"time"

	"tachiai/sync/seal"
)

// Metadata-only visits for each phone and round: in one batch of visitsAtOnce (150 records), and one by one.
const (
	visitsAtOnce   = 50
	batchesATurn   = 10
	singlesATurn   = 150
	verifyFor      = time.Second
	commitsPerTurn = 1500
)

// sealPlain seals count batches of size metadata-only visits for each phone.
func (w *world) sealPlain(ctx context.Context, count, size int) ([][]batch, error) {
	all := make([][]batch, len(w.phones))
	_, err := together(len(w.phones), func(i int) error {
		p := w.phones[i]
		cases, err := w.cases(ctx, (count*size+casesShare-1)/casesShare, p.actor)
		if err != nil {
			return err
		}
		for b := range count {
			var records []sealed
			for k := range size {
				v, err := p.plain(cases[(b*size+k)/casesShare])
				if err != nil {
					return err
				}
				records = append(records, v.records...)
			}
			box, err := wrap(records)
			if err != nil {
				return err
			}
			all[i] = append(all[i], batch{parcel: box})
		}
		return nil
	})
	return all, err
}

// plainVisits has 8 phones sync visits without photos, in turn with Postgres committing the same bytes and nothing else.
func (w *world) plainVisits(ctx context.Context) error {
	var many, single metered
	var peer []float64
	for round := range rounds {
		batches, err := w.sealPlain(ctx, batchesATurn, visitsAtOnce)
		if err != nil {
			return err
		}
		if err := many.deliver(ctx, w, batches, batchesATurn*visitsAtOnce*len(w.phones)); err != nil {
			return err
		}
		singles, err := w.sealPlain(ctx, singlesATurn, 1)
		if err != nil {
			return err
		}
		if err := single.deliver(ctx, w, singles, singlesATurn*len(w.phones)); err != nil {
			return err
		}
		rate, err := w.bareCommits(ctx, singles)
		if err != nil {
			return fmt.Errorf("bare Postgres: %w", err)
		}
		peer = append(peer, rate)
		say("round %d: %.0f in batches, %.0f one by one, beside %.0f visits/s", round+1, many.rates[round], single.rates[round], rate)
	}
	verified, err := w.verifications()
	if err != nil {
		return err
	}
	t, bare := &w.bench.table, median(peer)
	const commits = "Postgres alone, one visit a transaction, 8 clients"
	t.add(row{figure: "metadata-only visits, batches of 50", measured: median(many.rates), unit: "visits/s", peer: commits, limit: bare, least: 2000})
	t.add(row{figure: "records, batches of 150", measured: 3 * median(many.rates), unit: "records/s",
		peer: "ES256 verifications on one core", limit: verified, peerUnit: "/s"})
	many.report(t, "metadata-only visits in batches")
	t.add(row{figure: "metadata-only visits, one by one", measured: median(single.rates), unit: "visits/s", peer: commits, limit: bare, least: 500})
	t.add(row{figure: "records, batches of 3", measured: 3 * median(single.rates), unit: "records/s",
		peer: "ES256 verifications on one core", limit: verified, peerUnit: "/s"})
	single.report(t, "metadata-only visits one by one")
	return nil
}

// bareCommits is the peer: 8 clients, each transaction the three texts of one visit as rows of a plain table. Visits per second.
func (w *world) bareCommits(ctx context.Context, all [][]batch) (float64, error) {
	took, err := together(len(w.rows), func(i int) error {
		for k := range commitsPerTurn {
			box := all[i][k%len(all[i])]
			texts := make([]string, len(box.records))
			for n, r := range box.records {
				texts[n] = r.compact
			}
			if err := w.commit(ctx, i, texts); err != nil {
				return err
			}
		}
		return nil
	})
	return per(commitsPerTurn*len(w.rows), took), err
}

// verifications is how many ES256 signatures one core verifies in a second, with the code that the server uses.
func (w *world) verifications() (float64, error) {
	p := w.phones[0]
	apart := newJournal(p.key, p.Kid(), p.actor) // its records are never sent
	text, err := apart.plain(p.actor)
	if err != nil {
		return 0, err
	}
	r, err := seal.Parse(text.records[0].compact)
	if err != nil {
		return 0, err
	}
	began, n := time.Now(), 0
	for time.Since(began) < verifyFor {
		if err := seal.Verify(r, &p.key.PublicKey); err != nil {
			return 0, err
		}
		n++
	}
	return per(n, time.Since(began)), nil
}
