package story

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tachiai/pwa"
	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/objects"
)

// base holds everything that the tests of this process make; its name is short, for sockets have a limit, and Postgres can pass through it. What
// aborted runs have left is removed.
var base = sync.OnceValues(func() (string, error) {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), "story-*-*"))
	for _, dir := range old {
		pid, _ := strconv.Atoi(strings.Split(filepath.Base(dir), "-")[1])
		if pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("story-%d-", os.Getpid()))
	if err == nil {
		err = os.Chmod(dir, 0o711) //nolint:gosec // Postgres runs under another user when we are root
	}
	return dir, err
})

func sweep() {
	if dir, err := base(); err == nil {
		os.RemoveAll(dir)
	}
}

// program builds the product.
var program = sync.OnceValues(func() (string, error) {
	dir, err := base()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "tachiai")
	if out, err := exec.Command("go", "build", "-o", path, "tachiai/cmd/tachiai").CombinedOutput(); err != nil { //nolint:gosec,noctx // a path of our own
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// house is one data directory and the program that serves it.
type house struct {
	t       *testing.T
	dir     string // DATA_DIR
	address string // the same after each start
	url     string

	mu     sync.Mutex // what is posted to the control happens one after the other
	said   *bytes.Buffer
	cmd    *exec.Cmd
	exited chan struct{}
}

func newHouse(t *testing.T) *house {
	t.Helper()
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	root, err := base()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(root, "")
	if err != nil {
		t.Fatal(err)
	}
	h := &house{t: t, dir: filepath.Join(dir, "var"), address: newAddress()}
	h.url = "http://" + h.address // a browser takes all of 127.0.0.0/8 for a secure context
	h.must(os.Chmod(dir, 0o711))  //nolint:gosec // see base
	t.Cleanup(func() {
		h.kill()
		if t.Failed() {
			log, _ := os.ReadFile(h.dir + ".log")
			t.Logf("the program said:\n%s", log)
		}
		os.RemoveAll(dir)
	})
	return h
}

func (h *house) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// addresses gives each house an address of its own in 127.0.0.0/8, so that nobody takes it while its server is dead.
var addresses int

func newAddress() string {
	for {
		addresses++
		address := fmt.Sprintf("127.%d.%d.%d:8733", 32+os.Getpid()/250%32, os.Getpid()%250, addresses)
		if l, err := net.Listen("tcp", address); err == nil { //nolint:noctx // closed at once
			l.Close()
			return address
		}
	}
}

// greeted finds the one-time links in what the first start prints.
var greeted = regexp.MustCompile(`(?m)^ +(\w+) +\S+\n +(http\S+/enrol#\S+)$`)

// start starts the server, waits until it answers, and returns the one-time links that it prints, by role.
func (h *house) start() map[string]string {
	h.t.Helper()
	bin, err := program()
	h.must(err)
	store, err := embeddedtest.ObjectsBin()
	h.must(err)
	log, err := os.OpenFile(h.dir+".log", os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	h.must(err)
	defer log.Close()
	h.cmd = exec.Command(bin, "serve") //nolint:gosec,noctx // built above; it lives until it is killed
	h.cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN_DIR=" + os.Getenv("PG_BIN_DIR"), "OBJECTS_BIN=" + store,
		"DATA_DIR=" + h.dir, "LISTEN=" + h.address, "PUBLIC_URL=" + h.url, "CHECKPOINT_INTERVAL=500ms", "LOG_LEVEL=warn",
		"AGENCY_NAME=株式会社みなと人材", "AGENCY_CONTACT=個人情報相談窓口 03-0000-0147",
	}
	h.said, h.exited = new(bytes.Buffer), make(chan struct{})
	h.cmd.Stdout, h.cmd.Stderr, h.cmd.SysProcAttr = h.said, log, withUs()
	started := make(chan error)
	go func() {
		runtime.LockOSThread() // the child dies with this thread, so it lives as long as the child
		defer runtime.UnlockOSThread()
		defer close(h.exited)
		err := h.cmd.Start()
		started <- err
		if err == nil {
			_ = h.cmd.Wait()
		}
	}()
	h.must(<-started)
	for !h.ready() {
		select {
		case <-h.exited:
			h.t.Fatalf("the program did not start: %v", h.cmd.ProcessState)
		case <-h.t.Context().Done():
			h.t.Fatal("the program does not become ready")
		case <-time.After(10 * time.Millisecond):
		}
	}
	links := map[string]string{}
	for _, found := range greeted.FindAllStringSubmatch(h.said.String(), -1) {
		links[found[1]] = found[2]
	}
	return links
}

func (h *house) ready() bool {
	client := http.Client{Timeout: 10 * time.Second}
	answer, err := client.Get(h.url + "/readyz") //nolint:noctx // the client has a limit
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// kill ends the server by SIGKILL, if it runs.
func (h *house) kill() {
	if h.cmd == nil {
		return
	}
	if err := h.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		h.t.Error(err)
	}
	<-h.exited
}

// control is an address at which the browsers ask for what happens to the server: POST /kill, /start, and what damage does.
func (h *house) control() string {
	deeds := map[string]func() error{
		"/kill":  func() error { h.kill(); return nil },
		"/start": func() error { h.start(); return nil },
	}
	for name, deed := range damages {
		deeds["/"+name] = func() error { return deed(h) }
	}
	control := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h.mu.Lock()
		defer h.mu.Unlock()
		deed := deeds[r.URL.Path]
		if deed == nil {
			http.NotFound(w, r)
			return
		}
		if err := deed(); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	h.t.Cleanup(control.Close)
	return control.URL
}

// within is how to reach what the running server has embedded.
type within struct {
	MigrateURL string
	Store      objects.Config
}

func (h *house) within() (there within, err error) {
	text, err := os.ReadFile(filepath.Join(h.dir, "serving.json"))
	if err == nil {
		err = json.Unmarshal(text, &there)
	}
	return there, err
}
