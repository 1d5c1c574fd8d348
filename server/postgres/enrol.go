package postgres

import (
	"context"
	"crypto/ecdsa"
	"crypto/sha256"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// CodeLife is how long a one-time code is good for.
const CodeLife = 10 * time.Minute

const insertCode = `insert into enrolment_codes (hash, member, expires_at) values ($1, $2, $3)`

// NewEnrolmentCode makes a one-time code for a member's phone, 12 characters, good for 10 minutes. Only its hash is kept.
// Error: ErrMember (unknown or removed).
func (db *DB) NewEnrolmentCode(ctx context.Context, member record.ID, now time.Time) (string, error) {
	m, err := db.Member(ctx, member)
	if errors.Is(err, ErrNotFound) || err == nil && !m.Active {
		return "", fmt.Errorf("postgres: enrolment code: %w", ErrMember)
	}
	if err != nil {
		return "", err
	}
	code := wire.NewCode(db.config.Random)
	hash := sha256.Sum256([]byte(code))
	_, err = db.pool.Exec(ctx, insertCode, hash[:], memberUUID(member), now.Add(CodeLife).UnixMilli())
	return code.String(), wrap("enrolment code", err)
}

// Enrolment asks for a key to be enrolled. Either Code is set, or AuthorisedBy, whose proof the caller has verified.
type Enrolment struct {
	Code         string // as a person typed it
	AuthorisedBy record.KeyID
	KeyID        record.KeyID
	Public       *ecdsa.PublicKey
	JWK          string // as seal.MarshalJWK writes it
	Label        string
}

const (
	readCode     = `select member, expires_at, kid, session_at is not null from enrolment_codes where hash = $1`
	insertDevice = `
insert into devices (kid, jwk, member, label, certificate, authorised_by, enrolled_at) values ($1, $2, $3, $4, $5, $6, $7)`
	// the row too: whoever opens a session with the code holds no ledger's lock
	lockCode = `select kid is not null or session_at is not null from enrolment_codes where hash = $1 for update`
	useCode  = `update enrolment_codes set kid = $2 where hash = $1`
)

// Enrol makes a key a member's and signs its certificate. An answer may be lost: the same request again, whenever, gets the same answer, and
// nothing is appended. A key that is enrolled for another member is ErrConflict.
// Errors: ErrCodeInvalid, ErrCodeUsed, ErrMember, ErrNotFound (no such old key), ErrRevoked (the old key, or this one).
func (db *DB) Enrol(ctx context.Context, e Enrolment, now time.Time) (Device, error) {
	j := joining{db: db, Enrolment: e, now: now}
	if err := j.ticket(ctx); err != nil {
		return Device{}, fmt.Errorf("postgres: enrol: %w", err)
	}
	held, err := db.Device(ctx, e.KeyID)
	switch {
	case err == nil:
		return held, j.again(held)
	case !errors.Is(err, ErrNotFound):
		return Device{}, err
	case j.expired:
		return Device{}, fmt.Errorf("postgres: enrol: %w", ErrCodeInvalid)
	}
	err = j.join(ctx)
	if errors.Is(err, errRaced) {
		return db.Enrol(ctx, e, now) // the same request won; its answer is ours
	}
	if err != nil {
		return Device{}, err
	}
	return db.Device(ctx, e.KeyID)
}

// errRaced: the key or the code was taken while this request waited for the lock.
var errRaced = errors.New("enrolled meanwhile")

// joining is one enrolment on its way.
type joining struct {
	db *DB
	Enrolment
	now     time.Time
	code    [32]byte
	member  Member
	expired bool
}

// ticket finds out for which member the request speaks.
func (j *joining) ticket(ctx context.Context) error {
	var member record.ID
	if !j.AuthorisedBy.IsZero() {
		old, err := j.db.Device(ctx, j.AuthorisedBy)
		if err != nil {
			return err
		}
		if old.Revoked() {
			return ErrRevoked
		}
		member = old.Member
	} else {
		code, err := wire.ParseCode(j.Code)
		if err != nil {
			return ErrCodeInvalid
		}
		j.code = sha256.Sum256([]byte(code))
		var id pgtype.UUID
		var expires int64
		var kid []byte
		var opened bool
		err = one(ctx, j.db, "code", readCode, []any{j.code[:]}, &id, &expires, &kid, &opened)
		if errors.Is(err, ErrNotFound) {
			return ErrCodeInvalid
		}
		if err != nil {
			return err
		}
		if opened || kid != nil && hashOf[record.KeyID](kid) != j.KeyID {
			return ErrCodeUsed
		}
		j.expired = j.now.UnixMilli() >= expires
		member = id.Bytes
	}
	m, err := j.db.Member(ctx, member)
	if errors.Is(err, ErrNotFound) || err == nil && !m.Active {
		return ErrMember
	}
	j.member = m
	return err
}

// again judges a request for a key that is enrolled.
func (j *joining) again(held Device) error {
	switch {
	case held.Member != j.member.ID:
		return fmt.Errorf("postgres: enrol: %w: the key is another member's", ErrConflict)
	case held.Revoked():
		return fmt.Errorf("postgres: enrol: %w", ErrRevoked)
	}
	return nil
}

// join appends device.enrolled with the row of the device.
func (j *joining) join(ctx context.Context) error {
	w := j.db.work("enrol", j.now)
	w.kid(j.KeyID)
	standing, err := j.db.Standing(ctx, j.now)
	if err != nil {
		return err
	}
	certificate, err := seal.SignDeviceCert(seal.DeviceCert{
		Origin: standing.Origin, Key: j.Public, Member: j.member.ID, Name: j.member.Name, IssuedAt: j.now.UnixMilli(),
	}, j.db.config.Office)
	if err != nil {
		return fmt.Errorf("postgres: enrol: %w", err)
	}
	jwk, err := ijson.Parse([]byte(j.JWK), ijson.Limits{})
	if err != nil {
		return fmt.Errorf("postgres: enrol: %w: %w", ErrInvalid, err)
	}
	var used bool
	if j.AuthorisedBy.IsZero() {
		w.reads = append(w.reads, func(b *pgx.Batch) {
			b.Queue(lockCode, j.code[:]).QueryRow(func(row pgx.Row) error { return row.Scan(&used) })
		})
	}
	w.checks = append(w.checks, func() error {
		if _, taken := w.known.devices[j.KeyID]; taken || used {
			return errRaced
		}
		return nil
	})
	w.writes = append(w.writes, func(b *pgx.Batch) {
		b.Queue(insertDevice, j.KeyID[:], j.JWK, memberUUID(j.member.ID), j.Label, certificate, orNull(j.AuthorisedBy), j.now.UnixMilli())
		if j.AuthorisedBy.IsZero() {
			b.Queue(useCode, j.code[:], j.KeyID[:])
		}
	})
	fields := []seal.Content{{Name: "kid", Value: j.KeyID}, {Name: "member", Value: j.member.ID}, {Name: "jwk", Value: jwk}, {Name: "label", Value: j.Label}}
	if !j.AuthorisedBy.IsZero() {
		fields = append(fields, seal.Content{Name: "authorised_by", Value: j.AuthorisedBy})
	}
	_, err = w.appendOffice(ctx, Draft{Kind: record.KindDeviceEnrolled, Actor: j.member.ID, Fields: fields})
	return err
}

const dropCodes = `delete from enrolment_codes where expires_at < $1 and kid is null`

// DropCodes forgets codes that ran out unused.
func (db *DB) DropCodes(ctx context.Context, now time.Time) error {
	_, err := db.pool.Exec(ctx, dropCodes, now.UnixMilli())
	return wrap("enrolment code", err)
}
