package postgres

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/history"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// clientSessionLife is how long one view lasts.
const clientSessionLife = 15 * time.Minute

// ClientSession is one view of a disclosure by its recipient.
type ClientSession struct {
	Handout
	Name      string // as records call it
	ExpiresAt time.Time

	jti string
}

// The recipient has no account: what he does stands in records whose actor is the disclosure itself.
func (s ClientSession) draft(kind record.Kind, fields ...seal.Content) Draft {
	return Draft{Kind: kind, Case: s.State.Case, Actor: s.State.ID, Fields: append([]seal.Content{
		{Name: "disclosure", Value: s.State.ID}, {Name: "session", Value: s.Name},
	}, fields...)}
}

const (
	lockLink   = `select views_left, expires_at, ended_at is not null from links where jti = $1 for update`
	useView    = `update links set views_left = views_left - 1 where jti = $1`
	dropOld    = `delete from client_sessions where expires_at <= $1`
	insertView = `insert into client_sessions (hash, jti, name, expires_at) values ($1, $2, $3, $4)`
	findLink   = `select disclosure, views_left, expires_at, ended_at is not null from links where jti = $1`
)

// View finds what the link of that name would show now, for whoever has shown its passcode. Nothing is counted yet.
// Errors: ErrLinkRevoked (also when consent was withdrawn, or a newer link was issued), ErrLinkExpired, ErrLinkUsedUp.
func (db *DB) View(ctx context.Context, jti string, now time.Time) (s ClientSession, err error) {
	var id pgtype.UUID
	var left int
	var expires int64
	var ended bool
	if err := one(ctx, db, "view", findLink, []any{jti}, &id, &left, &expires, &ended); err != nil {
		return s, err
	}
	s = ClientSession{Name: db.name(), ExpiresAt: now.Add(clientSessionLife), jti: jti}
	if err := db.show(ctx, &s, id.Bytes, ended, expires, now); err != nil {
		return s, wrap("view", err)
	}
	if left < 1 {
		return s, wrap("view", ErrLinkUsedUp)
	}
	return s, nil
}

// show reads what a session shows, and judges its link.
func (db *DB) show(ctx context.Context, s *ClientSession, id record.ID, ended bool, expires int64, now time.Time) (err error) {
	if s.Handout, err = db.Handout(ctx, id); err != nil {
		return err
	}
	g, err := s.grounds()
	if err != nil {
		return ErrLinkRevoked
	}
	states := history.Set{}
	if err := db.readInto(ctx, states, g.keys()...); err != nil {
		return err
	}
	return inForce(s.State, g, states, ended, expires, now)
}

// OpenDisclosure begins a view: disclosure.opened, one view less and the session are one transaction, so nothing is shown that the ledger does
// not know of. Errors: those of View, judged again under the lock.
func (db *DB) OpenDisclosure(ctx context.Context, s ClientSession, now time.Time) (token string, err error) {
	var secret [32]byte
	if _, err := io.ReadFull(db.config.Random, secret[:]); err != nil {
		return "", err
	}
	token = base64.RawURLEncoding.EncodeToString(secret[:])
	w := db.work("open", now)
	var views int
	if err := w.watch(s, func(left int) { views = left }); err != nil {
		return "", wrap("open", err)
	}
	w.checks = append(w.checks, func() error {
		if views < 1 {
			return ErrLinkUsedUp
		}
		return nil
	})
	w.writes = append(w.writes, func(b *pgx.Batch) {
		hash := sha256.Sum256([]byte(token))
		b.Queue(useView, s.jti)
		b.Queue(dropOld, now.UnixMilli())
		b.Queue(insertView, hash[:], s.jti, s.Name, s.ExpiresAt.UnixMilli())
	})
	_, err = w.appendOffice(ctx, s.draft(record.KindDisclosureOpened))
	return token, err
}

// watch makes the work fail, under the lock, unless the link and all that its disclosure stands on are in force. views hears how many are left.
func (w *work) watch(s ClientSession, views func(left int)) error {
	g, err := s.grounds()
	if err != nil {
		return ErrLinkRevoked
	}
	var left int
	var expires int64
	var ended bool
	w.reads = append(w.reads, func(b *pgx.Batch) {
		b.Queue(lockLink, s.jti).QueryRow(func(row pgx.Row) error { return row.Scan(&left, &expires, &ended) })
	})
	states := w.readStates(g.keys()...)
	w.checks = append(w.checks, func() error {
		views(left)
		d, _ := w.fold.set[s.State.Key()].(*history.Disclosure)
		return inForce(d, g, states, ended, expires, w.now)
	})
	return nil
}

// inForce judges a link. That a consent was withdrawn is the office's to explain: the recipient hears that the link was taken back.
func inForce(d *history.Disclosure, g grounds, states history.Set, ended bool, expires int64, now time.Time) error {
	switch {
	case d == nil || d.Revoked != nil || d.Approved == nil || ended || g.judge(states) != nil:
		return ErrLinkRevoked
	case now.UnixMilli() >= expires:
		return ErrLinkExpired
	}
	return nil
}

const findView = `
select s.jti, s.name, s.expires_at, l.disclosure, l.expires_at, l.ended_at is not null
from client_sessions s join links l on l.jti = s.jti where s.hash = $1 and s.expires_at > $2`

// ClientSession finds the view that a token was given for, and judges the link anew: a revocation ends it at once.
// Errors: ErrNoSession, ErrLinkRevoked, ErrLinkExpired.
func (db *DB) ClientSession(ctx context.Context, token string, now time.Time) (s ClientSession, err error) {
	hash := sha256.Sum256([]byte(token))
	var id pgtype.UUID
	var until, expires int64
	var ended bool
	err = one(ctx, db, "session", findView, []any{hash[:], now.UnixMilli()}, &s.jti, &s.Name, &until, &id, &expires, &ended)
	if errors.Is(err, ErrNotFound) {
		err = fmt.Errorf("postgres: session: %w", ErrNoSession)
	}
	if err != nil {
		return s, err
	}
	s.ExpiresAt = time.UnixMilli(until)
	return s, wrap("session", db.show(ctx, &s, id.Bytes, ended, expires, now))
}

// Download appends disclosure.downloaded. Errors: ErrLinkRevoked, ErrLinkExpired.
func (db *DB) Download(ctx context.Context, s ClientSession, now time.Time) error {
	_, err := db.act(ctx, "download", s, now, nil, s.draft(record.KindDisclosureDownloaded, seal.Content{Name: "sha256", Value: s.Document.SHA256}))
	return err
}

// Ask appends disclosure.asked. Errors: ErrLinkRevoked, ErrLinkExpired, ErrInvalid.
func (db *DB) Ask(ctx context.Context, s ClientSession, question string, now time.Time) (at int64, err error) {
	return db.act(ctx, "ask", s, now, nil, s.draft(record.KindDisclosureAsked, seal.Content{Name: "question", Value: question}))
}

// Acknowledge appends disclosure.acknowledged, once: again gives the time of the first. Errors: ErrLinkRevoked, ErrLinkExpired, ErrInvalid.
func (db *DB) Acknowledge(ctx context.Context, s ClientSession, name, department string, now time.Time) (at int64, err error) {
	d := s.draft(record.KindDisclosureAcknowledged, seal.Content{Name: "name", Value: name})
	d.Fields = text(d.Fields, "department", department)
	var before *history.Mark
	at, err = db.act(ctx, "acknowledge", s, now, func(d *history.Disclosure) error {
		if before = d.Acknowledged; before != nil {
			return errOver
		}
		return nil
	}, d)
	if errors.Is(err, errOver) {
		return before.At, nil
	}
	return at, err
}

// act appends what a recipient does, while his link is in force.
func (db *DB) act(ctx context.Context, what string, s ClientSession, now time.Time, check func(*history.Disclosure) error, d Draft) (at int64, err error) {
	w := db.work(what, now)
	if err := w.watch(s, func(int) {}); err != nil {
		return 0, wrap(what, err)
	}
	if check != nil {
		w.checks = append(w.checks, func() error { return check(w.fold.set[s.State.Key()].(*history.Disclosure)) })
	}
	_, err = w.appendOffice(ctx, d)
	return now.UnixMilli(), err
}
