package jobs

import (
	"context"
	"errors"
	"log/slog"
)

// expireAtOnce is how many uploads one round clears.
const expireAtOnce = 200

// Expire removes uploads that are past their time, and the chunks that finished ones left behind. The row goes first: a crash in between leaves
// objects under u/ without a row, which nobody can be served.
func (j *Jobs) Expire(ctx context.Context) error {
	uploads, err := j.DB.ExpiredUploads(ctx, j.Now(), expireAtOnce)
	if err != nil {
		return err
	}
	var faults []error
	for _, upload := range uploads {
		chunks, err := j.DB.DropUpload(ctx, upload.ID)
		faults = append(faults, err)
		for _, chunk := range chunks {
			faults = append(faults, j.Objects.Delete(ctx, chunk.Key))
		}
	}
	if len(uploads) > 0 {
		j.Log.Info("uploads expired", slog.Int("count", len(uploads)))
	}
	return errors.Join(faults...)
}
