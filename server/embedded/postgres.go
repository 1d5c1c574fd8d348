package embedded

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Postgres is a running, supervised PostgreSQL that listens on a unix socket
// only. Its address and passwords do not change while it lives.
type Postgres struct {
	DatabaseURL, MigrateURL, SuperuserURL string

	child     *child
	lock      *os.File
	socketDir string
	ownSocket bool // socketDir is a temporary directory of ours
}

// settings are given on the command line and so follow the program's version,
// not the version that made the cluster. Sized for a small machine; whatever
// they leave out can be set in pg/postgresql.conf.
var settings = []string{
	"listen_addresses=", "unix_socket_permissions=0700", "max_connections=60",
	"shared_buffers=32MB", "work_mem=4MB", "maintenance_work_mem=32MB", "wal_buffers=4MB",
	"max_wal_size=512MB", "checkpoint_timeout=15min", "checkpoint_completion_target=0.9",
	"max_parallel_workers_per_gather=0", "autovacuum_max_workers=2", "jit=off",
	"fsync=on", "full_page_writes=on", "synchronous_commit=on",
	"password_encryption=scram-sha-256", "timezone=UTC", "log_timezone=UTC",
	// Statements and DETAIL lines can hold names and addresses: they stay out
	// of the log. "log" ranks above "error": what clients did wrong is told to
	// the clients.
	"log_min_messages=log", "log_min_error_statement=panic", "log_error_verbosity=terse",
	"log_checkpoints=off", "log_line_prefix=", "logging_collector=off",
}

// StartPostgres starts the cluster in cfg.DataDir, and makes it first when there
// is none. ctx bounds the start only.
func StartPostgres(ctx context.Context, cfg Config) (_ *Postgres, err error) {
	dir, err := prepare(cfg.DataDir)
	if err != nil {
		return nil, err
	}
	held, err := lock(dir, "pg")
	if err != nil {
		return nil, err
	}
	p := &Postgres{lock: held}
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("postgres: %w", err), p.release())
		}
	}()
	c := &cluster{dir: filepath.Join(dir, "pg"), noSync: cfg.UnsafeNoSync}
	if err := clearOrphans(c.dir); err != nil {
		return nil, err
	}
	major, err := clusterMajor(c.dir)
	if err != nil {
		return nil, err
	}
	if c.programs, err = findPrograms(cfg.PgBinDir, major); err != nil {
		return nil, err
	}
	if c.identity, err = chooseIdentity(c.dir, c.programs.dir); err != nil {
		return nil, err
	}
	for name, into := range map[string]*string{"pg-superuser": &c.superuser, "pg-owner": &c.owner, "pg-app": &c.app} {
		if *into, err = secret(dir, name); err != nil {
			return nil, err
		}
	}
	if major == 0 {
		if err := c.create(ctx); err != nil {
			return nil, err
		}
	}
	if err := p.openSocketDir(dir, c.identity); err != nil {
		return nil, err
	}
	p.DatabaseURL = p.url("tachiai_app", c.app, "tachiai")
	p.MigrateURL = p.url("tachiai_owner", c.owner, "tachiai")
	p.SuperuserURL = p.url("postgres", c.superuser, "postgres")
	log := logger(cfg.Log, "postgres")
	p.child = &child{
		log:     log,
		command: func() (*exec.Cmd, error) { return p.command(c) },
		line: func(s string) {
			// Never an ERROR line: see settings.
			if strings.HasPrefix(s, "FATAL:") || strings.HasPrefix(s, "PANIC:") {
				log.Warn(s)
				return
			}
			log.Debug(s)
		},
		// Fast shutdown, then immediate: the second loses nothing either, it
		// only makes the next start replay the write-ahead log.
		signals: []syscall.Signal{syscall.SIGINT, syscall.SIGQUIT},
		grace:   10 * time.Second,
	}
	if err := p.child.start(ctx, func() bool { return isReady(c.dir, p.child.pid()) }); err != nil {
		return nil, err
	}
	return p, nil
}

// Close stops Postgres cleanly and gives the data directory free. Closing again
// does nothing.
func (p *Postgres) Close() error { return errors.Join(p.child.stop(), p.release()) }

// Failed yields an ErrGone when the child is given up.
func (p *Postgres) Failed() <-chan error { return p.child.failed }

func (p *Postgres) release() error {
	var err error
	if p.ownSocket {
		err = os.RemoveAll(p.socketDir)
	}
	return errors.Join(err, closeOnce(p.lock))
}

// command clears what a dead predecessor left and makes the next start.
// Postgres itself refuses to start when postmaster.pid names a process that
// lives, even if that is now some other program; as no process works in the
// data directory any more, and the lock is ours, the file is stale for sure.
func (p *Postgres) command(c *cluster) (*exec.Cmd, error) {
	if err := clearOrphans(c.dir); err != nil {
		return nil, err
	}
	socket := filepath.Join(p.socketDir, socketName)
	if err := removeStale(filepath.Join(c.dir, "postmaster.pid"), socket, socket+".lock"); err != nil {
		return nil, err
	}
	args := []string{"-D", c.dir, "-k", p.socketDir}
	for _, s := range settings {
		args = append(args, "-c", s)
	}
	if c.programs.major >= 18 {
		args = append(args, "-c", "io_method=sync")
	}
	if c.noSync {
		args = append(args, "-c", "fsync=off", "-c", "full_page_writes=off", "-c", "synchronous_commit=off")
	}
	cmd := exec.Command(c.programs.postgres(), args...)
	c.identity.apply(cmd)
	cmd.Dir, cmd.Env = c.dir, bareEnv()
	return cmd, nil
}

const (
	socketName = ".s.PGSQL.5432"
	// socketLimit is what sockaddr_un.sun_path holds, the final zero included:
	// 108 bytes on Linux, 104 on macOS.
	socketLimit = 104
)

// openSocketDir makes the socket's directory, mode 0700: run/ in the data
// directory, or a short temporary one where that path would be too long.
func (p *Postgres) openSocketDir(dataDir string, id identity) error {
	p.socketDir = filepath.Join(dataDir, "run")
	if len(filepath.Join(p.socketDir, socketName)) >= socketLimit {
		short, err := os.MkdirTemp("/tmp", "tachiai-")
		if err != nil {
			return err
		}
		p.socketDir, p.ownSocket = short, true
	} else if err := os.MkdirAll(p.socketDir, 0o700); err != nil {
		return err
	}
	if err := os.Chmod(p.socketDir, 0o700); err != nil { //nolint:gosec // a directory, its owner's alone
		return err
	}
	return id.own(p.socketDir)
}

func (p *Postgres) url(role, password, database string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(role, password), Path: "/" + database}
	u.RawQuery = url.Values{"host": {p.socketDir}, "port": {"5432"}, "sslmode": {"disable"}}.Encode()
	return u.String()
}

// isReady reads what the postmaster keeps in postmaster.pid: its process id in
// line 1, its status in line 8 (PostgreSQL, src/include/utils/pidfile.h). pg_ctl
// does the same.
func isReady(dir string, pid int) bool {
	b, err := os.ReadFile(filepath.Join(dir, "postmaster.pid"))
	if err != nil {
		return false
	}
	lines := strings.Split(string(b), "\n")
	return len(lines) >= 8 && lines[0] == strconv.Itoa(pid) && strings.TrimSpace(lines[7]) == "ready"
}
