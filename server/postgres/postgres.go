// Package postgres is all the SQL there is: the ledger with its records, the states that screens read, the feed, devices, blobs, uploads,
// quarantine. One file holds one noun; an exported method is one transaction. Nothing here knows HTTP, keeps an object, or reads a clock.
//
// Whatever appends to the ledger locks its one row first and holds it to commit, and goes through the one engine in append.go. So indexes are
// gap-free and in the order of commits, and a reader that has seen index n has missed nothing below it.
//
// The transaction is the unit of a crash: a batch is in the ledger with its states, feed and journal heads, or it never was. A caller whose
// commit was cut off does not know which; it repeats the batch and gets the same receipts.
package postgres

import (
	"context"
	"crypto"
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"tachiai/sync/ledger"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// Config is what a DB is made of. URL, Origin, ReceiptKeyID and Office are required.
type Config struct {
	URL          string        // of the serving role
	Origin       string        // names a ledger that has none yet; later the stored one counts
	ReceiptKeyID record.KeyID  // stands in the header of every receipt
	Office       crypto.Signer // Ed25519; seals office records and device certificates
	App          string        // program and version in office records; "" = "tachiai"
	Backups      bool          // backups are made: safe_index waits for a finished one
	MaxConns     int32         // 0 = 16
	Random       io.Reader     // nil = crypto/rand

	PasscodeRounds int // iterations that stretch a passcode; 0 = 600,000
}

// DB is the database. Make it with Open. Its methods may be called from several goroutines.
type DB struct {
	pool   *pgxpool.Pool
	config Config
	office record.KeyID

	pushes   lane[*push]
	stores   lane[*storing]
	awaited  awaited
	policies sync.Map // version → policy.Policy: published ones, parsed
}

const defaultConns = 16

// Open connects to a database that Migrate has prepared, and names its ledger when it has no name yet.
// Errors: ErrUnavailable; ErrNotMigrated; ledger.ErrOrigin.
func Open(ctx context.Context, c Config) (*DB, error) {
	if err := ledger.CheckOrigin(c.Origin); err != nil {
		return nil, fmt.Errorf("postgres: %w", err)
	}
	office, err := seal.Thumbprint(c.Office.Public())
	if err != nil {
		return nil, fmt.Errorf("postgres: office key: %w", err)
	}
	if c.App == "" {
		c.App = "tachiai"
	}
	if c.Random == nil {
		c.Random = rand.Reader
	}
	if c.PasscodeRounds == 0 {
		c.PasscodeRounds = passcodeRounds
	}
	if c.MaxConns == 0 {
		c.MaxConns = defaultConns
	}
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return nil, errors.New("postgres: DATABASE_URL is not valid") // the driver's text may hold the password
	}
	pc.MaxConns = c.MaxConns
	pc.MaxConnIdleTime = 5 * time.Minute
	settings(pc.ConnConfig)
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return nil, wrap("open", err)
	}
	db := &DB{pool: pool, config: c, office: office}
	if err := db.begin(ctx); err != nil {
		pool.Close()
		return nil, err
	}
	return db, nil
}

// settings fits a session to what this package asks. Every query finds its rows by an index, and plans are cached while tables grow from
// nothing: without these, a plan made for an empty table would read a large one from end to end.
func settings(c *pgx.ConnConfig) {
	for name, value := range map[string]string{
		"enable_seqscan": "off", "enable_hashjoin": "off", "enable_mergejoin": "off", "jit": "off", "plan_cache_mode": "force_generic_plan",
		"timezone": "UTC", "application_name": "tachiai", "client_encoding": "UTF8",
		"idle_in_transaction_session_timeout": "60000", "lock_timeout": "30000",
		"synchronous_commit": "on", // a receipt is given after the commit, and a commit is on the disk
	} {
		c.RuntimeParams[name] = value
	}
}

const nameLedger = `insert into ledger (origin) values ($1) on conflict do nothing`

// begin names the ledger on the first start, and makes the lists of a database that an older program wrote. Two servers that start at once agree.
func (db *DB) begin(ctx context.Context) error {
	if _, err := db.pool.Exec(ctx, nameLedger, db.config.Origin); err != nil {
		return wrap("open", err)
	}
	return db.listAnew(ctx)
}

// Close ends all connections after their transactions.
func (db *DB) Close() { db.pool.Close() }

// Ping asks whether the database answers.
func (db *DB) Ping(ctx context.Context) error {
	_, err := db.pool.Exec(ctx, `select 1`)
	return wrap("ping", err)
}

// OfficeKeyID names the key that seals office records.
func (db *DB) OfficeKeyID() record.KeyID { return db.office }

// query runs one statement and collects its rows.
func query[T any](ctx context.Context, db *DB, what, sql string, row pgx.RowToFunc[T], args ...any) ([]T, error) {
	rows, err := db.pool.Query(ctx, sql, args...)
	if err != nil {
		return nil, wrap(what, err)
	}
	list, err := pgx.CollectRows(rows, row)
	return list, wrap(what, err)
}

// one runs one statement that gives one row. No row is ErrNotFound.
func one(ctx context.Context, db *DB, what, sql string, args []any, into ...any) error {
	return wrap(what, db.pool.QueryRow(ctx, sql, args...).Scan(into...))
}

// transact runs do in a transaction that ends with it.
func (db *DB) transact(ctx context.Context, what string, do func(pgx.Tx) error) error {
	return wrap(what, pgx.BeginFunc(ctx, db.pool, do))
}

// pipeline sends a whole transaction, from begin to commit, in one round trip. Its first error stops it; then nothing of it happened, unless the
// connection was lost while committing.
func (db *DB) pipeline(ctx context.Context, batch *pgx.Batch) error {
	conn, err := db.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	if err := conn.SendBatch(ctx, batch).Close(); err != nil {
		rollback(ctx, conn)
		return err
	}
	return nil
}

// rollback ends a failed transaction whatever became of ctx, so that the locks are free before the caller knows of the failure.
func rollback(ctx context.Context, conn *pgxpool.Conn) {
	if conn.Conn().IsClosed() || conn.Conn().PgConn().TxStatus() == 'I' {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	_, _ = conn.Exec(ctx, "rollback") // a connection on which this fails is thrown away by Release
}
