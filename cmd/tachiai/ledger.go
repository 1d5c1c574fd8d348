package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"tachiai/server/jobs"
	"tachiai/server/postgres"
)

const ledgerManual = `Usage: tachiai ledger verify | checkpoint | status

"verify" reads everything: each record's hash, signature and receipt, each
journal's chain, the tree and its root, the published checkpoints and their
mirrors in the object store and in DATA_DIR. It names what it finds and exits
with status 1 unless there is nothing.

"checkpoint" publishes the present state now and prints the signed checkpoint.

"status" prints size, root and origin of the ledger, and what was published.
`

func ledgerCommand(ctx context.Context, p process, args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	work, ok := map[string]func(context.Context, io.Writer, *house) error{
		"verify": verifyLedger, "checkpoint": publishCheckpoint, "status": ledgerStatus,
	}[args[0]]
	if !ok {
		return fmt.Errorf("%w: %q", errUsage, args[0])
	}
	return beside(ctx, p, func(h *house) error { return work(ctx, p.stdout, h) })
}

func verifyLedger(ctx context.Context, w io.Writer, h *house) error {
	work := h.jobs()
	if err := work.CheckMirrors(ctx); err != nil {
		return err
	}
	red := work.State().Red
	for _, reason := range red {
		fmt.Fprintln(w, "RED  ", reason)
	}
	summary, err := h.db.Verify(ctx, nil, time.Now(), func(f postgres.Finding) {
		fmt.Fprintf(w, "RED   %s: %s\n", f.Row, f.Text)
	})
	if err != nil {
		return err
	}
	if err := work.SampleBlobs(ctx); err != nil {
		if !errors.Is(err, jobs.ErrRed) {
			return err
		}
		for _, reason := range work.State().Red[len(red):] {
			fmt.Fprintln(w, "RED  ", reason)
		}
	}
	fmt.Fprintf(w, "size  %d\nroot  %s\n", summary.Size, summary.Root)
	if summary.Findings > 0 || len(work.State().Red) > 0 {
		return errSilent
	}
	_, err = fmt.Fprintf(w, "ok    %d records\n", summary.Records)
	return err
}

func publishCheckpoint(ctx context.Context, w io.Writer, h *house) error {
	work := h.jobs()
	if err := work.CheckMirrors(ctx); err != nil {
		return err
	}
	if red := work.State().Red; len(red) > 0 {
		return fmt.Errorf("the ledger is red: %s", red[0])
	}
	if err := work.Publish(ctx); err != nil {
		return err
	}
	last, err := h.db.LatestCheckpoint(ctx)
	if err != nil {
		return err
	}
	_, err = w.Write(last.Note)
	return err
}

func ledgerStatus(ctx context.Context, w io.Writer, h *house) error {
	head, err := h.db.Head(ctx)
	if err != nil {
		return err
	}
	standing, err := h.db.Standing(ctx, time.Now())
	if err != nil {
		return err
	}
	fmt.Fprintf(w, "origin     %s\nsize       %d\nroot       %s\nsafe index %d\n", head.Origin, head.Size, head.Root, standing.SafeIndex)
	last, err := h.db.LatestCheckpoint(ctx)
	if errors.Is(err, postgres.ErrNotFound) {
		_, err = fmt.Fprintln(w, "published  nothing yet")
		return err
	}
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "published  %d at %s\n", last.Size, last.PublishedAt.Format(time.RFC3339))
	return err
}
