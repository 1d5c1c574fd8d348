package crash

import (
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"testing"
	"time"

	"tachiai/e2e/house"
)

// publicURL is what proofs name; nobody listens there, as behind a proxy.
const publicURL = "https://tachiai.example"

// home is the house of one test; its program can be made to die.
type home struct {
	*house.House
	t     *testing.T
	filed []string // keys of what the office has stored, by its records
}

// bareHome is an empty data directory, or a copy of one.
func bareHome(t *testing.T, from string) *home {
	t.Helper()
	return &home{t: t, House: house.For(t, house.Config{URL: publicURL, Tags: "failpoints", From: from})}
}

// template is a data directory that was served once: each test works on a copy.
var template = struct {
	once sync.Once
	dir  string
}{}

// newHome is a copy of a house that was started and stopped once.
func newHome(t *testing.T) *home {
	t.Helper()
	template.once.Do(func() {
		h := bareHome(t, "")
		h.start("")
		h.stop()
		kept := filepath.Join(filepath.Dir(filepath.Dir(h.Dir)), "template")
		h.must(os.Rename(h.Dir, kept))
		template.dir = kept
	})
	if template.dir == "" {
		t.Fatal("the first house did not start")
	}
	return bareHome(t, template.dir)
}

func (h *home) must(err error) {
	h.t.Helper()
	if err != nil {
		h.t.Fatal(err)
	}
}

// start starts the server, which dies at the failpoint, and waits until it is ready.
func (h *home) start(failpoint string) {
	h.t.Helper()
	h.must(h.Start("FAILPOINT=" + failpoint))
}

// stop ends the server as Ctrl-C does.
func (h *home) stop() {
	h.t.Helper()
	if err := h.Stop(); err != nil {
		h.t.Error(err)
	}
}

// reopen looks inside again after children of the server have died, and waits until it is at ease.
func (h *home) reopen() {
	h.t.Helper()
	for h.must(h.Open()); !h.Ready(); {
		time.Sleep(10 * time.Millisecond)
	}
}

var client = http.Client{Timeout: 30 * time.Second}

// keys lists the objects below a prefix.
func (h *home) keys(prefix string) (names []string) {
	h.t.Helper()
	for o, err := range h.Objects.List(h.t.Context(), prefix) {
		h.must(err)
		names = append(names, o.Key)
	}
	return names
}

// run runs another command of the program beside the server and returns what it says; it must succeed.
func (h *home) run(args ...string) string {
	h.t.Helper()
	out, err := h.Run(args...)
	if err != nil {
		h.t.Error(err)
	}
	return out
}

// await waits for the end of the server and returns the signal that ended it; -1 when it lives on or ended by itself.
func (h *home) await() syscall.Signal {
	h.t.Helper()
	select {
	case <-h.Ended():
		return h.Killer()
	case <-time.After(10 * time.Second):
		return -1
	}
}
