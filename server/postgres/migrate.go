package postgres

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"tachiai/migrations"
)

// migrateLock is the advisory lock under which one server at a time migrates: "tachiai" in ASCII.
const migrateLock = 0x7461636869616900

const (
	createHistory = `create table if not exists schema_migrations (
	name text constraint migration_runs_once primary key, run_at timestamptz not null default now())`
	readHistory  = `select name from schema_migrations`
	noteRun      = `insert into schema_migrations (name) values ($1)`
	findRole     = `select exists (select from pg_roles where rolname = $1), current_user = $1`
	oldestServer = 150000
)

// grants are what serving needs, by table; what is not here, it may only read. The append-only tables are insert-only by grant as they are by
// trigger: a program that is taken over cannot change them without the owner's password.
var grants = []struct{ tables, rights string }{
	{"ledger", "insert, update"},
	{"ledger_hashes, origins, checkpoints, records, later_flags, tombstones", "insert"},
	{"fields, stray_fields, journals, states, feed", "insert, update, delete"},
	{"verified, backups", "insert, update"},
	{"devices, device_status, quarantine", "insert, update"},
	{"enrolment_codes, sessions", "insert, update, delete"},
	{"case_list, inbox, lists", "insert, update, delete"},
	{"blob_slots, blobs, uploads, upload_chunks", "insert, update, delete"},
	{"links, guesses, client_sessions", "insert, update, delete"},
}

// Migrate brings the schema of the database up to date as its owner and grants the serving role what it needs. One server at a time does it; the
// others wait. Each file is one transaction: a crash leaves the files before it. appRole may be "" or the owner itself: then nothing is
// granted, and Degraded says so. A database that a newer program migrated is left alone and is an error.
// Errors: ErrUnavailable, ErrNotFound (no such role), ErrNotMigrated (newer schema, or a server older than 15).
func Migrate(ctx context.Context, ownerURL, appRole string) error {
	config, err := pgx.ParseConfig(ownerURL)
	if err != nil {
		return errors.New("postgres: MIGRATE_DATABASE_URL is not valid") // the driver's text may hold the password
	}
	config.RuntimeParams["application_name"] = "tachiai migrate"
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return wrap("migrate", err)
	}
	defer conn.Close(context.WithoutCancel(ctx))
	var version int
	if err := conn.QueryRow(ctx, `select current_setting('server_version_num')::int`).Scan(&version); err != nil {
		return wrap("migrate", err)
	}
	if version < oldestServer {
		return fmt.Errorf("postgres: migrate: %w: PostgreSQL 15 or newer is needed", ErrNotMigrated)
	}
	// The lock is of the session and goes with it, whatever happens.
	if _, err := conn.Exec(ctx, `select pg_advisory_lock($1)`, int64(migrateLock)); err != nil {
		return wrap("migrate", err)
	}
	if err := runFiles(ctx, conn); err != nil {
		return err
	}
	return wrap("grant", grant(ctx, conn, appRole))
}

func runFiles(ctx context.Context, conn *pgx.Conn) error {
	if _, err := conn.Exec(ctx, createHistory); err != nil {
		return wrap("migrate", err)
	}
	rows, err := conn.Query(ctx, readHistory)
	if err != nil {
		return wrap("migrate", err)
	}
	done, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return wrap("migrate", err)
	}
	names, err := fs.Glob(migrations.Files, "*.sql")
	if err != nil {
		return err
	}
	for _, name := range done {
		if !slices.Contains(names, name) {
			return fmt.Errorf("postgres: migrate: %w: %s was run by a newer program", ErrNotMigrated, name)
		}
	}
	for _, name := range names {
		if slices.Contains(done, name) {
			continue
		}
		text, err := migrations.Files.ReadFile(name)
		if err != nil {
			return err
		}
		err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
			if _, err := tx.Exec(ctx, string(text), pgx.QueryExecModeSimpleProtocol); err != nil {
				return err
			}
			_, err := tx.Exec(ctx, noteRun, name)
			return err
		})
		if err != nil {
			return wrap("migrate "+name, err)
		}
	}
	return nil
}

func grant(ctx context.Context, conn *pgx.Conn, role string) error {
	if role == "" {
		return nil
	}
	var exists, self bool
	if err := conn.QueryRow(ctx, findRole, role).Scan(&exists, &self); err != nil {
		return err
	}
	if self {
		return nil
	}
	if !exists {
		return fmt.Errorf("%w: role %s", ErrNotFound, role)
	}
	to := " to " + pgx.Identifier{role}.Sanitize()
	statements := []string{"grant usage on schema public" + to, "grant select on all tables in schema public" + to}
	for _, g := range grants {
		statements = append(statements, "grant "+g.rights+" on "+g.tables+to)
	}
	_, err := conn.Exec(ctx, strings.Join(statements, ";"), pgx.QueryExecModeSimpleProtocol)
	return err
}

const readRights = `
select c.relname, pg_has_role(c.relowner, 'member') as owns,
  has_table_privilege(c.oid, 'update') or has_table_privilege(c.oid, 'delete') or has_table_privilege(c.oid, 'truncate') as changes
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where n.nspname = 'public' and c.relname = any($1) and c.relkind = 'r' order by c.relname`

var appendOnly = []string{"checkpoints", "later_flags", "ledger_hashes", "origins", "records", "tombstones"}

// Degraded tells in words why the serving role could change what must be append-only; nothing when it could not.
func (db *DB) Degraded(ctx context.Context) ([]string, error) {
	type right struct {
		Table         string
		Owns, Changes bool
	}
	rights, err := query(ctx, db, "degraded", readRights, pgx.RowToStructByPos[right], appendOnly)
	if err != nil {
		return nil, err
	}
	var reasons []string
	for _, r := range rights {
		switch {
		case r.Owns:
			reasons = append(reasons, "the serving role owns the append-only table "+r.Table)
		case r.Changes:
			reasons = append(reasons, "the serving role may change the append-only table "+r.Table)
		}
	}
	return reasons, nil
}
