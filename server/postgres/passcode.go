package postgres

import (
	"context"
	"crypto/pbkdf2"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"fmt"
	"io"
	"math/big"
	"time"

	"github.com/jackc/pgx/v5"
)

// A passcode is 8 digits, told by another channel than the link. It is kept stretched; what protects it is the bound on guesses.
const (
	passcodeDigits = 8
	passcodeRounds = 600_000 // of PBKDF2-HMAC-SHA256: what OWASP's Password Storage Cheat Sheet asks for

	guessesOfARound = 5
	roundsToLock    = 3
	pauseOfARound   = 15 * time.Minute
)

// stretched is a passcode as it is kept. The zero value is no passcode's.
type stretched struct {
	salt       []byte
	iterations int
	key        []byte
}

// newPasscode makes 8 random digits, all equally likely.
func newPasscode(random io.Reader, iterations int) (string, stretched, error) {
	n, err := rand.Int(random, big.NewInt(100_000_000))
	if err != nil {
		return "", stretched{}, err
	}
	code := fmt.Sprintf("%0*d", passcodeDigits, n)
	s := stretched{salt: make([]byte, 16), iterations: iterations}
	if _, err := io.ReadFull(random, s.salt); err != nil {
		return "", stretched{}, err
	}
	s.key, err = s.stretch(code)
	return code, s, err
}

func (s stretched) stretch(code string) ([]byte, error) {
	return pbkdf2.Key(sha256.New, code, s.salt, s.iterations, sha256.Size)
}

// is reports whether a guess is the passcode. Where there is none it takes as long as iterations do, and is false.
func (s stretched) is(guess string, iterations int) bool {
	known := len(s.key) == sha256.Size
	if !known {
		s = stretched{salt: make([]byte, 16), iterations: iterations, key: make([]byte, sha256.Size)}
	}
	key, err := s.stretch(guess)
	return err == nil && subtle.ConstantTimeCompare(key, s.key) == 1 && known
}

// PausedError says until when no guess is judged.
type PausedError struct{ Until time.Time }

func (e *PausedError) Error() string { return "paused until " + e.Until.UTC().Format(time.RFC3339) }

// Unwrap makes it an ErrPaused.
func (e *PausedError) Unwrap() error { return ErrPaused }

const (
	makeDoor  = `insert into guesses (door) values ($1) on conflict do nothing`
	lockDoor  = `select wrong, rounds, paused_until from guesses where door = $1 for update`
	countDoor = `update guesses set wrong = $2, rounds = $3, paused_until = $4 where door = $1`
	openDoor  = `delete from guesses where door = $1`
)

// knock counts a guess before it is judged, under the lock of its door. It returns what a wrong one is to be told; err refuses to judge any:
// *PausedError or ErrLocked. A crash before the judgement leaves a guess counted that nobody made use of.
func (db *DB) knock(ctx context.Context, door string, now time.Time) (ifWrong, err error) {
	var refused error
	err = db.transact(ctx, "guess", func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, makeDoor, door); err != nil {
			return err
		}
		var wrong, rounds int
		var paused int64
		if err := tx.QueryRow(ctx, lockDoor, door).Scan(&wrong, &rounds, &paused); err != nil {
			return err
		}
		if refused = refusal(rounds, paused, now); refused != nil {
			return nil //nolint:nilerr // nothing to undo: the refusal is told below
		}
		if wrong++; wrong == guessesOfARound {
			wrong, rounds, paused = 0, rounds+1, now.Add(pauseOfARound).UnixMilli()
		}
		if ifWrong = refusal(rounds, paused, now); ifWrong == nil {
			ifWrong = ErrPasscode
		}
		_, err := tx.Exec(ctx, countDoor, door, wrong, rounds, paused)
		return err
	})
	if err == nil {
		err = refused
	}
	return ifWrong, err
}

// refusal is why a door with such a history judges no guess now.
func refusal(rounds int, paused int64, now time.Time) error {
	switch {
	case rounds >= roundsToLock:
		return ErrLocked
	case paused > now.UnixMilli():
		return &PausedError{time.UnixMilli(paused)}
	}
	return nil
}

// welcome forgets the guesses at a door, after the right one.
func (db *DB) welcome(ctx context.Context, door string) error {
	_, err := db.pool.Exec(ctx, openDoor, door)
	return wrap("guess", err)
}
