package phone

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/json"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// house is one data directory, the program that serves it, and the line between it and the phones. All tests of this process live in it, one after
// the other.
type house struct {
	dir         string // everything that these tests make
	url         string // PUBLIC_URL: where the line listens
	certificate string // PEM file, for phones to believe
	roots       *x509.CertPool
	line        *line
	set         *keys.Set

	mu      sync.Mutex
	address string // of the program; another one after each start
	cmd     *exec.Cmd
	exited  chan struct{}

	db      *postgres.DB // as another program of the house sees it; new after each start
	objects *objects.Store
	owner   string // URL of the schema's owner, for looking into tables
}

var (
	built     *house
	buildOnce sync.Once
)

// theHouse is running and its line is good.
func theHouse(t *testing.T) *house {
	t.Helper()
	buildOnce.Do(func() {
		h, err := newHouse()
		if err != nil {
			t.Fatal(err)
		}
		built = h
		h.start(t)
	})
	if built == nil {
		t.Fatal("the house did not start")
	}
	built.line.become(weather{})
	t.Cleanup(func() {
		if t.Failed() {
			log, _ := os.ReadFile(built.path("log"))
			t.Logf("the program said:\n%s", log)
		}
	})
	return built
}

func TestMain(m *testing.M) {
	code := m.Run()
	if built != nil {
		built.kill()
		os.RemoveAll(built.dir)
	}
	os.Exit(code)
}

func (h *house) path(name string) string { return filepath.Join(h.dir, name) }

func newHouse() (*house, error) {
	dir, err := os.MkdirTemp("", "phone-")
	if err != nil {
		return nil, err
	}
	h := &house{dir: dir, certificate: filepath.Join(dir, "certificate.pem")}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // Postgres runs under another user when we are root
		return nil, err
	}
	identity, err := h.newIdentity()
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // as long as the process
	if err != nil {
		return nil, err
	}
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		return nil, err
	}
	h.url = "https://localhost:" + port
	h.line = newLine(listener, identity, func() string { h.mu.Lock(); defer h.mu.Unlock(); return h.address })
	build := exec.Command("go", "build", "-o", h.path("tachiai"), "tachiai/cmd/tachiai") //nolint:gosec,noctx // a path of our own
	if out, err := build.CombinedOutput(); err != nil {
		return nil, fmt.Errorf("build: %w\n%s", err, out)
	}
	return h, nil
}

// newIdentity makes the certificate of localhost that server and portal show.
func (h *house) newIdentity() (tls.Certificate, error) {
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		return tls.Certificate{}, err
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "localhost"}, DNSNames: []string{"localhost"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(24 * time.Hour),
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		return tls.Certificate{}, err
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		return tls.Certificate{}, err
	}
	public := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der})
	secret := pem.EncodeToMemory(&pem.Block{Type: "PRIVATE KEY", Bytes: private})
	if err := errors.Join(os.WriteFile(h.certificate, public, 0o600), os.WriteFile(h.path("key.pem"), secret, 0o600)); err != nil {
		return tls.Certificate{}, err
	}
	h.roots = x509.NewCertPool()
	h.roots.AppendCertsFromPEM(public)
	return tls.X509KeyPair(public, secret)
}

// command is the program with the settings of this house.
func (h *house) command(t *testing.T, args ...string) *exec.Cmd {
	t.Helper()
	store, err := embeddedtest.ObjectsBin()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(h.path("tachiai"), args...) //nolint:gosec,noctx // built above; it lives until it is killed
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN_DIR=" + os.Getenv("PG_BIN_DIR"), "OBJECTS_BIN=" + store,
		"DATA_DIR=" + h.path("var"), "LISTEN=" + h.address, "PUBLIC_URL=" + h.url, "TLS_CERT=" + h.certificate, "TLS_KEY=" + h.path("key.pem"),
		"CHECKPOINT_INTERVAL=100ms", "LOG_LEVEL=warn",
	}
	return cmd
}

// run runs another command of the program beside the server and returns what it says; it must succeed.
func (h *house) run(t *testing.T, args ...string) string {
	t.Helper()
	out, err := h.command(t, args...).CombinedOutput()
	if err != nil {
		t.Fatalf("tachiai %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// start starts the server at a new address and waits until it is ready.
func (h *house) start(t *testing.T) {
	t.Helper()
	free, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once
	if err != nil {
		t.Fatal(err)
	}
	h.mu.Lock()
	h.address = free.Addr().String()
	h.mu.Unlock()
	free.Close()
	cmd := h.command(t, "serve")
	log, err := os.OpenFile(h.path("log"), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr, cmd.SysProcAttr = log, withUs()
	h.cmd, h.exited = cmd, begin(t, cmd)
	client := &http.Client{Timeout: 5 * time.Second, Transport: &http.Transport{
		DisableKeepAlives: true, TLSClientConfig: &tls.Config{RootCAs: h.roots, ServerName: "localhost", MinVersion: tls.VersionTLS13},
	}}
	for ready := false; !ready; {
		select {
		case <-h.exited:
			t.Fatalf("the program did not start: %v", cmd.ProcessState)
		case <-t.Context().Done():
			t.Fatal("the program does not become ready")
		case <-time.After(10 * time.Millisecond):
		}
		if answer, err := client.Get("https://" + h.address + "/readyz"); err == nil { //nolint:noctx // the client has a limit
			ready = answer.StatusCode == http.StatusOK
			answer.Body.Close()
		}
	}
	h.open(t)
}

// begin starts a program that dies with this process.
func begin(t *testing.T, cmd *exec.Cmd) chan struct{} {
	t.Helper()
	started, exited := make(chan error), make(chan struct{})
	go func() {
		runtime.LockOSThread() // the child dies with this thread, so it lives as long as the child
		defer runtime.UnlockOSThread()
		defer close(exited)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait()
		}
	}()
	if err := <-started; err != nil {
		t.Fatal(err)
	}
	return exited
}

// open looks into the running house beside its server.
func (h *house) open(t *testing.T) {
	t.Helper()
	var there struct {
		DatabaseURL, MigrateURL string
		Store                   objects.Config
	}
	text, err := os.ReadFile(h.path("var/serving.json"))
	if err == nil {
		err = json.Unmarshal(text, &there)
	}
	if err != nil {
		t.Fatal(err)
	}
	if h.set, err = keys.Load(h.path("var/keys")); err != nil {
		t.Fatal(err)
	}
	receipt, err := seal.Thumbprint(h.set.Receipt.Public())
	if err != nil {
		t.Fatal(err)
	}
	h.db, err = postgres.Open(context.Background(), postgres.Config{
		URL: there.DatabaseURL, Origin: "never/used", ReceiptKeyID: receipt, Office: h.set.Office, MaxConns: 2,
	})
	if err != nil {
		t.Fatal(err)
	}
	if h.objects, err = objects.Open(context.Background(), there.Store); err != nil {
		t.Fatal(err)
	}
	h.owner = there.MigrateURL
}

// kill ends the server by SIGKILL; its children die with it.
func (h *house) kill() {
	if h.db != nil {
		h.db.Close()
		h.db = nil
	}
	if h.cmd != nil {
		_ = h.cmd.Process.Kill() // one that is dead is dead
		<-h.exited
	}
}

// newRep makes a rep with a case, and the link for his phone.
func (h *house) newRep(t *testing.T) (rep, caseID record.ID, link string) {
	t.Helper()
	ctx, now := t.Context(), time.Now()
	members, err := h.db.Members(ctx)
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
	if _, err := h.db.ChangeMember(ctx, postgres.Member{ID: rep, Name: "佐藤 花子", Roles: []record.Role{record.RoleRep}, Active: true}, admin, now); err != nil {
		t.Fatal(err)
	}
	caseID, err = h.db.OpenCase(ctx, postgres.NewCase{Members: []record.ID{rep}, Facts: []seal.Content{
		{Name: "number", Value: "2026-0031"}, {Name: "worker_name", Value: "𠮷田 辻󠄀子"}, {Name: "client", Value: "株式会社T社"}, {Name: "item", Value: "entry_badge"},
	}}, admin, now)
	if err != nil {
		t.Fatal(err)
	}
	return rep, caseID, h.link(t, rep)
}

// link is a fresh enrolment link.
func (h *house) link(t *testing.T, rep record.ID) string {
	t.Helper()
	code, err := h.db.NewEnrolmentCode(t.Context(), rep, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return wire.EnrolLink(h.url, wire.Code(code), h.set.RootID())
}
