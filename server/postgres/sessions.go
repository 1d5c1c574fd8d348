package postgres

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// How long a session lasts: in all, and without a request.
const (
	sessionLife = 12 * time.Hour
	sessionIdle = 2 * time.Hour
	sessionNote = time.Minute // how exactly it is kept when it was seen last
)

// Session is a member of the office who has opened a one-time link.
type Session struct {
	Member    Member
	ExpiresAt time.Time
}

// SessionToken is the secret that a browser keeps. Only its SHA-256 is in the database.
type SessionToken [32]byte

// officeRoles are the roles that have work in the office.
var officeRoles = []record.Role{record.RoleReviewer, record.RoleApprover, record.RoleAuditor, record.RoleAdmin}

// InOffice reports whether a member may open a session.
func InOffice(m Member) bool {
	return m.Active && slices.ContainsFunc(officeRoles, func(r record.Role) bool { return slices.Contains(m.Roles, r) })
}

const (
	readSessionCode = `select member, expires_at, kid is not null or session_at is not null from enrolment_codes where hash = $1 for update`
	spendCode       = `update enrolment_codes set session_at = $2 where hash = $1`
	insertSession   = `insert into sessions (hash, member, created_at, seen_at) values ($1, $2, $3, $3)`
)

// OpenSession exchanges a one-time code for a session. The code of a member who has no work in the office stays unused, for his phone.
// Errors: ErrCodeInvalid, ErrCodeUsed, ErrMember (unknown or removed), ErrNotOffice.
func (db *DB) OpenSession(ctx context.Context, typed string, now time.Time) (token SessionToken, s Session, err error) {
	code, err := wire.ParseCode(typed)
	if err != nil {
		return token, s, fmt.Errorf("postgres: open session: %w", ErrCodeInvalid)
	}
	if _, err := io.ReadFull(db.config.Random, token[:]); err != nil {
		return token, s, err
	}
	hash, kept := sha256.Sum256([]byte(code)), sha256.Sum256(token[:])
	err = db.transact(ctx, "open session", func(tx pgx.Tx) error {
		var id pgtype.UUID
		var expires int64
		var used bool
		err := tx.QueryRow(ctx, readSessionCode, hash[:]).Scan(&id, &expires, &used)
		switch {
		case errors.Is(err, pgx.ErrNoRows):
			return ErrCodeInvalid
		case err != nil:
			return err
		case used:
			return ErrCodeUsed
		case now.UnixMilli() >= expires:
			return ErrCodeInvalid
		}
		if s.Member, err = memberIn(ctx, tx, id.Bytes); err != nil {
			return err
		}
		if !s.Member.Active {
			return ErrMember
		}
		if !InOffice(s.Member) {
			return ErrNotOffice
		}
		if _, err := tx.Exec(ctx, spendCode, hash[:], now.UnixMilli()); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, insertSession, kept[:], id, now.UnixMilli())
		return err
	})
	s.ExpiresAt = now.Add(sessionLife).UTC()
	return token, s, err
}

// memberIn reads a member within a transaction. Error: ErrMember when there is none.
func memberIn(ctx context.Context, tx pgx.Tx, id record.ID) (Member, error) {
	k := history.Key{Type: history.TypeMember, ID: id.String()}
	var body []byte
	err := tx.QueryRow(ctx, readState, string(k.Type), k.ID).Scan(&body)
	if errors.Is(err, pgx.ErrNoRows) {
		return Member{}, ErrMember
	}
	if err != nil {
		return Member{}, err
	}
	state, err := history.Decode(k, body)
	if err != nil {
		return Member{}, err
	}
	return *state.(*history.Member), nil
}

const (
	readSession = `
select s.created_at, s.seen_at, m.id, m.body from sessions s join states m on m.type = 'member' and m.id = s.member::text where s.hash = $1`
	seeSession  = `update sessions set seen_at = $2 where hash = $1 and seen_at < $2`
	dropSession = `delete from sessions where hash = $1`
)

// Session finds the session of a token and notes that it was used. One that ran out, and one whose member was removed or has no work in the
// office any more, is none. Error: ErrNoSession.
func (db *DB) Session(ctx context.Context, token SessionToken, now time.Time) (s Session, err error) {
	hash := sha256.Sum256(token[:])
	var created, seen int64
	var id string
	var body []byte
	err = one(ctx, db, "session", readSession, []any{hash[:]}, &created, &seen, &id, &body)
	if errors.Is(err, ErrNotFound) {
		return s, fmt.Errorf("postgres: session: %w", ErrNoSession)
	}
	if err != nil {
		return s, err
	}
	state, err := history.Decode(history.Key{Type: history.TypeMember, ID: id}, body)
	if err != nil {
		return s, err
	}
	s = Session{Member: *state.(*history.Member), ExpiresAt: time.UnixMilli(created).Add(sessionLife).UTC()}
	idle := now.Sub(time.UnixMilli(seen))
	if !now.Before(s.ExpiresAt) || idle >= sessionIdle || !InOffice(s.Member) {
		return Session{}, fmt.Errorf("postgres: session: %w", ErrNoSession)
	}
	if idle >= sessionNote {
		_, err = db.pool.Exec(ctx, seeSession, hash[:], now.UnixMilli())
	}
	return s, wrap("session", err)
}

// CloseSession forgets a session. One that is not there is closed.
func (db *DB) CloseSession(ctx context.Context, token SessionToken) error {
	hash := sha256.Sum256(token[:])
	_, err := db.pool.Exec(ctx, dropSession, hash[:])
	return wrap("close session", err)
}

const dropSessions = `delete from sessions where created_at < $1`

// DropSessions forgets sessions that ran out.
func (db *DB) DropSessions(ctx context.Context, now time.Time) error {
	_, err := db.pool.Exec(ctx, dropSessions, now.Add(-sessionLife).UnixMilli())
	return wrap("drop sessions", err)
}
