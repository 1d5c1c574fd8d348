package postgres_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"tachiai/sync/record"
)

// BenchmarkAccept pushes visits of three records that were sealed before, from eight phones at once: one visit a batch, and fifty. Signatures are
// not verified here. The Postgres of tests does not
// sync to disk; with BENCH_DATABASE_URL it is that one, whose public schema is made anew. The product's own figures come from bench/.
func BenchmarkAccept(b *testing.B) {
	for _, size := range []int{3, 150} {
		b.Run(fmt.Sprintf("batch of %d", size), func(b *testing.B) {
			h := newHouse(b)
			const phones = 8
			reps := make([]*phone, phones)
			cases, visits := make([]record.ID, phones), make([]int, phones)
			for i := range reps {
				rep := h.member("髙橋", record.RoleRep)
				reps[i], cases[i] = h.newPhone(rep), h.openCase(rep)
			}
			batches := make([][][]*record.Record, phones)
			for n := range b.N {
				p := n % phones
				var batch []*record.Record
				for len(batch) < size {
					if visits[p]++; visits[p]%4 == 0 { // a case has few visits
						cases[p] = h.openCase(reps[p].member)
					}
					batch = append(batch, reps[p].visit(cases[p], 3)...)
				}
				batches[p] = append(batches[p], batch)
			}
			b.ResetTimer()
			var all sync.WaitGroup
			var failed atomic.Bool
			for p := range batches {
				all.Go(func() {
					for _, batch := range batches[p] {
						if _, err := h.db.Accept(h.ctx, arrivals(batch...), reps[p].caller(), reps[p].now); err != nil {
							failed.Store(true)
							b.Error(err)
							return
						}
					}
				})
			}
			all.Wait()
			b.ReportMetric(float64(b.N*size)/b.Elapsed().Seconds(), "records/s")
			b.ReportMetric(float64(b.N*size)/3/b.Elapsed().Seconds(), "visits/s")
		})
	}
}
