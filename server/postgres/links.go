package postgres

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/record"
)

// defaultViews is how often a link may be opened unless its disclosure says so.
const defaultViews = 20

// Link is the link of a disclosure that is in force.
type Link struct {
	Disclosure record.ID
	IssuedAt   time.Time
	ExpiresAt  time.Time
	ViewsLeft  int
	Wrong      int       // guesses of this round
	PausedAt   time.Time // until then no guess is judged; zero when it is not paused
	Locked     bool
}

// Issued is a new link, told once: what is kept of the passcode cannot be told again.
type Issued struct {
	JTI       string // what the signed link names
	Passcode  string
	ExpiresAt time.Time
}

const (
	endLinks    = `update links set ended_at = $2 where disclosure = $1 and ended_at is null`
	endSessions = `delete from client_sessions s using links l where l.jti = s.jti and l.disclosure = $1`
	insertLink  = `
insert into links (jti, disclosure, salt, iterations, passcode, issued_at, expires_at, views_left) values ($1, $2, $3, $4, $5, $6, $7, $8)`
)

// IssueLink makes a link and a passcode for an approved disclosure; the one before, its passcode and whoever reads by it are ended.
// Errors: ErrNotFound, ErrNotApproved, ErrLinkRevoked, ErrLinkExpired; those of PrepareDisclosure.
func (db *DB) IssueLink(ctx context.Context, id record.ID, now time.Time) (Issued, error) {
	h, err := db.Handout(ctx, id)
	if err != nil {
		return Issued{}, err
	}
	issued := Issued{JTI: db.name(), ExpiresAt: time.UnixMilli(h.State.ExpiresAt)}
	switch {
	case h.State.Revoked != nil:
		err = ErrLinkRevoked
	case h.State.Approved == nil:
		err = ErrNotApproved
	case !now.Before(issued.ExpiresAt):
		err = ErrLinkExpired
	default:
		err = db.Stands(ctx, h)
	}
	if err != nil {
		return Issued{}, wrap("issue link", err)
	}
	code, kept, err := newPasscode(db.config.Random, db.config.PasscodeRounds)
	if err != nil {
		return Issued{}, err
	}
	views := h.State.Sessions
	if views == 0 {
		views = defaultViews
	}
	issued.Passcode = code
	err = db.transact(ctx, "issue link", func(tx pgx.Tx) error {
		b := &pgx.Batch{}
		b.Queue(endLinks, uuid(id), now.UnixMilli())
		b.Queue(endSessions, uuid(id))
		b.Queue(insertLink, issued.JTI, uuid(id), kept.salt, kept.iterations, kept.key, now.UnixMilli(), issued.ExpiresAt.UnixMilli(), views)
		return tx.SendBatch(ctx, b).Close()
	})
	return issued, err
}

// name is a random name of 22 characters.
func (db *DB) name() string {
	var b [16]byte
	if _, err := io.ReadFull(db.config.Random, b[:]); err != nil {
		panic("postgres: no randomness: " + err.Error()) // as record.NewID does
	}
	return base64.RawURLEncoding.EncodeToString(b[:])
}

func linkDoor(jti string) string { return "link/" + jti }

const readLinks = `
select l.disclosure, l.issued_at, l.expires_at, l.views_left, coalesce(g.wrong, 0), coalesce(g.rounds, 0), coalesce(g.paused_until, 0)
from links l left join guesses g on g.door = 'link/' || l.jti where l.ended_at is null and l.disclosure = any($1)`

// Links reads the links in force of disclosures; one that has none is absent.
func (db *DB) Links(ctx context.Context, ids []record.ID, now time.Time) (map[record.ID]Link, error) {
	keys := make([]pgtype.UUID, len(ids))
	for i, id := range ids {
		keys[i] = uuid(id)
	}
	list, err := query(ctx, db, "links", readLinks, func(row pgx.CollectableRow) (l Link, err error) {
		var id pgtype.UUID
		var issued, expires, paused int64
		var rounds int
		err = row.Scan(&id, &issued, &expires, &l.ViewsLeft, &l.Wrong, &rounds, &paused)
		l.Disclosure, l.IssuedAt, l.ExpiresAt, l.Locked = id.Bytes, time.UnixMilli(issued), time.UnixMilli(expires), rounds >= roundsToLock
		if paused > now.UnixMilli() {
			l.PausedAt = time.UnixMilli(paused)
		}
		return l, err
	}, keys)
	links := make(map[record.ID]Link, len(list))
	for _, l := range list {
		links[l.Disclosure] = l
	}
	return links, err
}

const unlockLink = `
with l as (select jti from links where disclosure = $1 and ended_at is null), g as (delete from guesses using l where door = 'link/' || l.jti)
select jti from l`

// UnlockLink forgets all wrong guesses at the link in force. Error: ErrNotFound (there is none).
func (db *DB) UnlockLink(ctx context.Context, id record.ID) error {
	var jti string
	return one(ctx, db, "unlock link", unlockLink, []any{uuid(id)}, &jti)
}

const readPasscode = `select salt, iterations, passcode from links where jti = $1`

// TryPasscode judges a guess at the passcode of a signed link, whatever has become of it: expired, ended, or no longer known here at all. So
// nothing of that shows to whoever does not know the passcode. It takes the time of stretching a passcode, and holds no connection meanwhile.
// Errors: ErrPasscode, *PausedError, ErrLocked.
func (db *DB) TryPasscode(ctx context.Context, jti, guess string, now time.Time) error {
	ifWrong, err := db.knock(ctx, linkDoor(jti), now)
	if err != nil {
		return wrap("passcode", err)
	}
	var kept stretched
	if err := one(ctx, db, "passcode", readPasscode, []any{jti}, &kept.salt, &kept.iterations, &kept.key); err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if !kept.is(guess, db.config.PasscodeRounds) {
		return fmt.Errorf("postgres: passcode: %w", ifWrong)
	}
	return db.welcome(ctx, linkDoor(jti))
}

// NoPasscode takes the time that TryPasscode takes, for a link that nobody signed.
func (db *DB) NoPasscode(guess string) error {
	_ = stretched{}.is(guess, db.config.PasscodeRounds)
	return ErrPasscode
}
