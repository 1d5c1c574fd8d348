package jobs

import (
	"bytes"
	"context"
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"

	"tachiai/server/failpoint"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/ledger"
)

// prefix is where checkpoints lie, in the object store and in the data directory.
const prefix = "checkpoints/"

// ErrRed says that the ledger contradicts what was published about it.
var ErrRed = errors.New("jobs: ledger is red")

// Publish signs the present state of the ledger, writes it create-only to the object store and to the data directory, and only then makes it
// the published checkpoint. A crash in between leaves a mirrored checkpoint that nobody has seen; the database holds at least as much, so the
// next start agrees with it. Another checkpoint where this one should go turns the ledger red.
func (j *Jobs) Publish(ctx context.Context) error {
	j.turn.Lock()
	defer j.turn.Unlock()
	if len(j.State().Red) > 0 {
		return ErrRed
	}
	head, err := j.DB.Head(ctx)
	if err != nil {
		return err
	}
	last, err := j.DB.LatestCheckpoint(ctx)
	if err != nil && !errors.Is(err, postgres.ErrNotFound) {
		return err
	}
	if head.Size == 0 || (head.Size <= last.Size && head.Origin == last.Origin) {
		return nil
	}
	signed, err := head.Sign(j.Key)
	if err != nil {
		return fmt.Errorf("jobs: sign checkpoint: %w", err)
	}
	err = j.mirror(ctx, head, signed)
	if err == nil {
		err = j.DB.PublishCheckpoint(ctx, postgres.Checkpoint{Checkpoint: head, Note: signed}, j.Now())
	}
	switch {
	case errors.Is(err, postgres.ErrNotGrowing): // another server was faster
		return nil
	case errors.Is(err, postgres.ErrForked), errors.Is(err, postgres.ErrBehind), errors.Is(err, errOther):
		j.turnRed(fmt.Sprintf("checkpoint %d cannot be published: %v", head.Size, err))
		return errors.Join(ErrRed, err)
	}
	return err
}

// errOther says that something else lies where a checkpoint should go.
var errOther = errors.New("jobs: another checkpoint of this size was published")

// mirror writes a checkpoint to both places. What lies there already must be the same.
func (j *Jobs) mirror(ctx context.Context, c ledger.Checkpoint, signed []byte) error {
	for _, place := range []mirror{bucket{j.Objects}, directory(j.Dir)} {
		if err := j.place(ctx, place, c, signed); err != nil {
			return err
		}
		failpoint.Here("checkpoint.mirrored")
	}
	return nil
}

// place writes a checkpoint under its size. Where a former origin of this ledger has published a larger state that was then lost, its
// checkpoint holds that name and stays; the new one takes a name with its origin in it.
func (j *Jobs) place(ctx context.Context, to mirror, c ledger.Checkpoint, signed []byte) error {
	for _, name := range []string{checkpointName(c.Size), checkpointName(c.Size) + originSuffix(c.Origin)} {
		err := to.create(ctx, name, signed)
		if !errors.Is(err, objects.ErrExists) {
			return err
		}
		held, err := to.read(ctx, name)
		if err != nil {
			return err
		}
		if bytes.Equal(held, signed) {
			return nil
		}
		if other, err := j.open(held); err != nil || other.Origin == c.Origin {
			return fmt.Errorf("%w: %s", errOther, name)
		}
	}
	return errOther
}

// checkpointName sorts by size.
func checkpointName(size int64) string { return fmt.Sprintf("%020d", size) }

// originSuffix tells the checkpoints of a later origin from those of the first.
func originSuffix(origin string) string {
	sum := sha256.Sum256([]byte(origin))
	return "-" + hex.EncodeToString(sum[:4])
}

// open reads a checkpoint of this ledger, whatever its origin, and checks that our key signed it.
func (j *Jobs) open(signed []byte) (ledger.Checkpoint, error) {
	origin, _, _ := bytes.Cut(signed, []byte("\n"))
	key, err := ledger.NewKey(string(origin), j.Key.Public().(ed25519.PublicKey))
	if err != nil {
		return ledger.Checkpoint{}, err
	}
	return ledger.Open(signed, key)
}
