package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"
)

// expireAtOnce is how many uploads one round clears.
const expireAtOnce = 200

// codesKept is how long a code that ran out is still known, so that whoever comes late is told that he does.
const codesKept = 24 * time.Hour

// Expire forgets sessions and codes that ran out, and removes uploads that are past their time, and what finished ones left behind. The row goes last: while it stands, a crash leaves nothing
// that the next round does not find. Nobody continues an upload that is past its time, so nobody misses the bytes that went before it.
func (j *Jobs) Expire(ctx context.Context) error {
	if err := errors.Join(j.DB.DropSessions(ctx, j.Now()), j.DB.DropCodes(ctx, j.Now().Add(-codesKept))); err != nil {
		return err
	}
	uploads, err := j.DB.ExpiredUploads(ctx, j.Now(), expireAtOnce)
	if err != nil {
		return err
	}
	var faults []error
	for _, upload := range uploads {
		faults = append(faults, j.expire(ctx, upload.ID))
	}
	if len(uploads) > 0 {
		j.Log.Info("uploads expired", slog.Int("count", len(uploads)))
	}
	return errors.Join(faults...)
}

// expire removes all that lies under the name of an upload, chunks too that were staged and, because of a crash, never counted.
func (j *Jobs) expire(ctx context.Context, id string) error {
	for o, err := range j.Objects.List(ctx, "u/"+id+"/") {
		if err == nil {
			err = j.Objects.Delete(ctx, o.Key)
		}
		if err != nil {
			return fmt.Errorf("jobs: expire: %w", err)
		}
	}
	_, err := j.DB.DropUpload(ctx, id)
	return err
}
