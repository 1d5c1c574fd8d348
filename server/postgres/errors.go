package postgres

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"tachiai/sync/record"
)

// What can be wrong. Every error of this package wraps one of these, a context's error, or is a defect.
var (
	ErrNotFound    = errors.New("no such row")
	ErrConflict    = errors.New("contradicts what is stored")
	ErrInvalid     = errors.New("a value that the database refuses")
	ErrUnavailable = errors.New("database unavailable") // repeat later: cut connection, shutdown, deadlock, lock not granted in time
	ErrFull        = errors.New("database has no room")
	ErrNotMigrated = errors.New("database is not migrated")
	ErrSpoilt      = errors.New("stored evidence cannot be read; verify the ledger")
	ErrAppendOnly  = errors.New("append-only rows cannot be changed")

	ErrCodeInvalid = errors.New("no such enrolment code, or it is too old")
	ErrCodeUsed    = errors.New("enrolment code was used by another key")
	ErrRevoked     = errors.New("key is revoked")
	ErrMember      = errors.New("member is unknown or was removed")
	ErrNotOffice   = errors.New("member has no work in the office")
	ErrLastAdmin   = errors.New("the office needs an administrator")
	ErrNoSession   = errors.New("no such session, or it is over")

	ErrRecordUnknown = errors.New("no such record")
	ErrBlobNotNamed  = errors.New("the record names no such blob")
	ErrOffset        = errors.New("upload stands at another offset")
	ErrUploadGone    = errors.New("no such upload, or it has expired")

	ErrConsent     = errors.New("the worker's consent is missing or was withdrawn")
	ErrPractice    = errors.New("case is for practice")
	ErrVoid        = errors.New("case was voided")
	ErrNotReviewed = errors.New("visit was not approved by a reviewer")
	ErrHidden      = errors.New("the rep has hidden something in the photo")
	ErrNotApproved = errors.New("disclosure was not approved")
	ErrSamePerson  = errors.New("one person cannot do both")

	ErrPasscode    = errors.New("no such link, or the passcode is wrong")
	ErrPaused      = errors.New("too many wrong passcodes for now")
	ErrLocked      = errors.New("too many wrong passcodes; the office must unlock")
	ErrLinkExpired = errors.New("link has expired")
	ErrLinkRevoked = errors.New("link was taken back")
	ErrLinkUsedUp  = errors.New("link has no views left")

	ErrOutdated = errors.New("more has come than was seen")
	ErrOwnVisit = errors.New("nobody reviews his own visit")

	ErrCursorGone    = errors.New("cursor is of another ledger")
	ErrRange         = errors.New("beyond the ledger")
	ErrNotGrowing    = errors.New("checkpoint does not grow")
	ErrBehind        = errors.New("ledger is shorter than was published")
	ErrForked        = errors.New("ledger differs from what was published")
	ErrDecided       = errors.New("already decided")
	ErrNotReleasable = errors.New("no record can be made of it")
)

// SchemaError tells what is wrong with a record that the office wanted to seal.
type SchemaError struct{ Faults []record.Fault }

func (e *SchemaError) Error() string {
	return ErrInvalid.Error() + ": " + e.Faults[0].Pointer + " " + e.Faults[0].Code
}

// Unwrap makes it an ErrInvalid.
func (e *SchemaError) Unwrap() error { return ErrInvalid }

// OffsetError tells the offset that would have been right.
type OffsetError struct{ Offset int64 }

func (e *OffsetError) Error() string { return fmt.Sprintf("upload stands at %d", e.Offset) }

// Unwrap makes it an ErrOffset.
func (e *OffsetError) Unwrap() error { return ErrOffset }

// constraints gives the rules that a caller can break, by the names that they have in the migrations, their sentinels.
var constraints = map[string]error{
	"append_only":                  ErrAppendOnly,
	"checkpoint_grows":             ErrNotGrowing,
	"upload_does_not_overflow":     ErrOffset,
	"chunk_start_is_unique":        ErrOffset,
	"chunk_is_of_an_upload":        ErrUploadGone,
	"device_status_is_of_a_device": ErrNotFound,
}

// classes gives the rest of what Postgres reports its sentinel, by the first two characters of the code (SQLSTATE, appendix A of its manual).
var classes = map[string]error{
	"08": ErrUnavailable, // connection
	"22": ErrInvalid,     // data
	"23": ErrConflict,    // integrity
	"40": ErrUnavailable, // serialization, deadlock
	"53": ErrUnavailable, // resources
	"55": ErrUnavailable, // lock not available
	"57": ErrUnavailable, // shutdown, cancelled
	"58": ErrUnavailable, // its own I/O
}

// codes are the exceptions to classes.
var codes = map[string]error{
	"23514": ErrInvalid,     // check
	"23502": ErrInvalid,     // not null
	"42P01": ErrNotMigrated, // no such table
	"42703": ErrNotMigrated, // no such column
	"53100": ErrFull,        // disk full
}

// wrap gives an error its sentinel. The text of the driver stays out of it when it could hold values of rows.
func wrap(what string, err error) error {
	if err == nil {
		return nil
	}
	var pg *pgconn.PgError
	var network net.Error
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return fmt.Errorf("postgres: %s: %w", what, ErrNotFound)
	case errors.As(err, &pg):
		return fmt.Errorf("postgres: %s: %w (%s %s)", what, sentinel(pg), pg.Code, pg.ConstraintName)
	case errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return fmt.Errorf("postgres: %s: %w", what, err)
	case errors.As(err, &network), pgconn.SafeToRetry(err), connectionLost(err):
		return fmt.Errorf("postgres: %s: %w: %v", what, ErrUnavailable, err)
	}
	return fmt.Errorf("postgres: %s: %w", what, err)
}

func sentinel(pg *pgconn.PgError) error {
	if err, ok := constraints[pg.ConstraintName]; ok {
		return err
	}
	if err, ok := codes[pg.Code]; ok {
		return err
	}
	if len(pg.Code) == 5 {
		if err, ok := classes[pg.Code[:2]]; ok {
			return err
		}
	}
	return errors.New(pg.Message)
}

// connectionLost tells a connection that broke in the middle; what it was doing may have been committed.
func connectionLost(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
}
