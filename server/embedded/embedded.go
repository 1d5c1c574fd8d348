// Package embedded runs the default Postgres and S3 for one machine as
// supervised children of the server process.
//
// Everything lives under one data directory:
//
//	pg/           the Postgres cluster (pg.init/ while it is being made)
//	s3/           the object store, one directory for each bucket
//	run/          Postgres' unix socket, mode 0700
//	secrets/      passwords, one file each, mode 0600
//	pg.lock, s3.lock   held by the process that runs the child
//
// What is guaranteed: one owner of a data directory at a time; a child that
// dies is started again at the same address; children never outlive their
// parent, not even one that was killed with SIGKILL; a half-made cluster is
// never used; fsync is on in both children, so what they acknowledged survives
// a kill of any or all processes and a loss of power.
//
// Nothing here knows SQL clients or S3 clients: the package uses the standard
// library only.
package embedded

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// Errors that callers tell apart. The wrapping error names the remedy.
var (
	// ErrInUse: another live process runs the children of this data directory.
	ErrInUse = errors.New("data directory is in use")
	// ErrNoPostgres: no usable PostgreSQL programs were found.
	ErrNoPostgres = errors.New("no PostgreSQL programs found")
	// ErrOtherMajor: the cluster was made by another major version.
	ErrOtherMajor = errors.New("cluster of another PostgreSQL version")
	// ErrNoObjects: the program tachiai-objects was not found.
	ErrNoObjects = errors.New("tachiai-objects not found")
	// ErrIdentity: running as root, and no unprivileged user can run Postgres.
	ErrIdentity = errors.New("PostgreSQL cannot run as root")
	// ErrGone: a child died again and again and is not started any more.
	ErrGone = errors.New("child process keeps dying")
)

// Config says where the data lies and which programs to use.
type Config struct {
	DataDir    string       // created when missing; made absolute
	Log        *slog.Logger // nil: nothing is logged
	PgBinDir   string       // PG_BIN_DIR: only this directory is tried when set
	ObjectsBin string       // path of tachiai-objects; empty: searched
	// UnsafeNoSync turns fsync off in Postgres. For tests that do not test
	// durability, never for data.
	UnsafeNoSync bool
}

// Services are both children, running.
type Services struct {
	DatabaseURL  string // role tachiai_app: serves, owns nothing
	MigrateURL   string // role tachiai_owner: owns the database tachiai
	SuperuserURL string // role postgres, for backups and tests
	S3           S3

	pg      *Postgres
	objects *Objects
	failed  chan error
}

// S3 is how to reach the object store: an http:// endpoint on loopback.
type S3 struct {
	Endpoint, Bucket, AccessKey, SecretKey, Region string
}

// Start starts both children and returns when both accept requests. ctx bounds
// the start only; the children live until Close or until this process ends.
func Start(ctx context.Context, cfg Config) (*Services, error) {
	pg, err := StartPostgres(ctx, cfg)
	if err != nil {
		return nil, err
	}
	objects, err := StartObjects(ctx, cfg)
	if err != nil {
		return nil, errors.Join(err, pg.Close())
	}
	s := &Services{
		DatabaseURL: pg.DatabaseURL, MigrateURL: pg.MigrateURL, SuperuserURL: pg.SuperuserURL,
		S3: objects.S3, pg: pg, objects: objects, failed: make(chan error, 2),
	}
	for _, c := range []*child{pg.child, objects.child} {
		go func() {
			if err, ok := <-c.failed; ok {
				s.failed <- err
			}
		}()
	}
	return s, nil
}

// Failed yields an ErrGone when a child is given up. Until then deaths are
// repaired silently (and logged).
func (s *Services) Failed() <-chan error { return s.failed }

// Pids returns the process ids of the children that run now, Postgres first; 0
// while one is being restarted.
func (s *Services) Pids() (postgres, objects int) { return s.pg.child.pid(), s.objects.child.pid() }

// Close stops both children cleanly and gives the data directory free.
func (s *Services) Close() error {
	done := make(chan error, 1)
	go func() { done <- s.objects.Close() }()
	return errors.Join(s.pg.Close(), <-done)
}

// prepare makes the data directory and returns its absolute path. It is
// searchable by others (0711) so that Postgres, under an unprivileged user, can
// reach its own directory; the files inside are not readable.
func prepare(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.MkdirAll(dir, 0o711); err != nil { //nolint:gosec // others may pass through, as said above
		return "", fmt.Errorf("data directory: %w", err)
	}
	// Symbolic links are resolved once, so that the cwd of a child can be
	// compared with this path (see orphans).
	return filepath.EvalSymlinks(dir)
}

func logger(log *slog.Logger, name string) *slog.Logger {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	return log.With("child", name)
}
