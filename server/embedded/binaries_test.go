package embedded

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The npm package holds no links; they are made again, once or twice alike, and
// never outside of it.
func TestCompleteLinks(t *testing.T) {
	native := filepath.Join(t.TempDir(), "native")
	if err := os.MkdirAll(filepath.Join(native, "lib"), 0o755); err != nil {
		t.Fatal(err)
	}
	write := func(name, text string) {
		t.Helper()
		if err := os.WriteFile(filepath.Join(native, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("lib/libpq.so.5.18", "library")
	write("pg-symlinks.json", `[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"}]`)
	for range 2 {
		if err := completeLinks(native); err != nil {
			t.Fatal(err)
		}
		if b, err := os.ReadFile(filepath.Join(native, "lib", "libpq.so.5")); string(b) != "library" {
			t.Errorf("%q, %v", b, err)
		}
	}
	for _, bad := range []string{`[{"source":"native/lib/x","target":"../../x"}]`, `[{"source":"/etc/passwd","target":"native/x"}]`, `{`} {
		write("pg-symlinks.json", bad)
		if err := completeLinks(native); err == nil {
			t.Errorf("%s was taken", bad)
		}
	}
}

// The error of a machine without PostgreSQL names every remedy.
func TestNoProgramsNamesRemedies(t *testing.T) {
	_, err := findPrograms("", 9)
	for _, want := range []string{"PostgreSQL 9", "PG_BIN_DIR"} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v does not name %s", err, want)
		}
	}
}

func TestBlocked(t *testing.T) {
	dir := t.TempDir()
	open := filepath.Join(dir, "open")
	closed := filepath.Join(open, "closed")
	if err := os.MkdirAll(closed, 0o755); err != nil {
		t.Fatal(err)
	}
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if err := os.Chmod(d, 0o711); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chmod(closed, 0o700); err != nil {
		t.Fatal(err)
	}
	stranger := identity{uid: 64123, gid: 64123}
	if wall := stranger.blocked(open); wall != "" {
		t.Errorf("blocked at %s", wall)
	}
	if wall := stranger.blocked(open, closed); wall != closed {
		t.Errorf("blocked at %q, want %s", wall, closed)
	}
}
