package postgres

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"tachiai/sync/history"
)

// Copy finds the paper whose signer holds a secret and a code that he chose. Wrong codes are counted like wrong passcodes; a secret that nobody
// was given has nothing to count at. Errors: ErrPasscode (unknown, not arrived yet, erased, or the wrong code), *PausedError, ErrLocked.
func (db *DB) Copy(ctx context.Context, secret, code string, now time.Time) (Held, error) {
	sum := sha256.Sum256([]byte(secret))
	name := hex.EncodeToString(sum[:])
	known, err := state[*history.Copy](ctx, db, history.Key{Type: history.TypeCopy, ID: name})
	if errors.Is(err, ErrNotFound) {
		return Held{}, fmt.Errorf("postgres: copy: %w", ErrPasscode)
	}
	if err != nil {
		return Held{}, err
	}
	door := "copy/" + name
	ifWrong, err := db.knock(ctx, door, now)
	if err != nil {
		return Held{}, wrap("copy", err)
	}
	guess := sha256.Sum256([]byte(secret + "." + code))
	for _, mark := range known.Papers {
		paper, err := db.Held(ctx, mark.Record)
		if err != nil {
			return Held{}, err
		}
		chosen := paper.Text("copy_code_sha256")
		if paper.Text("copy_sha256") == name && subtle.ConstantTimeCompare([]byte(chosen), []byte(hex.EncodeToString(guess[:]))) == 1 {
			return paper, db.welcome(ctx, door)
		}
	}
	return Held{}, fmt.Errorf("postgres: copy: %w", ifWrong)
}

// Template reads a published form. Error: ErrNotFound.
func (db *DB) Template(ctx context.Context, id string, version int64) (*history.Template, error) {
	return state[*history.Template](ctx, db, history.Key{Type: history.TypeTemplate, ID: fmt.Sprintf("%s@%d", id, version)})
}
