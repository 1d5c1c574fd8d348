package embedded_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"tachiai/server/embedded"
	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/objects"
)

// supervise names the environment variable that makes this test program a
// supervisor: it starts the services of a configuration, prints how to reach
// them, and waits to be killed.
const supervise = "TACHIAI_TEST_SUPERVISE"

func TestMain(m *testing.M) {
	text := os.Getenv(supervise)
	if text == "" {
		os.Exit(m.Run())
	}
	var cfg embedded.Config
	if err := json.Unmarshal([]byte(text), &cfg); err != nil {
		panic(err)
	}
	s, err := embedded.Start(context.Background(), cfg)
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	_ = json.NewEncoder(os.Stdout).Encode(s)
	_, _ = io.Copy(io.Discard, os.Stdin)
	if err := s.Close(); err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
	os.Exit(0)
}

// supervisor is a second process that runs the services.
type supervisor struct {
	cmd   *exec.Cmd
	stdin io.Closer
	s     embedded.Services
}

// supervised starts a supervisor, under another user when uid is not 0.
func supervised(t *testing.T, cfg embedded.Config, uid int) *supervisor {
	t.Helper()
	text, err := json.Marshal(cfg)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), supervise+"="+string(text))
	if uid != 0 {
		// The test program lies in a directory of root's: give a copy away.
		cmd.Path = copyFile(t, os.Args[0], filepath.Join(cfg.DataDir, "..", "embedded.test"))
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uint32(uid), Gid: uint32(uid)}}
	}
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	v := &supervisor{cmd: cmd, stdin: in}
	t.Cleanup(v.kill)
	line := make([]byte, 4096)
	n, _ := out.Read(line)
	if err := json.Unmarshal(line[:n], &v.s); err != nil {
		t.Fatalf("supervisor: %s", line[:n])
	}
	return v
}

// kill is kill -9, and nothing else.
func (v *supervisor) kill() {
	_ = v.cmd.Process.Kill()
	_ = v.cmd.Wait()
}

func copyFile(t *testing.T, from, to string) string {
	t.Helper()
	b, err := os.ReadFile(from)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(to, b, 0o755); err != nil {
		t.Fatal(err)
	}
	return to
}

// config is a fresh data directory, with fsync on. open says whether other
// users can enter it: under root that decides how Postgres runs.
func config(t *testing.T, open bool) embedded.Config {
	t.Helper()
	bin, err := embeddedtest.ObjectsBin()
	if err != nil {
		t.Fatal(err)
	}
	dir, err := os.MkdirTemp("", "tachiai-embedded-") //nolint:usetesting // t.TempDir is too long for a socket, and closed to other users
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := os.RemoveAll(dir); err != nil {
			t.Error(err)
		}
	})
	if open {
		if err := os.Chmod(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	return embedded.Config{DataDir: filepath.Join(dir, "var"), ObjectsBin: bin}
}

func start(t *testing.T, cfg embedded.Config) *embedded.Services {
	t.Helper()
	s, err := embedded.Start(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

// connect waits until Postgres answers: it may be starting again.
func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		conn, err := pgx.Connect(t.Context(), url)
		if err == nil {
			t.Cleanup(func() { conn.Close(context.Background()) })
			return conn
		}
		if time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func exec1(t *testing.T, url, sql string, args ...any) {
	t.Helper()
	if _, err := connect(t, url).Exec(t.Context(), sql, args...); err != nil {
		t.Fatal(err)
	}
}

func bucket(t *testing.T, s3 embedded.S3) *objects.Store {
	t.Helper()
	cfg := objects.Config{Endpoint: s3.Endpoint, Bucket: s3.Bucket, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region}
	for end := time.Now().Add(time.Minute); ; time.Sleep(10 * time.Millisecond) {
		s, err := objects.Open(t.Context(), cfg)
		if err == nil {
			return s
		}
		if !errors.Is(err, objects.ErrUnavailable) || time.Now().After(end) {
			t.Fatal(err)
		}
	}
}

func alive(pid int) bool { return syscall.Kill(pid, 0) == nil }

// gone waits until a process has ended.
func gone(t *testing.T, pid int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); alive(pid); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("process %d lives on", pid)
		}
	}
}
