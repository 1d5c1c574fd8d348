package main

import (
	"context"
	"fmt"

	"tachiai/server/postgres"
)

const rebuildManual = `Usage: tachiai rebuild [--check]

Folds all records of the ledger again and compares the result with the tables
that screens and phones read. What differs is named and put right; with
"--check" it is only named, and the exit status is 1 when there is any.
Records themselves are never touched.
`

func rebuildCommand(ctx context.Context, p process, args []string) error {
	check := len(args) == 1 && args[0] == "--check"
	if len(args) > 0 && !check {
		return errUsage
	}
	return beside(ctx, p, func(h *house) error {
		found := 0
		_, err := h.db.Rebuild(ctx, !check, func(d postgres.Difference) {
			found++
			fmt.Fprintf(p.stdout, "%s %s: %s\n", d.Type, d.ID, d.Text)
		})
		if err != nil {
			return err
		}
		if found == 0 {
			fmt.Fprintln(p.stdout, "nothing differs")
		} else if check {
			return errSilent
		}
		return nil
	})
}
