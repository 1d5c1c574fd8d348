package jobs

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tachiai/server/postgres"
	"tachiai/sync/ledger"
)

// Start is the check before the first request: what the mirrors hold against the database, then everything since the last clean check. The
// ledger may be red afterwards (State); an error means that the check could not be made.
func (j *Jobs) Start(ctx context.Context) error {
	if err := j.CheckMirrors(ctx); err != nil {
		return err
	}
	if err := j.Check(ctx); err != nil && !errors.Is(err, ErrRed) {
		return err
	}
	return nil
}

// CheckMirrors compares the highest mirrored checkpoint of each origin with the database. A database that is older than what was published, or
// has another root at that size, turns the ledger red.
func (j *Jobs) CheckMirrors(ctx context.Context) error {
	highest, err := j.Highest(ctx)
	if err != nil {
		return err
	}
	for _, c := range highest {
		switch err := j.DB.CheckAgainst(ctx, c); {
		case errors.Is(err, postgres.ErrBehind):
			j.turnRed(fmt.Sprintf("the database is older than the checkpoint of %d entries that was published (%s); "+
				"if the rest is lost for good: tachiai restore --accept-loss", c.Size, c.Origin))
		case errors.Is(err, postgres.ErrForked):
			j.turnRed(fmt.Sprintf("the database has another root at %d entries than the checkpoint that was published (%s)", c.Size, c.Origin))
		case err != nil:
			return err
		}
	}
	return nil
}

// Highest gives the highest mirrored checkpoint of each origin, the current one's first to be found. It looks behind the checkpoint that the
// database knows; when the mirrors hold nothing newer, there is nothing to compare and the answer is the mirrored form of that one.
func (j *Jobs) Highest(ctx context.Context) ([]ledger.Checkpoint, error) {
	head, err := j.DB.Head(ctx)
	if err != nil {
		return nil, err
	}
	from := ""
	last, err := j.DB.LatestCheckpoint(ctx)
	switch {
	case err == nil && last.Size > 0:
		from = checkpointName(last.Size-1) + "~" // behind every suffix, so that the known one is among the names
	case err != nil && !errors.Is(err, postgres.ErrNotFound):
		return nil, err
	}
	found := map[string]ledger.Checkpoint{}
	for _, place := range []mirror{bucket{j.Objects}, directory(j.Dir)} {
		names, err := place.after(ctx, from)
		if err != nil {
			return nil, fmt.Errorf("jobs: list checkpoints: %w", err)
		}
		seen := map[string]bool{}
		for _, name := range slices.Backward(names) {
			signed, err := place.read(ctx, name)
			if err != nil {
				return nil, fmt.Errorf("jobs: read checkpoint %s: %w", name, err)
			}
			c, err := j.open(signed)
			if err != nil {
				j.turnRed(fmt.Sprintf("the mirrored checkpoint %s is not one of this ledger: %v", name, err))
				return nil, nil
			}
			if seen[c.Origin] {
				continue
			}
			seen[c.Origin] = true
			if c.Size > found[c.Origin].Size {
				found[c.Origin] = c
			}
			if c.Origin == head.Origin {
				break
			}
		}
	}
	var highest []ledger.Checkpoint
	for _, c := range found {
		highest = append(highest, c)
	}
	slices.SortFunc(highest, func(a, b ledger.Checkpoint) int { return int(b.Size - a.Size) })
	return highest, nil
}

// Check looks at everything since the last clean check. A ledger that is red already stays so.
func (j *Jobs) Check(ctx context.Context) error {
	if len(j.State().Red) > 0 {
		return ErrRed
	}
	findings, err := j.DB.Check(ctx, j.Office, j.Now())
	if err != nil {
		return err
	}
	return j.judge(findings)
}

// Verify looks at everything, at the mirrors, and at the bytes of a sample of blobs.
func (j *Jobs) Verify(ctx context.Context) error {
	if len(j.State().Red) > 0 {
		return ErrRed
	}
	if err := j.CheckMirrors(ctx); err != nil {
		return err
	}
	var findings []postgres.Finding
	_, err := j.DB.Verify(ctx, j.Office, j.Now(), func(f postgres.Finding) { findings = append(findings, f) })
	if err != nil {
		return err
	}
	damaged, err := j.damagedBlobs(ctx)
	if err != nil {
		return err
	}
	return j.judge(append(findings, damaged...))
}

// judge notes the outcome of a check that was made.
func (j *Jobs) judge(findings []postgres.Finding) error {
	j.mu.Lock()
	j.state.Checked = j.Now()
	j.mu.Unlock()
	if len(findings) == 0 {
		return nil
	}
	reasons := make([]string, 0, len(findings))
	for _, f := range findings[:min(len(findings), 20)] {
		reasons = append(reasons, fmt.Sprintf("%s: %s", f.Row, f.Text))
	}
	j.turnRed(reasons...)
	return ErrRed
}
