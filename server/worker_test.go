package server

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/fstest"
	"time"

	"tachiai/pwa"
)

// TestWorker drives the service worker of the built field app in a real browser: it opens with the server dead, sends pass it by untouched (L07),
// an update is offered and never forced (L18), and nothing but the build's own bytes gets into the cache. What the browser does stands in
// pwa/browser/worker.mjs.
func TestWorker(t *testing.T) {
	node, err := exec.LookPath("node")
	if err != nil {
		t.Fatal("node is missing: install Node.js 20 or later")
	}
	chromium := ""
	for _, name := range []string{"chromium", "chromium-browser", "google-chrome"} {
		if found, err := exec.LookPath(name); err == nil {
			chromium = found
			break
		}
	}
	if chromium == "" {
		t.Fatal("no browser: install Debian's chromium")
	}
	s := newSite(t)
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Minute) // against a browser that hangs; what is slow is not wrong
	defer cancel()
	drive := exec.CommandContext(ctx, node, "browser/worker.mjs", "http://"+s.address, s.control.URL, chromium) //nolint:gosec // programs of this machine
	drive.Dir = "../pwa"
	if out, err := drive.CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("%v\n%s", err, out)
	}
}

// site is the screens alone, at one address, in one of several states.
type site struct {
	t       *testing.T
	address string
	control *httptest.Server
	states  map[string]http.Handler

	mu      sync.Mutex
	running *http.Server
}

func newSite(t *testing.T) *site {
	t.Helper()
	s := &site{t: t}
	older, newer, third := serving(t, version(t, "old")), serving(t, version(t, "new")), serving(t, version(t, "3rd"))
	s.states = map[string]http.Handler{"old": echoing(older), "new": echoing(newer), "portal": portal(third), "back": portal(older)}
	listener, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // closed at once: the address is what is wanted
	if err != nil {
		t.Fatal(err)
	}
	s.address = strings.Replace(listener.Addr().String(), "127.0.0.1", "localhost", 1) // a secure context
	listener.Close()
	s.control = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := s.become(strings.TrimPrefix(r.URL.Path, "/")); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
		}
	}))
	t.Cleanup(func() { s.control.Close(); _ = s.become("dead") })
	return s
}

// become ends the server with all its connections, and starts it again unless it is to be dead.
func (s *site) become(state string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.running != nil {
		s.running.Close()
		s.running = nil
	}
	if state == "dead" {
		return nil
	}
	if s.states[state] == nil {
		return fmt.Errorf("no state %q", state)
	}
	listener, err := net.Listen("tcp", strings.Replace(s.address, "localhost", "127.0.0.1", 1)) //nolint:noctx // as long as the state
	if err != nil {
		return err
	}
	s.running = &http.Server{Handler: s.states[state], ReadHeaderTimeout: 5 * time.Second}
	go func(running *http.Server) { _ = running.Serve(listener) }(s.running)
	return nil
}

// versionName finds the twelve digits by which a worker names its cache.
var versionName = regexp.MustCompile(`\b([0-9a-f]{12})\b`)

// version is the build with a mark in its page, as a later build would have it: other bytes, so another digest in the worker's list.
func version(t *testing.T, mark string) fstest.MapFS {
	t.Helper()
	if !pwa.Built() {
		t.Fatal("the screens are not built; run make build")
	}
	files := fstest.MapFS{}
	err := fs.WalkDir(pwa.Files(), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(name, ".gz") || strings.HasSuffix(name, ".br") {
			return err
		}
		data, err := fs.ReadFile(pwa.Files(), name)
		files[name] = &fstest.MapFile{Data: data}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	page, worker := string(files["field.html"].Data), string(files["field/sw.js"].Data)
	marked := strings.Replace(page, "</head>", `<meta name="test-version" content="`+mark+`"></head>`, 1)
	renewed := strings.ReplaceAll(worker, integrity(page), integrity(marked))
	if marked == page || renewed == worker {
		t.Fatal("the worker does not list its page")
	}
	name := versionName.FindStringSubmatch(renewed)
	if name == nil {
		t.Fatal("the worker has no version")
	}
	files["field.html"] = &fstest.MapFile{Data: []byte(marked)}
	files["field/sw.js"] = &fstest.MapFile{Data: []byte(strings.ReplaceAll(renewed, name[1], mark+name[1][len(mark):]))}
	return files
}

func integrity(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// echoing answers a POST with how many bytes came.
func echoing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			n, _ := io.Copy(io.Discard, r.Body)
			fmt.Fprint(w, n)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// portal is a network that lets the page and its worker through and answers everything else with a page of its own.
func portal(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/field/icon-512.png" {
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprint(w, "<!doctype html><title>Wi-Fi</title>")
			return
		}
		next.ServeHTTP(w, r)
	})
}
