package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/minio/minio-go/v7"
	"github.com/minio/minio-go/v7/pkg/credentials"

	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// site is one server under test, in a process of its own with a fresh data directory, and the doors behind it that only a bench uses.
type site struct {
	dir     string
	child   *exec.Cmd
	ended   chan error
	log     *os.File
	url     string // where requests go
	public  string // what proofs name
	db      *postgres.DB
	admin   record.ID
	root    record.KeyID
	migrate string // the address of its Postgres for the schema's owner
	store   objects.Config
	traffic *traffic
	share   *share
}

// serving is what bin/tachiai serve leaves in its data directory (cmd/tachiai).
type serving struct {
	DatabaseURL, MigrateURL string
	Store                   objects.Config
	PublicURL               string
}

// open starts a server with an empty data directory, and settings beside the usual ones, and waits until it is ready.
func (b *bench) open(ctx context.Context, name string, settings ...string) (_ *site, err error) {
	s := &site{dir: filepath.Join(b.dir, name), ended: make(chan error, 1), traffic: &traffic{}, share: b.share}
	if err := os.Mkdir(s.dir, 0o711); err != nil { //nolint:gosec // Postgres passes through as another user
		return nil, err
	}
	if s.log, err = os.Create(s.dir + ".log"); err != nil {
		return nil, err
	}
	s.child = exec.Command(b.bin, "serve") //nolint:noctx // it is stopped in order, by close
	s.child.Env = []string{"PATH=" + os.Getenv("PATH"), "HOME=" + os.Getenv("HOME"), "PG_BIN_DIR=" + os.Getenv("PG_BIN_DIR"), "DATA_DIR=" + s.dir, "LISTEN=127.0.0.1:0"}
	s.child.Env = append(s.child.Env, settings...)
	s.child.Stdout, s.child.Stderr = s.log, s.log
	s.child.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} // Ctrl-C is for this process; it stops the server
	if err := s.child.Start(); err != nil {
		return nil, err
	}
	go func() { s.ended <- s.child.Wait() }()
	defer func() {
		if err != nil {
			err = errors.Join(fmt.Errorf("%w\n%s", err, s.lastWords()), s.close())
		}
	}()
	there, err := s.ready(ctx)
	if err != nil {
		return nil, err
	}
	s.public, s.migrate, s.store = there.PublicURL, there.MigrateURL, there.Store
	s.url = strings.Replace(s.public, "//localhost:", "//127.0.0.1:", 1)
	return s, s.enter(ctx, there)
}

// ready waits for the file that the server leaves, which it does right before it answers.
func (s *site) ready(ctx context.Context) (there serving, err error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for {
		text, err := os.ReadFile(filepath.Join(s.dir, "serving.json"))
		if err == nil {
			return there, json.Unmarshal(text, &there)
		}
		select {
		case err := <-s.ended:
			s.ended <- err
			return there, fmt.Errorf("the server ended: %w", errors.Join(err, errors.New("before it was ready")))
		case <-ctx.Done():
			return there, fmt.Errorf("the server is not ready: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// enter opens the database behind the server's back: to invite phones and open cases, as the office does.
func (s *site) enter(ctx context.Context, there serving) error {
	set, err := keys.Load(filepath.Join(s.dir, "keys"))
	if err != nil {
		return err
	}
	receipt, err := seal.Thumbprint(set.Receipt.Public())
	if err != nil {
		return err
	}
	s.root = set.RootID()
	s.db, err = postgres.Open(ctx, postgres.Config{
		URL: there.DatabaseURL, Origin: "bench", ReceiptKeyID: receipt, Office: set.Office, App: "tachiai-bench", MaxConns: 4,
	})
	if err != nil {
		return err
	}
	members, err := s.db.Members(ctx)
	if err != nil || len(members) == 0 {
		return errors.Join(err, errors.New("the server has no members"))
	}
	s.admin = members[0].ID
	return nil
}

// close stops the server and removes its data. A child that does not stop is killed; its own children die with it.
func (s *site) close() error {
	if s.db != nil {
		s.db.Close()
	}
	s.share.close(s.child.Process.Pid)
	_ = s.child.Process.Signal(os.Interrupt) // one that has ended is stopped too
	var err error
	select {
	case err = <-s.ended:
	case <-time.After(40 * time.Second):
		err = errors.Join(errors.New("the server did not stop"), s.child.Process.Kill(), <-s.ended)
	}
	return errors.Join(err, s.log.Close(), os.RemoveAll(s.dir))
}

// lastWords are the last lines of the server's log.
func (s *site) lastWords() string {
	text, err := os.ReadFile(s.log.Name())
	if err != nil {
		return err.Error()
	}
	return string(text[max(0, len(text)-2000):])
}

// rowsOnly is a bare connection to the server's Postgres, objects a bare client of its object store: the peers.
func (s *site) rowsOnly(ctx context.Context) (*pgx.Conn, error) { return pgx.Connect(ctx, s.migrate) }

func (s *site) objectsOnly() (*minio.Client, error) {
	return minio.New(strings.TrimPrefix(s.store.Endpoint, "http://"), &minio.Options{
		Creds: credentials.NewStaticV4(s.store.AccessKey, s.store.SecretKey, ""), Region: s.store.Region,
	})
}
