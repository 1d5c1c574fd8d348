// Package embeddedtest gives tests a real Postgres and a real S3: one of each
// for a test process, in a temporary directory, without fsync in Postgres. Each
// test asks for a database and a bucket of its own.
//
// A package whose tests use it should end the children with
//
//	func TestMain(m *testing.M) { embeddedtest.Main(m) }
//
// Without it they end when the test process does, and the next run removes the
// directory. What cannot be started fails the test; nothing is skipped.
package embeddedtest

import (
	"context"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"tachiai/server/embedded"
)

var shared struct {
	sync.Mutex
	services *embedded.Services
	dir      string
	err      error
}

// Start returns the services that all tests of this process share.
func Start(tb testing.TB) *embedded.Services {
	tb.Helper()
	shared.Lock()
	defer shared.Unlock()
	if shared.services == nil && shared.err == nil {
		shared.services, shared.err = start()
	}
	if shared.err != nil {
		tb.Fatalf("the tests need a real Postgres and a real S3: %v", shared.err)
	}
	return shared.services
}

func start() (*embedded.Services, error) {
	bin, err := ObjectsBin()
	if err != nil {
		return nil, err
	}
	sweep()
	if shared.dir, err = os.MkdirTemp("", prefix+strconv.Itoa(os.Getpid())+"-"); err != nil {
		return nil, err
	}
	if err := os.Chmod(shared.dir, 0o711); err != nil {
		return nil, err
	}
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	cfg := embedded.Config{DataDir: shared.dir, ObjectsBin: bin, PgBinDir: os.Getenv("PG_BIN_DIR"), UnsafeNoSync: true}
	if os.Getenv("EMBEDDED_LOG") != "" {
		cfg.Log = slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	return embedded.Start(ctx, cfg)
}

// Main runs the tests, stops the children and exits.
func Main(m *testing.M) {
	code := m.Run()
	Stop()
	os.Exit(code)
}

// Stop ends the shared children and removes their directory. A later Start
// starts new ones.
func Stop() {
	shared.Lock()
	defer shared.Unlock()
	if shared.services != nil {
		if err := shared.services.Close(); err != nil {
			fmt.Fprintln(os.Stderr, "embeddedtest:", err)
		}
		_ = os.RemoveAll(shared.dir)
	}
	shared.services, shared.err = nil, nil
}

const prefix = "tachiai-test-"

// sweep removes the directories of test processes that were killed. Their
// children died with them.
func sweep() {
	old, _ := filepath.Glob(filepath.Join(os.TempDir(), prefix+"*"))
	for _, dir := range old {
		pid, _, _ := strings.Cut(strings.TrimPrefix(filepath.Base(dir), prefix), "-")
		n, err := strconv.Atoi(pid)
		if err == nil && syscall.Kill(n, 0) == syscall.ESRCH {
			_ = os.RemoveAll(dir)
		}
	}
}
