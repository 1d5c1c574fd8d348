package jobs

import (
	"context"
	"errors"
	"fmt"
	"io"

	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/sync/blob"
)

// sampleSize is how many blobs one full check reads.
const sampleSize = 50

// SampleBlobs reads a random sample of the stored blobs from the object store. One that is missing or has other bytes turns the ledger red.
func (j *Jobs) SampleBlobs(ctx context.Context) error {
	damaged, err := j.damagedBlobs(ctx)
	if err != nil {
		return err
	}
	return j.judge(damaged)
}

func (j *Jobs) damagedBlobs(ctx context.Context) ([]postgres.Finding, error) {
	slots, err := j.DB.SampleBlobs(ctx, sampleSize)
	if err != nil {
		return nil, err
	}
	var damaged []postgres.Finding
	for _, slot := range slots {
		err := j.readBlob(ctx, slot)
		switch {
		case errors.Is(err, objects.ErrNotFound), errors.Is(err, blob.ErrMismatch), errors.Is(err, blob.ErrSize):
			damaged = append(damaged, postgres.Finding{Index: -1, Row: "blob " + slot.Stored.Key, Text: err.Error()})
		case err != nil:
			return nil, fmt.Errorf("jobs: sample blobs: %w", err)
		}
	}
	return damaged, nil
}

// readBlob reads a blob to its end.
func (j *Jobs) readBlob(ctx context.Context, slot postgres.Slot) error {
	content, _, err := j.Objects.Get(ctx, slot.Stored.Key)
	if err != nil {
		return err
	}
	defer content.Close()
	_, err = io.Copy(io.Discard, blob.NewReader(content, blob.Ref(slot.SHA256), slot.Stored.Size))
	return err
}
