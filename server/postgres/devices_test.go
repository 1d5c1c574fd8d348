package postgres_test

import (
	"errors"
	"sync"
	"testing"
	"time"

	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

func TestEnrolByCode(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	p, q := h.stranger(rep), h.stranger(rep)
	code, err := h.db.NewEnrolmentCode(h.ctx, rep, noon)
	h.must(err)
	one, err := h.db.Enrol(h.ctx, p.enrolment(code), noon)
	h.must(err)
	if one.Member != rep || one.MemberName != "髙橋" || !one.MemberActive || one.Certificate == "" || one.KeyID != p.kid {
		t.Errorf("%+v", one)
	}
	size := h.size()
	// The answer was lost: the same again, even after the code ran out.
	two, err := h.db.Enrol(h.ctx, p.enrolment(code), noon.Add(time.Hour))
	h.must(err)
	if two.Certificate != one.Certificate || h.size() != size {
		t.Errorf("another answer to the same request, or another record")
	}
	if _, err := h.db.Enrol(h.ctx, q.enrolment(code), noon); !errors.Is(err, postgres.ErrCodeUsed) {
		t.Errorf("used code: %v", err)
	}
	for name, bad := range map[string]string{"unknown": "0000-0000-0000", "no code": "x", "empty": ""} {
		if _, err := h.db.Enrol(h.ctx, q.enrolment(bad), noon); !errors.Is(err, postgres.ErrCodeInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	late, err := h.db.NewEnrolmentCode(h.ctx, rep, noon)
	h.must(err)
	if _, err := h.db.Enrol(h.ctx, q.enrolment(late), noon.Add(10*time.Minute)); !errors.Is(err, postgres.ErrCodeInvalid) {
		t.Errorf("old code: %v", err)
	}
	stolen, err := h.db.NewEnrolmentCode(h.ctx, h.member("山﨑", record.RoleRep), noon)
	h.must(err)
	if _, err := h.db.Enrol(h.ctx, p.enrolment(stolen), noon); !errors.Is(err, postgres.ErrConflict) {
		t.Errorf("a key for two members: %v", err)
	}
	h.sound()
}

func (h *house) size() int64 {
	h.t.Helper()
	s, err := h.db.Standing(h.ctx, noon)
	h.must(err)
	return s.Size
}

func TestEnrolmentsRace(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	code, err := h.db.NewEnrolmentCode(h.ctx, rep, noon)
	h.must(err)
	phones := []*phone{h.stranger(rep), h.stranger(rep)}
	servers := []*postgres.DB{h.db, h.server()}
	errs := make([]error, 8)
	var all sync.WaitGroup
	for i := range errs {
		all.Go(func() { _, errs[i] = servers[i%2].Enrol(h.ctx, phones[i/4].enrolment(code), noon) })
	}
	all.Wait()
	won := 0
	for i, err := range errs {
		switch {
		case err == nil:
			won |= 1 << (i / 4)
		case !errors.Is(err, postgres.ErrCodeUsed):
			t.Errorf("enrolment %d: %v", i, err)
		}
	}
	if won != 1 && won != 2 {
		t.Errorf("winners: %b", won)
	}
	h.sound()
}

func TestEnrolAuthorisedByOldKey(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	old, fresh := h.newPhone(rep), h.stranger(rep)
	e := fresh.enrolment("")
	e.AuthorisedBy = old.kid
	d, err := h.db.Enrol(h.ctx, e, noon)
	h.must(err)
	if d.Member != rep || d.AuthorisedBy != old.kid {
		t.Errorf("%+v", d)
	}
	h.must(h.db.RevokeDevice(h.ctx, old.kid, h.admin, "交換", noon))
	h.must(h.db.RevokeDevice(h.ctx, old.kid, h.admin, "交換", noon)) // once more is no more
	e = h.stranger(rep).enrolment("")
	e.AuthorisedBy = old.kid
	if _, err := h.db.Enrol(h.ctx, e, noon); !errors.Is(err, postgres.ErrRevoked) {
		t.Errorf("authorised by a revoked key: %v", err)
	}
	e.AuthorisedBy = h.stranger(rep).kid
	if _, err := h.db.Enrol(h.ctx, e, noon); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("authorised by nobody: %v", err)
	}
	h.sound()
}

func TestRemovedMemberGetsNoCode(t *testing.T) {
	h := newHouse(t)
	rep := h.member("髙橋", record.RoleRep)
	code, err := h.db.NewEnrolmentCode(h.ctx, rep, noon)
	h.must(err)
	_, err = h.db.ChangeMember(h.ctx, postgres.Member{ID: rep, Name: "髙橋"}, h.admin, noon)
	h.must(err)
	if _, err := h.db.NewEnrolmentCode(h.ctx, rep, noon); !errors.Is(err, postgres.ErrMember) {
		t.Errorf("code: %v", err)
	}
	if _, err := h.db.Enrol(h.ctx, h.stranger(rep).enrolment(code), noon); !errors.Is(err, postgres.ErrMember) {
		t.Errorf("enrolment: %v", err)
	}
	if _, err := h.db.NewEnrolmentCode(h.ctx, newID(), noon); !errors.Is(err, postgres.ErrMember) {
		t.Errorf("unknown: %v", err)
	}
}

func TestDeviceStatus(t *testing.T) {
	h := newHouse(t)
	p := h.newPhone(h.member("髙橋", record.RoleRep))
	want := wire.Status{Outbox: 3, PendingBlobs: 1, Storage: wire.Storage{Usage: 5, Quota: 9, Persisted: true}, Now: noon.UnixMilli()}
	h.must(h.db.PutDeviceStatus(h.ctx, p.kid, want, noon))
	got, at, err := h.db.DeviceStatus(h.ctx, p.kid)
	h.must(err)
	if got != want || !at.Equal(noon) {
		t.Errorf("%+v at %v", got, at)
	}
	if err := h.db.PutDeviceStatus(h.ctx, h.stranger(p.member).kid, want, noon); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("unknown device: %v", err)
	}
}
