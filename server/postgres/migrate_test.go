package postgres_test

import (
	"context"
	"errors"
	"regexp"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"tachiai/server/embedded/embeddedtest"
	"tachiai/server/postgres"
)

func TestServersMigrateAtOnce(t *testing.T) {
	ctx := t.Context()
	owner, app := embeddedtest.Database(t)
	config := openHouseConfig(t, app)
	if _, err := postgres.Open(ctx, config); !errors.Is(err, postgres.ErrNotMigrated) && !errors.Is(err, postgres.ErrUnavailable) {
		t.Errorf("before the migration: %v", err)
	}
	var all sync.WaitGroup
	for range 4 {
		all.Go(func() {
			if err := postgres.Migrate(ctx, owner, "tachiai_app"); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	db, err := postgres.Open(ctx, config)
	if err != nil {
		t.Fatal(err)
	}
	db.Close()
	if err := postgres.Migrate(ctx, owner, "nobody_at_all"); !errors.Is(err, postgres.ErrNotFound) {
		t.Errorf("missing role: %v", err)
	}
	conn, err := pgx.Connect(ctx, owner)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close(ctx)
	if _, err := conn.Exec(ctx, `insert into schema_migrations (name) values ('9999_from_the_future.sql')`); err != nil {
		t.Fatal(err)
	}
	if err := postgres.Migrate(ctx, owner, "tachiai_app"); !errors.Is(err, postgres.ErrNotMigrated) {
		t.Errorf("newer database: %v", err)
	}
}

// openHouseConfig is a configuration with keys of its own.
func openHouseConfig(t *testing.T, url string) postgres.Config {
	t.Helper()
	c := newHouse(t).config
	c.URL = url
	return c
}

// Names that Postgres makes up say where a rule stands, and not what it is.
var madeUp = regexp.MustCompile(`_(pkey|key|check|fkey)\d*$`)

func TestConstraintsAreNamedForTheirRules(t *testing.T) {
	h := newHouse(t)
	conn, err := pgx.Connect(h.ctx, h.ownerURL)
	h.must(err)
	defer conn.Close(h.ctx)
	rows, err := conn.Query(h.ctx, `select conrelid::regclass::text, conname from pg_constraint where connamespace = 'public'::regnamespace and contype <> 'n'`)
	h.must(err)
	var table, name string
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&table, &name}, func() error {
		n++
		if madeUp.MatchString(name) {
			t.Errorf("%s: %s", table, name)
		}
		return nil
	})
	h.must(err)
	if n < 30 {
		t.Errorf("only %d constraints", n)
	}
}

func TestCutConnectionIsUnavailable(t *testing.T) {
	h := newHouse(t)
	ctx, cancel := context.WithCancel(h.ctx)
	cancel()
	if _, err := h.db.Standing(ctx, noon); !errors.Is(err, context.Canceled) {
		t.Errorf("%v", err)
	}
	release := h.stall()
	done := make(chan error, 1)
	go func() {
		_, err := h.db.OpenCase(h.ctx, postgres.NewCase{Facts: facts}, h.admin, noon)
		done <- err
	}()
	for cut := false; !cut; { // until it waits for the ledger, and then cut it off
		select {
		case err := <-done:
			if !errors.Is(err, postgres.ErrUnavailable) {
				t.Errorf("%v", err)
			}
			cut = true
		default:
			h.superuser(`select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)
		}
	}
	release()
	h.openCase()
	h.sound()
}
