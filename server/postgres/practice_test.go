package postgres_test

import (
	"sync"
	"testing"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// Every rep has one case to practise on, however often and from wherever it is asked for; nobody else has one, and what the office took back
// stays so.
func TestOpenPractice(t *testing.T) {
	h := newHouse(t)
	admin, rep, other := h.member("管理者", record.RoleAdmin), h.member("髙橋", record.RoleRep), h.member("山﨑", record.RoleRep)
	second := h.server()
	var all sync.WaitGroup
	for _, db := range []*postgres.DB{h.db, second, h.db, second} {
		all.Go(func() {
			if err := db.OpenPractice(t.Context(), rep, noon); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	h.must(h.db.OpenPractice(t.Context(), admin, noon))
	h.must(h.db.OpenPractice(t.Context(), other, noon))
	list, err := h.db.Cases(t.Context())
	h.must(err)
	if len(list) != 2 {
		t.Fatalf("%d cases", len(list))
	}
	for _, c := range list {
		if !c.Practice || len(c.Assignees) != 1 || c.Assignees[0] == admin {
			t.Errorf("%+v", c)
		}
	}
	if list[0].Assignees[0] == list[1].Assignees[0] {
		t.Error("two reps practise on one case")
	}
	size := h.size()
	h.must(h.db.OpenPractice(t.Context(), rep, noon))
	if h.size() != size {
		t.Error("the case was opened again")
	}
	wants(t, "nobody", h.db.OpenPractice(t.Context(), newID(), noon), postgres.ErrNotFound)
}
