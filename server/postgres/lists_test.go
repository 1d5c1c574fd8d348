package postgres_test

import (
	"fmt"
	"testing"
	"time"

	"tachiai/server/postgres"
)

// fillLists puts n cases into the lists, each with a visit that waits.
func (h *house) fillLists(n int) {
	h.superuser(`
insert into case_list (id, last_at, state, search, row)
select ('00000000-0000-7000-8000-' || lpad(i::text, 12, '0'))::uuid, 1700000000000 + i, 'assigned', '2026-' || i || E'\n髙橋 健\n株式会社東都ホールディングス',
  json_build_object('id', '00000000-0000-7000-8000-' || lpad(i::text, 12, '0'), 'number', '2026-' || i, 'worker_name', '髙橋 健', 'client', '株式会社東都ホールディングス', 'item', '入館証', 'state', 'assigned', 'last_at', 1700000000000 + i)
from generate_series(1, $1::int) i`, n)
	h.superuser(`
insert into inbox (type, id, case_id, at, row)
select 'visit', id || '/' || id, id, last_at, json_build_object('case', id, 'visit', id, 'actor', id, 'started_at', last_at, 'flags', 0, 'complete', true) from case_list`)
	h.superuser(`analyze case_list`)
	h.superuser(`analyze inbox`)
}

// A hundred thousand cases cost a page of them what a thousand do; a search that finds one walks through the list.
func TestListsOfManyCases(t *testing.T) {
	took := map[string]map[int]time.Duration{}
	for _, n := range []int{1000, 100_000} {
		h := newHouse(t)
		h.fillLists(n)
		for name, ask := range map[string]func() (int, error){
			"cases": func() (int, error) {
				p, err := h.db.CaseList(h.ctx, postgres.CaseQuery{Limit: 50})
				return len(p.Rows), err
			},
			"inbox": func() (int, error) { p, err := h.db.Inbox(h.ctx, 50, ""); return len(p.Visits), err },
			"search": func() (int, error) {
				p, err := h.db.CaseList(h.ctx, postgres.CaseQuery{Limit: 50, Search: fmt.Sprintf("2026-%d", n/2)})
				return 50 * min(1, len(p.Rows)), err
			},
		} {
			best := time.Hour
			for range 5 {
				began := time.Now()
				if shown, err := ask(); err != nil || shown != 50 {
					t.Fatalf("%s of %d: %d, %v", name, n, shown, err)
				}
				best = min(best, time.Since(began))
			}
			if took[name] == nil {
				took[name] = map[int]time.Duration{}
			}
			took[name][n] = best
		}
	}
	t.Log(took)
	for _, name := range []string{"cases", "inbox"} {
		if few, many := took[name][1000], took[name][100_000]; many > 4*few+20*time.Millisecond {
			t.Errorf("%s: %v of 1,000 and %v of 100,000", name, few, many)
		}
	}
	if many := took["search"][100_000]; many > 2*time.Second {
		t.Errorf("a search takes %v", many)
	}
}
