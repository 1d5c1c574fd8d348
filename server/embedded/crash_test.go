package embedded_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/embedded"
	"tachiai/server/objects"
	"tachiai/sync/blob"
)

// writers insert rows and put objects until stop is called, and remember what
// was acknowledged.
type writers struct {
	rows, objects atomic.Int64 // acknowledged so far
	stop          func()
	wg            sync.WaitGroup
	mu            sync.Mutex
	acked         map[string][]string // "row", "object" → ids
}

func write(t *testing.T, s *embedded.Services) *writers {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	w := &writers{stop: stop, acked: map[string][]string{}}
	t.Cleanup(stop)
	ack := func(kind, id string, n *atomic.Int64) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.acked[kind] = append(w.acked[kind], id)
		n.Add(1)
	}
	store := bucket(t, s.S3)
	for i := range 4 {
		w.wg.Go(func() {
			for n := 0; ctx.Err() == nil; {
				conn, err := pgx.Connect(ctx, s.DatabaseURL)
				if err != nil {
					continue
				}
				for ; err == nil; n++ {
					id := fmt.Sprint(i, "-", n)
					if _, err = conn.Exec(ctx, "INSERT INTO crash VALUES ($1)", id); err == nil {
						ack("row", id, &w.rows)
					}
				}
				_ = conn.Close(context.Background())
			}
		})
		w.wg.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				id := fmt.Sprint(i, "-", n)
				data := bytes.Repeat([]byte(id), 20_000)
				if store.Put(ctx, "crash/"+id, bytes.NewReader(data), int64(len(data)), blob.Of(data)) == nil {
					ack("object", id, &w.objects)
				}
			}
		})
	}
	return w
}

// reach waits until the writers got n more rows and objects acknowledged.
func (w *writers) reach(n int64) {
	for _, c := range []*atomic.Int64{&w.rows, &w.objects} {
		for goal := c.Load() + n; c.Load() < goal; {
			time.Sleep(time.Millisecond)
		}
	}
}

// verify stops the writers and checks that everything acknowledged is there,
// and that no object is there in part.
func (w *writers) verify(t *testing.T, s *embedded.Services) {
	t.Helper()
	w.stop()
	w.wg.Wait()
	conn := connect(t, s.DatabaseURL)
	for _, id := range w.acked["row"] {
		var there bool
		if err := conn.QueryRow(t.Context(), "SELECT EXISTS (SELECT FROM crash WHERE id = $1)", id).Scan(&there); err != nil || !there {
			t.Fatalf("acknowledged row %s: there %v, %v", id, there, err)
		}
	}
	store := bucket(t, s.S3)
	seen := map[string]bool{}
	for o, err := range store.List(t.Context(), "") {
		if err != nil {
			t.Fatal(err)
		}
		id, ok := strings.CutPrefix(o.Key, "crash/")
		if !ok {
			if o.Key != "c/1/kept" {
				t.Errorf("%q is an object, though nobody put it", o.Key)
			}
			continue
		}
		r, size, err := store.Get(t.Context(), o.Key)
		if err != nil {
			t.Fatal(err)
		}
		got, err := io.ReadAll(r)
		r.Close()
		if want := bytes.Repeat([]byte(id), 20_000); err != nil || size != o.Size || !bytes.Equal(got, want) {
			t.Errorf("object %s: %d of %d bytes, %v", id, len(got), len(want), err)
		}
		seen[id] = true
	}
	for _, id := range w.acked["object"] {
		if !seen[id] {
			t.Fatalf("acknowledged object %s is lost", id)
		}
	}
	t.Logf("%d rows and %d objects acknowledged, all there", len(w.acked["row"]), len(w.acked["object"]))
}

// L31, the halves of Postgres and S3: kill -9 of a child loses nothing that was
// acknowledged, and the same address answers again.
func TestL31KillChildren(t *testing.T) {
	s := start(t, config(t, true))
	fill(t, s)
	exec1(t, s.MigrateURL, "CREATE TABLE crash (id text PRIMARY KEY)")
	exec1(t, s.MigrateURL, "GRANT SELECT, INSERT ON crash TO tachiai_app")
	w := write(t, s)
	for range 3 {
		w.reach(20)
		pg, store := s.Pids()
		for _, pid := range []int{pg, store} {
			if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
				t.Fatal(err)
			}
		}
		gone(t, pg)
		gone(t, store)
	}
	w.reach(20) // both work again
	w.verify(t, s)
	check(t, s)
	select {
	case err := <-s.Failed():
		t.Error(err)
	default:
	}
}

// L31: kill -9 of the supervisor alone, of its children too, and of everything
// at once; the next start, at once, finds all that was acknowledged, and no
// process is left over.
func TestL31KillAll(t *testing.T) {
	for name, dir := range versions(t) {
		for _, open := range []bool{true, false} {
			for _, what := range []string{"supervisor", "children", "everything"} {
				if dir != "" && (open || what != "everything") {
					continue // the other versions differ in their programs only
				}
				t.Run(fmt.Sprintf("%s/open=%v/%s", name, open, what), func(t *testing.T) {
					t.Parallel()
					cfg := config(t, open)
					cfg.PgBinDir = dir
					v := supervised(t, cfg, 0)
					fill(t, &v.s)
					exec1(t, v.s.MigrateURL, "CREATE TABLE crash (id text PRIMARY KEY)")
					exec1(t, v.s.MigrateURL, "GRANT SELECT, INSERT ON crash TO tachiai_app")
					w := write(t, &v.s)
					w.reach(20)
					children := childrenOf(t, v.cmd.Process.Pid)
					if len(children) != 2 {
						t.Fatalf("children %v", children)
					}
					all := append(workersOf(t, cfg), children...)
					v.kill()
					switch what {
					case "children":
						kill(children)
					case "everything":
						kill(all)
					}
					s := start(t, cfg)
					for _, pid := range all {
						gone(t, pid)
					}
					w.verify(t, s)
					check(t, s)
				})
			}
		}
	}
}

// Children die with their parent, without anybody starting again.
func TestChildrenDieWithParent(t *testing.T) {
	for _, open := range []bool{true, false} {
		cfg := config(t, open)
		v := supervised(t, cfg, 0)
		conn := connect(t, v.s.DatabaseURL) // a session must not keep it alive
		all := append(workersOf(t, cfg), childrenOf(t, v.cmd.Process.Pid)...)
		v.kill()
		for _, pid := range all {
			gone(t, pid)
		}
		if conn.Ping(t.Context()) == nil {
			t.Error("the session lives on")
		}
	}
}

func kill(pids []int) {
	for _, pid := range pids {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// workersOf returns every process of the Postgres in a data directory.
func workersOf(t *testing.T, cfg embedded.Config) (pids []int) {
	t.Helper()
	dirs, err := filepath.Glob("/proc/[0-9]*/cwd")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range dirs {
		if cwd, err := os.Readlink(path); err == nil && cwd == filepath.Join(cfg.DataDir, "pg") {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	if len(pids) < 4 {
		t.Fatalf("Postgres has the processes %v only", pids)
	}
	return pids
}

// childrenOf reads the process table: the direct children of a process.
func childrenOf(t *testing.T, parent int) (pids []int) {
	t.Helper()
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range stats {
		b, _ := os.ReadFile(path)
		_, rest, _ := strings.Cut(string(b), ") ")
		if f := strings.Fields(rest); len(f) > 1 && f[1] == strconv.Itoa(parent) {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(path)))
			pids = append(pids, pid)
		}
	}
	return pids
}

// A PUT whose server dies in the middle leaves no object behind.
func TestKillInMidPut(t *testing.T) {
	s := start(t, config(t, true))
	store := bucket(t, s.S3)
	data := bytes.Repeat([]byte("photo"), 1<<20)
	_, pid := s.Pids()
	body := io.MultiReader(bytes.NewReader(data[:3<<20]), readFunc(func([]byte) (int, error) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
		gone(t, pid)
		return 0, io.EOF
	}), bytes.NewReader(data[3<<20:]))
	if err := store.Put(t.Context(), "c/1/photo", body, int64(len(data)), blob.Of(data)); !errors.Is(err, objects.ErrUnavailable) {
		t.Errorf("put while the store was killed: %v", err)
	}
	store = bucket(t, s.S3) // waits for the restart
	if _, err := store.Stat(t.Context(), "c/1/photo"); !errors.Is(err, objects.ErrNotFound) {
		t.Errorf("half a photo: %v", err)
	}
	for o, err := range store.List(t.Context(), "") {
		t.Errorf("%q is visible (%v)", o.Key, err)
	}
	if err := store.Put(t.Context(), "c/1/photo", bytes.NewReader(data), int64(len(data)), blob.Of(data)); err != nil {
		t.Error(err)
	}
}

type readFunc func([]byte) (int, error)

func (f readFunc) Read(p []byte) (int, error) { return f(p) }

// An ordinary user runs everything under its own name.
func TestOrdinaryUser(t *testing.T) {
	uid := 0
	cfg := config(t, true)
	if os.Geteuid() == 0 {
		uid = 65534 // nobody
		if err := os.Mkdir(cfg.DataDir, 0o700); err != nil {
			t.Fatal(err)
		}
		if err := os.Chown(cfg.DataDir, uid, uid); err != nil {
			t.Fatal(err)
		}
		cfg.ObjectsBin = copyFile(t, cfg.ObjectsBin, filepath.Join(cfg.DataDir, "..", "tachiai-objects"))
	}
	v := supervised(t, cfg, uid)
	fill(t, &v.s)
	for _, pid := range childrenOf(t, v.cmd.Process.Pid) {
		info, err := os.Stat(fmt.Sprint("/proc/", pid))
		if err != nil || uid != 0 && int(info.Sys().(*syscall.Stat_t).Uid) != uid {
			t.Errorf("child %d runs under another user (%v)", pid, err)
		}
	}
	v.kill()
	v = supervised(t, cfg, uid)
	check(t, &v.s)
	if err := v.stdin.Close(); err != nil { // a clean stop
		t.Fatal(err)
	}
	if err := v.cmd.Wait(); err != nil {
		t.Error(err)
	}
}
