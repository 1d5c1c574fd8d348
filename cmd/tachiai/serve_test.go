package main

import (
	"bytes"
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"math/big"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/field/fieldtest"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// screen is what a command prints, readable while it runs.
type screen struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (s *screen) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.Write(p)
}

func (s *screen) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.text.String()
}

// served is a running "tachiai serve".
type served struct {
	t        *testing.T
	url      string
	out, log *screen
	stop     context.CancelFunc
	status   chan int
}

var runningLine = regexp.MustCompile(`running: +(https?://\S+)`)

// settings are the environment of one installation: everything embedded.
func settingsIn(t *testing.T, dir string, more ...string) func(string) string {
	t.Helper()
	objects, err := embeddedtest.ObjectsBin()
	if err != nil {
		t.Fatal(err)
	}
	return environment(append([]string{"DATA_DIR=" + dir, "LISTEN=127.0.0.1:0", "OBJECTS_BIN=" + objects, "PATH=" + os.Getenv("PATH")}, more...)...)
}

// startServe runs "tachiai serve" until the test stops it, and waits until it has said where it listens.
func startServe(t *testing.T, env func(string) string) *served {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	s := &served{t: t, out: &screen{}, log: &screen{}, stop: stop, status: make(chan int, 1)}
	go func() { s.status <- run(ctx, process{env: env, stdout: s.out, stderr: s.log}, []string{"serve"}) }()
	t.Cleanup(func() { stop() })
	deadline := time.After(time.Minute)
	for !strings.Contains(s.out.String(), "Ctrl-C") {
		select {
		case status := <-s.status:
			t.Fatalf("serve ended with %d\n%s", status, s.log)
		case <-deadline:
			t.Fatalf("serve says nothing\n%s\n%s", s.out, s.log)
		case <-time.After(5 * time.Millisecond):
		}
	}
	s.url = runningLine.FindStringSubmatch(s.out.String())[1]
	return s
}

// end stops it as Ctrl-C does and checks that it ends well.
func (s *served) end() {
	s.t.Helper()
	s.stop()
	if status := <-s.status; status != exitOK {
		s.t.Fatalf("serve ended with %d\n%s", status, s.log)
	}
}

// tell runs another command on the same installation.
func tell(t *testing.T, env func(string) string, want int, args ...string) string {
	t.Helper()
	var out, fault bytes.Buffer
	if status := run(t.Context(), process{env: env, stdout: &out, stderr: &fault}, args); status != want {
		t.Fatalf("tachiai %s: status %d, want %d\n%s%s", strings.Join(args, " "), status, want, out.String(), fault.String())
	}
	return out.String() + fault.String()
}

var enrolLink = regexp.MustCompile(`\S+/field/enrol#\S+`)

// TestServe: a fresh machine, nothing configured: serve starts everything, greets with links that work, keeps what a phone sends over a stop and
// a second start, and the commands beside it work while it runs and after.
func TestServe(t *testing.T) {
	dir := t.TempDir()
	env := settingsIn(t, dir)
	first := startServe(t, env)
	for _, role := range record.Roles[:3] {
		if !strings.Contains(first.out.String(), role.Code) {
			t.Errorf("the greeting has no link for a %s:\n%s", role.Code, first.out)
		}
	}
	phone, err := fieldtest.New(fieldtest.Options{Server: first.url})
	if err != nil {
		t.Fatal(err)
	}
	joined, err := phone.Enrol(t.Context(), enrolLink.FindString(first.out.String()))
	if err != nil {
		t.Fatal(err)
	}
	note := fieldtest.Draft{Kind: record.KindNoteWritten, Case: joined.Member, Fields: []seal.Content{{Name: "note", Value: "封筒を投函"}}}
	if _, err := phone.Seal(note); err != nil {
		t.Fatal(err)
	}
	if summary, err := phone.Sync(t.Context()); err != nil || summary.Accepted != 1 {
		t.Fatalf("%+v, %v", summary, err)
	}

	invited := tell(t, env, exitOK, "invite", "--name", "山田太郎", "--role", "rep")
	second, err := fieldtest.New(fieldtest.Options{Server: first.url})
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(enrolLink.FindString(invited), first.url) {
		t.Fatalf("invite does not know where the server is: %s", invited)
	}
	if joined, err := second.Enrol(t.Context(), enrolLink.FindString(invited)); err != nil || joined.Name != "山田太郎" {
		t.Fatalf("%+v, %v", joined, err)
	}
	if members := tell(t, env, exitOK, "invite", "--list"); strings.Count(members, "\n") != 5 || !strings.Contains(members, "山田太郎") {
		t.Fatalf("members:\n%s", members)
	}
	again := tell(t, env, exitOK, "invite", "--member", joined.Member.String())
	if !strings.Contains(again, joined.Member.String()) {
		t.Fatal(again)
	}
	if out := tell(t, env, exitOK, "ledger", "verify"); !strings.Contains(out, "ok ") {
		t.Fatal(out)
	}
	if out := tell(t, env, exitOK, "rebuild", "--check"); out != "nothing differs\n" {
		t.Fatal(out)
	}
	if out := tell(t, env, exitFailed, "restore", "--accept-loss"); !strings.Contains(out, "nothing is lost") {
		t.Fatal(out)
	}
	if out := tell(t, env, exitFailed, "serve"); !strings.Contains(out, "in use") {
		t.Fatalf("a second server on the same data: %s", out)
	}
	first.end()
	if _, err := os.Stat(filepath.Join(dir, servingFile)); err == nil {
		t.Error("the addresses were left behind")
	}
	if log := first.log.String(); strings.Contains(log, "panic") || strings.Contains(log, `"level":"ERROR"`) {
		t.Errorf("the log complains:\n%s", log)
	}

	third := startServe(t, env)
	if strings.Contains(third.out.String(), "/field/enrol#") {
		t.Errorf("a second start makes new members:\n%s", third.out)
	}
	if third.url != first.url { // the port is new, and so is PUBLIC_URL, which proofs name
		phone = moved(t, phone, third.url)
	}
	if answer, err := phone.Push(t.Context()); err != nil || answer.Heads[phone.Kid()].Seq != 1 {
		t.Fatalf("%+v, %v", answer.Heads, err)
	}
	third.end()
	if out := tell(t, env, exitOK, "ledger", "status"); !strings.Contains(out, "published  12 ") {
		t.Fatalf("without a server:\n%s", out)
	}
}

// moved is the same phone on a server with a new address.
func moved(t *testing.T, p *fieldtest.Phone, url string) *fieldtest.Phone {
	t.Helper()
	p, err := fieldtest.New(fieldtest.Options{Server: url, Like: p})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestServeTLS: with a certificate of its own the server speaks HTTPS, HTTP/2 too, and a phone enrols over it.
func TestServeTLS(t *testing.T) {
	dir := t.TempDir()
	cert, key, pool := certificate(t, dir)
	s := startServe(t, settingsIn(t, filepath.Join(dir, "data"), "TLS_CERT="+cert, "TLS_KEY="+key, "PUBLIC_URL=https://tachiai.example", "METRICS_LISTEN=127.0.0.1:0"))
	if strings.Contains(s.out.String(), "HTTPS") {
		t.Errorf("the greeting asks for HTTPS:\n%s", s.out)
	}
	address := listening(t, s)
	transport := &http.Transport{TLSClientConfig: &tls.Config{RootCAs: pool, ServerName: "tachiai.example"}, ForceAttemptHTTP2: true}
	defer transport.CloseIdleConnections()
	phone, err := fieldtest.New(fieldtest.Options{Server: "https://" + address, Public: s.url, HTTP: &http.Client{Transport: transport}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := phone.Enrol(t.Context(), enrolLink.FindString(s.out.String())); err != nil {
		t.Fatal(err)
	}
	if _, err := phone.Feed(t.Context(), wire.Cursor{}, 10); err != nil {
		t.Fatal(err)
	}
	photo := fieldtest.Draft{Kind: record.KindPhotoCaptured, Case: phone.Joined().Member, Fields: []seal.Content{{Name: "source", Value: "camera"}},
		Photos: []fieldtest.Photo{{ID: "p1", Role: "badge_front", Type: "image/jpeg", Bytes: bytes.Repeat([]byte("\xff\xd8\xff"), 300_000)}}}
	if _, err := phone.Seal(photo); err != nil {
		t.Fatal(err)
	}
	if summary, err := phone.Sync(t.Context()); err != nil || summary.Blobs != 1 {
		t.Fatalf("%+v, %v", summary, err)
	}
	answer, err := (&http.Client{Transport: transport}).Get("https://" + address + "/metrics")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.ProtoMajor != 2 || answer.StatusCode != http.StatusNotFound {
		t.Errorf("%s %s, want HTTP/2 and no metrics here", answer.Proto, answer.Status)
	}
	s.end()
}

// listening is the address in the log's first line: PUBLIC_URL is another one.
func listening(t *testing.T, s *served) string {
	t.Helper()
	found := regexp.MustCompile(`"address":"([^"]+)"`).FindStringSubmatch(s.log.String())
	if found == nil {
		t.Fatalf("the log has no address:\n%s", s.log)
	}
	return found[1]
}

// certificate writes a self-signed certificate for tachiai.example.
func certificate(t *testing.T, dir string) (cert, key string, pool *x509.CertPool) {
	t.Helper()
	private, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "tachiai.example"}, DNSNames: []string{"tachiai.example"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), IsCA: true, BasicConstraintsValid: true,
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &private.PublicKey, private)
	if err != nil {
		t.Fatal(err)
	}
	secret, err := x509.MarshalPKCS8PrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	for name, block := range map[string]*pem.Block{cert: {Type: "CERTIFICATE", Bytes: der}, key: {Type: "PRIVATE KEY", Bytes: secret}} {
		if err := os.WriteFile(name, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	parsed, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	pool = x509.NewCertPool()
	pool.AddCert(parsed)
	return cert, key, pool
}

// TestServeInProduction: with a database of its own choosing the server invents no keys, and says what to do; brought the keys, it starts
// nothing embedded, and names in its greeting what should not stay so.
func TestServeInProduction(t *testing.T) {
	services := embeddedtest.Start(t)
	t.Cleanup(embeddedtest.Stop)
	owner, app := embeddedtest.Database(t)
	bucket := embeddedtest.Bucket(t)
	dir := t.TempDir()
	env := func(more ...string) func(string) string {
		return environment(append([]string{
			"DATA_DIR=" + dir, "LISTEN=127.0.0.1:0", "DATABASE_URL=" + app, "MIGRATE_DATABASE_URL=" + owner, "S3_ENDPOINT=" + bucket.Endpoint, "S3_BUCKET=" + bucket.Bucket,
			"S3_ACCESS_KEY=" + bucket.AccessKey, "S3_SECRET_KEY=" + bucket.SecretKey, "S3_REGION=" + services.S3.Region,
		}, more...)...)
	}
	if out := tell(t, env(), exitFailed, "serve"); !strings.Contains(out, "tachiai keys init") {
		t.Fatal(out)
	}
	tell(t, env(), exitOK, "keys", "init")
	s := startServe(t, env())
	for _, name := range []string{"pg", "s3", servingFile} {
		if _, err := os.Stat(filepath.Join(dir, name)); err == nil {
			t.Errorf("%s was started or left", name)
		}
	}
	answer, err := http.Get(s.url + "/readyz")
	if err != nil {
		t.Fatal(err)
	}
	answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		t.Errorf("readyz: %s", answer.Status)
	}
	s.end()
}
