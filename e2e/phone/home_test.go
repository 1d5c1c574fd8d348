package phone

import (
	"crypto/rand"
	"crypto/x509"
	"net"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"tachiai/e2e/house"
	"tachiai/e2e/line"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// speed is how many times as fast the world of these tests runs: the page's clock (real.ts) and the line agree in it.
const speed = 8

// home is a house and the line between it and the phones. All tests of this process live in it, one after the other.
type home struct {
	*house.House
	dir         string // what these tests make beside
	certificate string // PEM file, for phones to believe
	roots       *x509.CertPool
	line        *line.Line
}

var (
	built     *home
	buildOnce sync.Once
)

// theHome is running and its line is good.
func theHome(t *testing.T) *home {
	t.Helper()
	buildOnce.Do(func() {
		h, err := newHome()
		if err == nil {
			built = h
			err = h.Start()
		}
		if err != nil {
			t.Fatal(err)
		}
	})
	if built == nil || built.DB == nil {
		t.Fatal("the house does not run")
	}
	built.line.Become(line.Weather{})
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the program said:\n%s", built.Log())
		}
	})
	return built
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built != nil {
		built.Remove()
		os.RemoveAll(built.dir)
	}
	house.Sweep()
	os.Exit(code)
}

func newHome() (*home, error) {
	dir, err := os.MkdirTemp("", "phone-")
	if err != nil {
		return nil, err
	}
	identity, roots, err := newIdentity(dir)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	h := &home{dir: dir, certificate: filepath.Join(dir, certificateFile), roots: roots}
	h.House, err = house.New(house.Config{
		URL: "https://localhost:" + port, Roots: roots,
		Settings: []string{"TLS_CERT=" + h.certificate, "TLS_KEY=" + filepath.Join(dir, keyFile)},
	})
	if err != nil {
		return nil, err
	}
	h.line = line.New(listener, line.Config{Server: h.Address, Identity: &identity, Speed: speed})
	return h, nil
}

// run runs another command of the program beside the server and returns what it says; it must succeed.
func (h *home) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.Run(args...)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// start starts the server again.
func (h *home) start(t *testing.T) {
	t.Helper()
	if err := h.Start(); err != nil {
		t.Fatal(err)
	}
}

// newRep makes a rep with a case, and the link for his phone.
func (h *home) newRep(t *testing.T) (rep, caseID record.ID, link string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	members, err := h.DB.Members(ctx)
	if err != nil {
		t.Fatal(err)
	}
	var admin record.ID
	for _, m := range members {
		if m.Roles[0] == record.RoleAdmin {
			admin = m.ID
		}
	}
	rep = record.NewID(now, rand.Reader)
	if _, err := h.DB.ChangeMember(ctx, postgres.Member{ID: rep, Name: "佐藤 花子", Roles: []record.Role{record.RoleRep}, Active: true}, admin, now); err != nil {
		t.Fatal(err)
	}
	caseID, err = h.DB.OpenCase(ctx, postgres.NewCase{Members: []record.ID{rep}, Facts: []seal.Content{
		{Name: "number", Value: "2026-0031"}, {Name: "worker_name", Value: "𠮷田 辻󠄀子"}, {Name: "client", Value: "株式会社T社"}, {Name: "item", Value: "entry_badge"},
	}}, admin, now)
	if err != nil {
		t.Fatal(err)
	}
	return rep, caseID, h.link(t, rep)
}

// link is a fresh enrolment link.
func (h *home) link(t *testing.T, rep record.ID) string {
	t.Helper()
	code, err := h.DB.NewEnrolmentCode(t.Context(), rep, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return wire.EnrolLink(h.URL, wire.Code(code), h.Keys.RootID())
}
