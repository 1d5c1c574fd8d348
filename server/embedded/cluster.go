package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// cluster is the data directory of Postgres and what is needed to run it.
type cluster struct {
	dir                   string // …/pg
	programs              programs
	identity              identity
	superuser, owner, app string // passwords
	noSync                bool
}

// clusterMajor returns the major version that made the cluster, 0 when there is
// none.
func clusterMajor(dir string) (int, error) {
	b, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		if _, err := os.Stat(dir); err == nil {
			return 0, fmt.Errorf("%s exists but is no PostgreSQL data directory", dir)
		}
		return 0, nil
	}
	if err != nil {
		return 0, err
	}
	major, err := strconv.Atoi(strings.TrimSpace(string(b)))
	if err != nil {
		return 0, fmt.Errorf("%s/PG_VERSION: %w", dir, err)
	}
	return major, nil
}

// create makes the cluster beside its place and renames it when it is complete:
// roles, passwords, the database tachiai and the access rules included. A crash
// before the rename leaves only pg.init, which the next start throws away; and
// perhaps an initdb that does not know of its parent's death: it would go on in
// the same directory, and empty it when it fails.
func (c *cluster) create(ctx context.Context) error {
	work := c.dir + ".init"
	if err := clearOrphans(work); err != nil {
		return err
	}
	if err := os.RemoveAll(work); err != nil {
		return err
	}
	if err := os.Mkdir(work, 0o700); err != nil {
		return err
	}
	if err := c.identity.own(work); err != nil {
		return err
	}
	args := []string{"-D", work, "--encoding=UTF8", "--username=postgres", "--auth=scram-sha-256", "--no-instructions", "--data-checksums"}
	if c.programs.major >= 17 {
		args = append(args, "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C")
	} else {
		args = append(args, "--locale=C.UTF-8")
	}
	if c.noSync {
		args = append(args, "--no-sync")
	}
	// initdb asks for a password file with scram; the real passwords are set
	// below, and nothing listens before the rename.
	pw := filepath.Join(filepath.Dir(c.dir), "pg.init.password")
	if err := os.WriteFile(pw, []byte(c.superuser+"\n"), 0o600); err != nil {
		return err
	}
	defer os.Remove(pw)
	if err := c.identity.own(pw); err != nil {
		return err
	}
	initdb := exec.CommandContext(ctx, c.programs.initdb(), append(args, "--pwfile="+pw)...)
	if err := c.runOnce(initdb, work); err != nil {
		return fmt.Errorf("initdb: %w", err)
	}
	hba := "# Written by tachiai: only the unix socket, only with a password.\nlocal all all scram-sha-256\n"
	if err := c.write(filepath.Join(work, "pg_hba.conf"), hba); err != nil {
		return err
	}
	if err := c.sql(ctx, work, "postgres",
		"CREATE ROLE tachiai_owner LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD "+quote(c.owner),
		"CREATE ROLE tachiai_app LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD "+quote(c.app),
		"CREATE DATABASE tachiai OWNER tachiai_owner",
		"REVOKE ALL ON DATABASE tachiai FROM PUBLIC",
		"GRANT CONNECT ON DATABASE tachiai TO tachiai_app",
		"CHECKPOINT",
	); err != nil {
		return err
	}
	if err := os.Rename(work, c.dir); err != nil {
		return err
	}
	return syncDir(filepath.Dir(c.dir))
}

// quote writes a password as an SQL literal. Passwords are hex.
func quote(s string) string { return "'" + strings.ReplaceAll(s, "'", "''") + "'" }

// sql runs statements in single-user mode: no server, no socket, no password.
// The first error ends it.
func (c *cluster) sql(ctx context.Context, dir, database string, statements ...string) error {
	cmd := exec.CommandContext(ctx, c.programs.postgres(), "--single", "-c", "exit_on_error=on",
		"-c", "log_min_messages=error", "-c", "log_error_verbosity=terse", "-D", dir, database)
	cmd.Stdin = strings.NewReader(strings.Join(statements, "\n") + "\n")
	if err := c.runOnce(cmd, dir); err != nil {
		return fmt.Errorf("prepare the cluster: %w", err)
	}
	return nil
}

// runOnce runs a program of PostgreSQL to its end, under the identity, with a
// bare environment (PGDATA, PGHOST and the like must not lead it elsewhere).
func (c *cluster) runOnce(cmd *exec.Cmd, dir string) error {
	c.identity.apply(cmd)
	cmd.Dir, cmd.Env = dir, bareEnv()
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%w\n%s", err, out.Bytes())
	}
	return nil
}

func (c *cluster) write(path, text string) error {
	if err := writeFile(path, []byte(text), 0o600); err != nil {
		return err
	}
	return c.identity.own(path)
}

func bareEnv() []string {
	return []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C", "LANG=C", "TZ=UTC"}
}
