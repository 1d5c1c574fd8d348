package embedded_test

import (
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"tachiai/server/embedded"
)

// fill writes with the roles as they are meant; check finds it again.
func fill(t *testing.T, s *embedded.Services) {
	t.Helper()
	exec1(t, s.MigrateURL, "CREATE TABLE kept (id int PRIMARY KEY)")
	exec1(t, s.MigrateURL, "GRANT SELECT, INSERT ON kept TO tachiai_app")
	exec1(t, s.DatabaseURL, "INSERT INTO kept VALUES (1)")
	if err := bucket(t, s.S3).Create(t.Context(), "c/1/kept", []byte("1")); err != nil {
		t.Fatal(err)
	}
}

func check(t *testing.T, s *embedded.Services) {
	t.Helper()
	var n int
	if err := connect(t, s.DatabaseURL).QueryRow(t.Context(), "SELECT count(*) FROM kept").Scan(&n); err != nil || n != 1 {
		t.Errorf("%d rows, %v", n, err)
	}
	r, _, err := bucket(t, s.S3).Get(t.Context(), "c/1/kept")
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	if b, err := io.ReadAll(r); string(b) != "1" || err != nil {
		t.Errorf("%q, %v", b, err)
	}
}

// versions are the PostgreSQL programs of this machine: what is searched for,
// and every system installation that the product supports.
func versions(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{"default": ""}
	dirs, _ := filepath.Glob("/usr/lib/postgresql/*/bin")
	for _, dir := range dirs {
		name := filepath.Base(filepath.Dir(dir))
		if n, err := strconv.Atoi(name); err == nil && n >= 15 {
			found[name] = dir
		}
	}
	return found
}

func TestStartStopStart(t *testing.T) {
	for name, dir := range versions(t) {
		// As root: an open directory makes Postgres run under another user, a
		// closed one in a user namespace. For others both are the same.
		for _, open := range []bool{true, false} {
			t.Run(name+"/open="+strconv.FormatBool(open), func(t *testing.T) {
				t.Parallel()
				cfg := config(t, open)
				cfg.PgBinDir, cfg.UnsafeNoSync = dir, true
				s := start(t, cfg)
				fill(t, s)
				pg, store := s.Pids()
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				if err := s.Close(); err != nil {
					t.Errorf("closing again: %v", err)
				}
				if alive(pg) || alive(store) {
					t.Error("a child lives after Close")
				}
				cfg.PgBinDir = "" // the search must find the version that made the data
				again := start(t, cfg)
				check(t, again)
				if again.DatabaseURL != s.DatabaseURL {
					t.Error("the address of the database changed")
				}
			})
		}
	}
}

func TestRolesAndSettings(t *testing.T) {
	s := start(t, config(t, true))
	app := connect(t, s.DatabaseURL)
	for sql, want := range map[string]string{
		"SELECT current_user": "tachiai_app",
		"SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()":            "tachiai_owner",
		"SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'tachiai_app'":   "false",
		"SELECT rolsuper OR rolcreatedb OR rolcreaterole FROM pg_roles WHERE rolname = 'tachiai_owner'": "false",
		"SELECT has_schema_privilege('tachiai_app', 'public', 'CREATE')":                                "false",
		"SELECT has_database_privilege('tachiai_app', current_database(), 'TEMP')":                      "false",
		"SELECT pg_has_role('tachiai_app', 'tachiai_owner', 'MEMBER')":                                  "false",
		"SHOW fsync": "on", "SHOW synchronous_commit": "on", "SHOW full_page_writes": "on", "SHOW data_checksums": "on",
		"SHOW listen_addresses": "", "SHOW password_encryption": "scram-sha-256", "SHOW server_encoding": "UTF8",
	} {
		var got string
		if err := app.QueryRow(t.Context(), "SELECT ("+strings.Replace(sql, "SHOW ", "SELECT current_setting('", 1)+closing(sql)+")::text").Scan(&got); err != nil || got != want {
			t.Errorf("%s: %q, want %q (%v)", sql, got, want, err)
		}
	}
	if err := connect(t, s.SuperuserURL).Ping(t.Context()); err != nil {
		t.Error(err)
	}
}

func closing(sql string) string {
	if strings.HasPrefix(sql, "SHOW ") {
		return "')"
	}
	return ""
}

// Secrets are readable by their owner only, and so is the socket's directory.
func TestPermissions(t *testing.T) {
	cfg := config(t, true)
	cfg.UnsafeNoSync = true
	start(t, cfg)
	for path, want := range map[string]os.FileMode{
		"secrets": 0o700, "secrets/pg-app": 0o600, "secrets/pg-owner": 0o600, "secrets/pg-superuser": 0o600,
		"secrets/s3-secret": 0o600, "run": 0o700, "pg": 0o700, "s3": 0o700,
	} {
		info, err := os.Stat(filepath.Join(cfg.DataDir, path))
		if err != nil || info.Mode().Perm() != want {
			t.Errorf("%s: %v, want %v (%v)", path, info.Mode().Perm(), want, err)
		}
	}
	if _, err := os.Stat(filepath.Join(cfg.DataDir, "pg.init.password")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the password file of initdb is still there")
	}
}

func TestSecondOwnerIsRefused(t *testing.T) {
	cfg := config(t, true)
	cfg.UnsafeNoSync = true
	s := start(t, cfg)
	_, err := embedded.Start(t.Context(), cfg)
	if !errors.Is(err, embedded.ErrInUse) || !strings.Contains(err.Error(), strconv.Itoa(os.Getpid())) {
		t.Fatalf("second start: %v", err)
	}
	if err := connect(t, s.DatabaseURL).Ping(t.Context()); err != nil {
		t.Errorf("the refused start disturbed the first: %v", err)
	}
	if _, err := embedded.StartObjects(t.Context(), cfg); !errors.Is(err, embedded.ErrInUse) {
		t.Errorf("second object store: %v", err)
	}
}

// One of the two can be external.
func TestAlone(t *testing.T) {
	cfg := config(t, true)
	cfg.UnsafeNoSync = true
	pg, err := embedded.StartPostgres(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	if err := connect(t, pg.DatabaseURL).Ping(t.Context()); err != nil {
		t.Error(err)
	}
	store, err := embedded.StartObjects(t.Context(), cfg)
	if err != nil {
		t.Fatal(err)
	}
	bucket(t, store.S3)
	if err := errors.Join(store.Close(), pg.Close()); err != nil {
		t.Error(err)
	}
}

func TestLongPath(t *testing.T) {
	cfg := config(t, true)
	cfg.UnsafeNoSync = true
	cfg.DataDir = filepath.Join(cfg.DataDir, strings.Repeat("d", 120))
	s := start(t, cfg)
	fill(t, s)
	check(t, s)
}

// A crash in the middle of initdb leaves pg.init; a crash of the machine leaves
// postmaster.pid, whose number may belong to another program by now.
func TestLeftovers(t *testing.T) {
	cfg := config(t, true)
	cfg.UnsafeNoSync = true
	if err := os.MkdirAll(filepath.Join(cfg.DataDir, "pg.init", "base"), 0o700); err != nil {
		t.Fatal(err)
	}
	s := start(t, cfg)
	fill(t, s)
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	pid := strconv.Itoa(stranger(t, filepath.Join(cfg.DataDir, "pg")))
	for path, text := range map[string]string{
		"pg/postmaster.pid":      pid + "\n" + cfg.DataDir + "/pg\n1\n5432\n" + cfg.DataDir + "/run\n\n  1 1\nready   \n",
		"run/.s.PGSQL.5432.lock": pid + "\n",
		"run/.s.PGSQL.5432":      "",
	} {
		if err := os.WriteFile(filepath.Join(cfg.DataDir, path), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	check(t, start(t, cfg))
}

// stranger starts a program that has nothing to do with Postgres, under the user
// who owns dir, and returns its process id.
func stranger(t *testing.T, dir string) int {
	t.Helper()
	info, err := os.Stat(dir)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("sleep", "600")
	if owner := info.Sys().(*syscall.Stat_t); os.Geteuid() == 0 {
		cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: owner.Uid, Gid: owner.Gid}}
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = cmd.Process.Kill(); _ = cmd.Wait() })
	return cmd.Process.Pid
}

func TestClearErrors(t *testing.T) {
	cfg := config(t, true)
	cfg.UnsafeNoSync = true
	bad := cfg
	bad.PgBinDir = t.TempDir()
	if _, err := embedded.StartPostgres(t.Context(), bad); !errors.Is(err, embedded.ErrNoPostgres) || !strings.Contains(err.Error(), "PG_BIN_DIR") {
		t.Errorf("no programs: %v", err)
	}
	bad = cfg
	bad.ObjectsBin = filepath.Join(t.TempDir(), "tachiai-objects")
	if _, err := embedded.StartObjects(t.Context(), bad); !errors.Is(err, embedded.ErrNoObjects) {
		t.Errorf("no tachiai-objects: %v", err)
	}
	bad.ObjectsBin = "/bin/false"
	if _, err := embedded.StartObjects(t.Context(), bad); err == nil {
		t.Error("a program that ends at once was taken for an object store")
	}
	pg := filepath.Join(cfg.DataDir, "pg")
	if err := os.MkdirAll(pg, 0o700); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.StartPostgres(t.Context(), cfg); err == nil || !strings.Contains(err.Error(), "no PostgreSQL data directory") {
		t.Errorf("a directory of somebody else: %v", err)
	}
	if err := os.WriteFile(filepath.Join(pg, "PG_VERSION"), []byte("9\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := embedded.StartPostgres(t.Context(), cfg); !errors.Is(err, embedded.ErrOtherMajor) || !strings.Contains(err.Error(), "PostgreSQL 9") {
		t.Errorf("a cluster of version 9: %v", err)
	}
}
