package postgres_test

import (
	"testing"

	"tachiai/server/postgres"
	"tachiai/sync/record"
)

// Two administrators change one member at once: neither brings back what the other took.
func TestMemberChangedMeanwhile(t *testing.T) {
	h := newHouse(t)
	admin := h.member("管理者", record.RoleAdmin)
	id := h.member("兼務 者", record.RoleReviewer, record.RoleAdmin)
	tries := 0
	h.must(h.db.UpdateMember(t.Context(), id, func(m *postgres.Member) {
		if tries++; tries == 1 {
			h.must(h.db.UpdateMember(t.Context(), id, func(m *postgres.Member) { m.Roles = []record.Role{record.RoleReviewer} }, admin, noon))
		}
		m.Name = "改姓 者"
	}, admin, noon))
	m, err := h.db.Member(t.Context(), id)
	h.must(err)
	if m.Name != "改姓 者" || m.Has(record.RoleAdmin) || !m.Has(record.RoleReviewer) || tries != 2 {
		t.Errorf("%+v after %d tries", m, tries)
	}
	err = h.db.UpdateMember(t.Context(), id, func(*postgres.Member) {
		h.must(h.db.UpdateMember(t.Context(), id, func(m *postgres.Member) { m.Name += "々" }, admin, noon))
	}, admin, noon)
	wants(t, "somebody never stops", err, postgres.ErrConflict)
	_, err = h.db.Member(t.Context(), newID())
	wants(t, "nobody", err, postgres.ErrNotFound)
}
