package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"time"

	"tachiai/server/embedded"
	"tachiai/server/jobs"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// house is everything that a command works on, opened: keys, database and object store, embedded or not.
type house struct {
	config  Config
	log     *slog.Logger
	keys    *keys.Set
	created bool // the keys were made just now
	db      *postgres.DB
	objects *objects.Store
	address serving

	failed  []<-chan error // of the embedded children
	closers []func() error
}

// serving is how to reach the parts of a data directory whose children another process runs. serve leaves it there while it runs, readable by
// its owner only, so that "tachiai invite" and the like work beside it. It means nothing once that process is gone.
type serving struct {
	DatabaseURL, MigrateURL string
	Store                   objects.Config
	PublicURL               string
}

// servingFile is its name in DATA_DIR.
const servingFile = "serving.json"

// openHouse opens the parts for a server (alone) or for a command beside one. What is embedded is started, unless another process runs it: a
// command then works beside it, a server stops. The schema is brought up to date by a server, and where it is embedded.
func openHouse(ctx context.Context, config Config, log *slog.Logger, alone bool, origin string) (h *house, err error) {
	h = &house{config: config, log: log}
	defer func() {
		if err != nil {
			err = errors.Join(err, h.close())
			h = nil
		}
	}()
	// Searchable by others, so that an embedded Postgres of another user finds its own directory below; what lies in it is not readable.
	if err := os.MkdirAll(config.DataDir, 0o711); err != nil { //nolint:gosec // see above
		return h, err
	}
	if err := h.openKeys(); err != nil {
		return h, err
	}
	mine, err := h.start(ctx)
	if errors.Is(err, embedded.ErrInUse) && !alone {
		err = h.join(err)
	}
	if err != nil {
		return h, err
	}
	if alone || (mine && !config.Production()) {
		if err := postgres.Migrate(ctx, h.address.MigrateURL, h.appRole()); err != nil {
			return h, fmt.Errorf("migrate: %w", err)
		}
	}
	receipt, err := seal.Thumbprint(h.keys.Receipt.Public())
	if err != nil {
		return h, err
	}
	h.db, err = postgres.Open(ctx, postgres.Config{
		URL: h.address.DatabaseURL, Origin: origin, ReceiptKeyID: receipt, Office: h.keys.Office, App: "tachiai/" + versionText(),
	})
	if err != nil {
		return h, fmt.Errorf("database: %w", err)
	}
	h.closers = append(h.closers, func() error { h.db.Close(); return nil })
	h.objects, err = objects.Open(ctx, h.address.Store)
	if err != nil {
		return h, fmt.Errorf("object store: %w", err)
	}
	return h, nil
}

// openKeys loads the inventory. Only a server with nothing configured may invent one.
func (h *house) openKeys() (err error) {
	if h.config.Production() {
		h.keys, err = keys.Load(h.config.KeysDir)
	} else {
		h.keys, h.created, err = keys.Ensure(h.config.KeysDir)
	}
	if errors.Is(err, keys.ErrNone) {
		return fmt.Errorf("%w in %s: with DATABASE_URL set the server invents no keys; bring them here, or run \"tachiai keys init\" once", err, h.config.KeysDir)
	}
	return err
}

// start brings up what is embedded, and says whether this process runs it now. ErrInUse when another one does.
func (h *house) start(ctx context.Context) (mine bool, err error) {
	h.address = serving{
		DatabaseURL: string(h.config.DatabaseURL), MigrateURL: string(h.config.MigrateURL), PublicURL: h.config.PublicURL,
		Store: objects.Config{
			Endpoint: h.config.S3Endpoint, Bucket: h.config.S3Bucket, AccessKey: h.config.S3AccessKey,
			SecretKey: string(h.config.S3SecretKey), Region: h.config.S3Region,
		},
	}
	children := embedded.Config{DataDir: h.config.DataDir, Log: h.log, PgBinDir: h.config.PGBinDir, ObjectsBin: h.config.ObjectsBin}
	if !h.config.Production() {
		pg, err := embedded.StartPostgres(ctx, children)
		if err != nil {
			return false, err
		}
		h.closers = append(h.closers, pg.Close)
		h.failed = append(h.failed, pg.Failed())
		h.address.DatabaseURL, h.address.MigrateURL = pg.DatabaseURL, pg.MigrateURL
	}
	if h.config.EmbeddedStore() {
		store, err := embedded.StartObjects(ctx, children)
		if err != nil {
			return false, err
		}
		h.closers = append(h.closers, store.Close)
		h.failed = append(h.failed, store.Failed())
		s3 := store.S3
		h.address.Store = objects.Config{Endpoint: s3.Endpoint, Bucket: s3.Bucket, AccessKey: s3.AccessKey, SecretKey: s3.SecretKey, Region: s3.Region}
	}
	return true, nil
}

// join uses the parts that a running serve has started.
func (h *house) join(inUse error) error {
	var there serving
	text, err := os.ReadFile(filepath.Join(h.config.DataDir, servingFile))
	if err == nil {
		err = json.Unmarshal(text, &there)
	}
	if err != nil {
		return errors.Join(inUse, err)
	}
	if !h.config.Production() {
		h.address.DatabaseURL, h.address.MigrateURL = there.DatabaseURL, there.MigrateURL
	}
	if h.config.EmbeddedStore() {
		h.address.Store = there.Store
	}
	h.address.PublicURL = there.PublicURL
	return nil
}

// announce leaves the addresses for other commands; the returned function takes them away.
func (h *house) announce() (func(), error) {
	if h.config.Production() && !h.config.EmbeddedStore() {
		return func() {}, nil
	}
	left := h.address
	if h.config.Production() { // what the settings name is not written down again
		left.DatabaseURL, left.MigrateURL = "", ""
	}
	if !h.config.EmbeddedStore() {
		left.Store = objects.Config{}
	}
	text, err := json.Marshal(left)
	if err != nil {
		return nil, err
	}
	name := filepath.Join(h.config.DataDir, servingFile)
	if err := errors.Join(os.WriteFile(name+".new", text, 0o600), os.Rename(name+".new", name)); err != nil {
		return nil, err
	}
	return func() { os.Remove(name) }, nil
}

// appRole is the role that serves, when it is another than the one that owns the schema.
func (h *house) appRole() string {
	app, err1 := url.Parse(h.address.DatabaseURL)
	owner, err2 := url.Parse(h.address.MigrateURL)
	if err1 != nil || err2 != nil || app.User.Username() == owner.User.Username() {
		return ""
	}
	return app.User.Username()
}

// jobs makes the server's own work.
func (h *house) jobs() *jobs.Jobs {
	return jobs.New(jobs.Config{
		DB: h.db, Objects: h.objects, Key: h.keys.Ledger, Dir: h.config.DataDir, Log: h.log, PublishEvery: h.config.Checkpoint,
	})
}

// close ends everything in the reverse order of its start.
func (h *house) close() error {
	var faults []error
	for len(h.closers) > 0 {
		last := len(h.closers) - 1
		faults = append(faults, h.closers[last]())
		h.closers = h.closers[:last]
	}
	return errors.Join(faults...)
}

// gone yields the error of a child that keeps dying.
func (h *house) gone(ctx context.Context) <-chan error {
	all := make(chan error, len(h.failed))
	for _, failed := range h.failed {
		go func() {
			select {
			case err := <-failed:
				if err != nil {
					all <- err
				}
			case <-ctx.Done():
			}
		}()
	}
	return all
}

// firstOrigin names the ledger of a new installation. The time keeps two of them apart.
func firstOrigin(public string, now time.Time) string {
	host := "localhost"
	if u, err := url.Parse(public); err == nil && u.Host != "" {
		host = u.Host
	}
	return fmt.Sprintf("%s/ledger/%s", host, now.UTC().Format("20060102T150405.000"))
}

// logger writes to w as the settings say.
func logger(config Config, w io.Writer) *slog.Logger {
	options := &slog.HandlerOptions{Level: config.LogLevel}
	if config.LogFormat == "text" {
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// admin finds the member in whose name the operator of this machine acts.
func (h *house) admin(ctx context.Context) (record.ID, error) {
	members, err := h.db.Members(ctx)
	if err != nil {
		return record.ID{}, err
	}
	for _, m := range members {
		if m.Active && hasRole(m.Roles, record.RoleAdmin) {
			return m.ID, nil
		}
	}
	return record.ID{}, errors.New("there is no administrator yet: run \"tachiai serve\" once")
}

// hostOf is the host in an origin that firstOrigin made.
func hostOf(origin string) string {
	host, _, _ := strings.Cut(origin, "/")
	return host
}
