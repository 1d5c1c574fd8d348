package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"tachiai/server/postgres"
)

const restoreManual = `Usage: tachiai restore --accept-loss

For a database that was restored from a backup and is older than what was
published about it: the server then stays red, and only reads. First look for a
newer backup. When the rest is lost for good, this keeps the restored ledger,
gives it a new origin, and appends "origin.opened", which names the old origin
and the highest published size and root: the loss stays on record. Phones see
the new origin and push again all that they hold.

Stop the servers before, start them after.
`

func restoreCommand(ctx context.Context, p process, args []string) error {
	if len(args) != 1 || args[0] != "--accept-loss" {
		return errUsage
	}
	return beside(ctx, p, func(h *house) error {
		work := h.jobs()
		highest, err := work.Highest(ctx)
		if err != nil {
			return err
		}
		for _, lost := range highest {
			switch err := h.db.CheckAgainst(ctx, lost); {
			case err == nil:
				continue
			case !errors.Is(err, postgres.ErrBehind):
				return fmt.Errorf("checkpoint of %d entries of %s: %w", lost.Size, lost.Origin, err)
			}
			admin, err := h.admin(ctx)
			if err != nil {
				return err
			}
			now := time.Now()
			origin := firstOrigin("https://"+hostOf(lost.Origin), now)
			opened, err := h.db.AcceptLoss(ctx, lost, origin, admin, now)
			if err != nil {
				return err
			}
			fmt.Fprintf(p.stdout, "lost       %s\n           %d entries were published, root %s\nopened     %s at index %d\n",
				lost.Origin, lost.Size, lost.Root, origin, opened.Index)
			return h.jobs().Publish(ctx)
		}
		return errors.New("nothing is lost: the database holds all that was published")
	})
}
