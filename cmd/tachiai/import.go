package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"tachiai/server/postgres"
	"tachiai/server/rescue"
	"tachiai/sync/record"
)

const importManual = `Usage: tachiai import FILE

Takes in a rescue file: all unsent work of one phone, which its app has written
because it cannot sync any more, or because its PIN is forgotten. The result is
the same as if the phone had synced. Only the server that the phone enrolled
with can open the file: it needs "rescue.age" of the key inventory.

What is there already stays as it is, so the same file may be imported again,
also after the phone has synced in part. "-" reads standard input. It works
beside a running server and without one.

What was taken is printed. The exit status is 1 when the file is cut off, when
something in it is damaged, or when a record had to go to quarantine; all the
rest has been taken in nevertheless.
`

func importCommand(ctx context.Context, p process, args []string) error {
	if len(args) != 1 || args[0] == "" || strings.HasPrefix(args[0], "-") && args[0] != "-" {
		return errUsage
	}
	from := p.stdin
	if args[0] != "-" {
		file, err := os.Open(args[0])
		if err != nil {
			return err
		}
		defer file.Close()
		from = file
	}
	return beside(ctx, p, func(h *house) error {
		work := h.jobs()
		if err := work.CheckMirrors(ctx); err != nil {
			return err
		}
		if red := work.State().Red; len(red) > 0 {
			return fmt.Errorf("the ledger is red, nothing was taken: %s", strings.Join(red, "; "))
		}
		desk := rescue.Desk{DB: h.db, Objects: h.objects, Keys: h.keys, Now: time.Now}
		taken, err := desk.Take(ctx, from, postgres.Caller{})
		if taken == nil {
			return err
		}
		whole := h.tell(ctx, p.stdout, taken)
		if err == nil && !whole {
			err = errSilent
		}
		return err
	})
}

// tell prints what became of a rescue file, and reports whether all of it was taken.
func (h *house) tell(ctx context.Context, w io.Writer, t *rescue.Taken) (whole bool) {
	whose := "an unknown member"
	if m, err := h.db.Member(ctx, t.Member); err == nil {
		whose = m.Name
	} else if t.Member != (record.ID{}) {
		whose = t.Member.String()
	}
	fmt.Fprintf(w, "of %s, written %s by the phone's clock\n", whose, t.MadeAt.Format(time.DateTime+" UTC"))
	records := map[postgres.Status]int{}
	for _, r := range t.Records {
		records[r.Status]++
	}
	fresh := 0
	for _, b := range t.Blobs {
		if b.Fresh {
			fresh++
		}
	}
	fmt.Fprintf(w, "records  %d: %d new, %d here already, %d to quarantine\n",
		len(t.Records), records[postgres.StatusAccepted], records[postgres.StatusDuplicate], records[postgres.StatusQuarantined])
	fmt.Fprintf(w, "photos   %d: %d new, %d here already\n", len(t.Blobs), fresh, len(t.Blobs)-fresh)
	for _, r := range t.Records {
		if r.Status == postgres.StatusQuarantined {
			fmt.Fprintf(w, "quarantined, %s: %s\n", r.Problem, r.Hash)
		}
	}
	if t.Nobody > 0 {
		fmt.Fprintf(w, "left out, for no record here needs them: %d photos\n", t.Nobody)
	}
	if err := errors.Join(t.Damaged...); err != nil {
		fmt.Fprintf(w, "damaged, left out: %d\n%v\n", len(t.Damaged), err)
	}
	if t.Cut {
		fmt.Fprintln(w, "the file is cut off: what stands behind this is missing; ask for it again")
	}
	return !t.Cut && len(t.Damaged) == 0 && records[postgres.StatusQuarantined] == 0
}
