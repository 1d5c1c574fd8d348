package crash

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/seal"
)

// publicURL is what proofs name; nobody listens there, as behind a proxy.
const publicURL = "https://tachiai.example"

// base holds everything that the tests of this process make. Its name is short, for sockets have a limit, and Postgres can pass through it. What
// aborted runs have left is removed.
var base = sync.OnceValues(func() (string, error) {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), "l31-*-*"))
	for _, dir := range old {
		pid, _ := strconv.Atoi(strings.Split(filepath.Base(dir), "-")[1])
		if pid > 0 && errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
			os.RemoveAll(dir)
		}
	}
	dir, err := os.MkdirTemp("", fmt.Sprintf("l31-%d-", os.Getpid()))
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

// program builds the binary that can be made to die.
var program = sync.OnceValues(func() (string, error) {
	dir, err := base()
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "tachiai")
	out, err := exec.Command("go", "build", "-tags", "failpoints", "-o", path, "tachiai/cmd/tachiai").CombinedOutput() //nolint:gosec,noctx // a path of our own
	if err != nil {
		return "", fmt.Errorf("build: %w\n%s", err, out)
	}
	return path, nil
})

// template is a data directory that was served once: each test works on a copy.
var template sync.Map // "dir" → string; made under templateOnce

var templateOnce sync.Once

// house is one data directory and the program that serves it.
type house struct {
	t       *testing.T
	dir     string // DATA_DIR
	address string // the same after each start
	set     *keys.Set

	cmd    *exec.Cmd
	exited chan struct{}

	db      *postgres.DB // as another program of the house sees it; new after each start
	objects *objects.Store
	owner   string // URL of the schema's owner, for looking into tables

	filed []string // keys of what the office has stored, by its records
}

// addresses gives each house an address of its own in 127.0.0.0/8, so that nobody takes it while its server is dead.
var addresses struct {
	sync.Mutex
	last int
}

func newAddress() string {
	addresses.Lock()
	defer addresses.Unlock()
	for {
		addresses.last++
		address := fmt.Sprintf("127.%d.%d.%d:8733", 64+os.Getpid()/250%128, os.Getpid()%250, addresses.last)
		if l, err := net.Listen("tcp", address); err == nil { //nolint:noctx // closed at once
			l.Close()
			return address
		}
	}
}

// bareHouse is an empty data directory.
func bareHouse(t *testing.T) *house {
	t.Helper()
	root, err := base()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp(root, "")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // see base
		t.Fatal(err)
	}
	h := &house{t: t, dir: filepath.Join(dir, "var"), address: newAddress()}
	t.Cleanup(func() {
		h.kill()
		if t.Failed() {
			log, _ := os.ReadFile(h.logFile())
			t.Logf("the program said:\n%s", log)
		}
		os.RemoveAll(dir)
	})
	return h
}

// newHouse is a copy of a house that was started and stopped once.
func newHouse(t *testing.T) *house {
	t.Helper()
	templateOnce.Do(func() {
		h := bareHouse(t)
		h.start("")
		h.stop()
		kept := filepath.Join(filepath.Dir(filepath.Dir(h.dir)), "template")
		if err := os.Rename(h.dir, kept); err != nil {
			t.Fatal(err)
		}
		template.Store("dir", kept)
	})
	from, ok := template.Load("dir")
	if !ok {
		t.Fatal("the first house did not start")
	}
	h := bareHouse(t)
	// Owners and extended attributes are part of the data.
	if out, err := exec.Command("cp", "-a", from.(string), h.dir).CombinedOutput(); err != nil { //nolint:gosec,noctx // paths of our own
		t.Fatalf("copy: %v\n%s", err, out)
	}
	return h
}

func (h *house) logFile() string { return h.dir + ".log" }

// command is the program with the settings of this house.
func (h *house) command(failpoint string, args ...string) *exec.Cmd {
	h.t.Helper()
	bin, err := program()
	if err != nil {
		h.t.Fatal(err)
	}
	store, err := embeddedtest.ObjectsBin()
	if err != nil {
		h.t.Fatal(err)
	}
	cmd := exec.Command(bin, args...) //nolint:gosec,noctx // built above; it lives until it is killed
	cmd.Env = []string{
		"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN_DIR=" + os.Getenv("PG_BIN_DIR"), "OBJECTS_BIN=" + store,
		"DATA_DIR=" + h.dir, "LISTEN=" + h.address, "PUBLIC_URL=" + publicURL, "CHECKPOINT_INTERVAL=100ms", "LOG_LEVEL=warn",
		"FAILPOINT=" + failpoint,
	}
	return cmd
}

// launch starts the server and does not wait for it.
func (h *house) launch(failpoint string) {
	h.t.Helper()
	cmd := h.command(failpoint, "serve")
	log, err := os.OpenFile(h.logFile(), os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
	if err != nil {
		h.t.Fatal(err)
	}
	defer log.Close()
	cmd.Stderr, cmd.SysProcAttr = log, withUs()
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
		h.t.Fatal(err)
	}
	h.cmd, h.exited = cmd, exited
}

// start starts the server and waits until it is ready.
func (h *house) start(failpoint string) {
	h.t.Helper()
	h.launch(failpoint)
	for !h.ready() {
		select {
		case <-h.exited:
			h.t.Fatalf("the program did not start: %v", h.cmd.ProcessState)
		case <-h.t.Context().Done():
			h.t.Fatal("the program does not become ready")
		case <-time.After(10 * time.Millisecond):
		}
	}
	h.open()
}

var client = http.Client{Timeout: 30 * time.Second}

func (h *house) ready() bool {
	answer, err := client.Get("http://" + h.address + "/readyz") //nolint:noctx // the client has a limit
	if err != nil {
		return false
	}
	answer.Body.Close()
	return answer.StatusCode == http.StatusOK
}

// open looks into the running house beside its server.
func (h *house) open() {
	h.t.Helper()
	var there struct {
		DatabaseURL, MigrateURL string
		Store                   objects.Config
	}
	text, err := os.ReadFile(filepath.Join(h.dir, "serving.json"))
	if err == nil {
		err = json.Unmarshal(text, &there)
	}
	if err != nil {
		h.t.Fatal(err)
	}
	if h.set, err = keys.Load(filepath.Join(h.dir, "keys")); err != nil {
		h.t.Fatal(err)
	}
	receipt, err := seal.Thumbprint(h.set.Receipt.Public())
	if err != nil {
		h.t.Fatal(err)
	}
	h.close()
	h.db, err = postgres.Open(h.t.Context(), postgres.Config{
		URL: there.DatabaseURL, Origin: "never/used", ReceiptKeyID: receipt, Office: h.set.Office, MaxConns: 2,
	})
	if err != nil {
		h.t.Fatal(err)
	}
	if h.objects, err = objects.Open(h.t.Context(), there.Store); err != nil {
		h.t.Fatal(err)
	}
	h.owner = there.MigrateURL
}

func (h *house) close() {
	if h.db != nil {
		h.db.Close()
		h.db = nil
	}
}

// keys lists the objects below a prefix.
func (h *house) keys(prefix string) (names []string) {
	h.t.Helper()
	for o, err := range h.objects.List(h.t.Context(), prefix) {
		if err != nil {
			h.t.Fatal(err)
		}
		names = append(names, o.Key)
	}
	return names
}

// run runs another command of the program beside the server and returns what it says; it must succeed.
func (h *house) run(args ...string) string {
	h.t.Helper()
	out, err := h.command("", args...).CombinedOutput()
	if err != nil {
		h.t.Errorf("tachiai %s: %v\n%s", strings.Join(args, " "), err, out)
	}
	return string(out)
}

// await waits for the end of the server and returns the signal that ended it; -1 when it lives on or ended by itself.
func (h *house) await() syscall.Signal {
	h.t.Helper()
	select {
	case <-h.exited:
	case <-time.After(10 * time.Second):
		return -1
	}
	if status, ok := h.cmd.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		return status.Signal()
	}
	return -1
}

// kill ends the server by SIGKILL, if it runs.
func (h *house) kill() {
	h.close()
	if h.cmd == nil {
		return
	}
	if err := h.cmd.Process.Kill(); err != nil && !errors.Is(err, os.ErrProcessDone) {
		h.t.Error(err)
	}
	<-h.exited
}

// stop ends the server as Ctrl-C does.
func (h *house) stop() {
	h.t.Helper()
	h.close()
	if err := h.cmd.Process.Signal(os.Interrupt); err != nil {
		h.t.Fatal(err)
	}
	<-h.exited
	if code := h.cmd.ProcessState.ExitCode(); code != 0 {
		h.t.Errorf("the program stopped with status %d", code)
	}
}
