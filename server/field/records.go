package field

import (
	"context"
	"fmt"
	"net/http"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// push takes a batch of records (docs/protocol.md section 5). Signatures are verified before the transaction, on all cores; receipts are signed
// after it. Whatever the records are, the batch as a whole is refused only when its envelope cannot be read.
func (a *API) push(c echo.Context) error {
	body, err := readJSON(c.Request(), wire.MaxBody)
	if err != nil {
		return err
	}
	push, err := wire.ParsePush(body)
	if err != nil {
		return err
	}
	ctx, caller, now := c.Request().Context(), callerOf(c), a.Now()
	batch, err := a.judge(ctx, push.Records)
	if err != nil {
		return err
	}
	failpoint.Here("push.judged")
	taken, err := a.DB.Accept(ctx, batch, postgres.Caller{KeyID: caller.KeyID, Member: caller.Member}, now)
	if err != nil {
		return err
	}
	failpoint.Here("push.committed")
	a.Committed()
	answer, err := a.answer(taken, now)
	if err != nil {
		return err
	}
	if push.Device != nil {
		push.Device.Outbox = max(push.Device.Outbox-int64(len(push.Records)), 0) // these have their receipts now
	}
	a.noteStatus(ctx, caller.KeyID, push.Device, now)
	text, err := answer.Marshal()
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, text)
}

// judge reads and verifies each record. What is not of the form, or not signed by a key that was ever enrolled, becomes a suspect: it goes to
// quarantine, and the ones behind it go on.
func (a *API) judge(ctx context.Context, texts []string) ([]postgres.Arrival, error) {
	parsed := make([]*record.Record, len(texts))
	batch := make([]postgres.Arrival, len(texts))
	a.each(len(texts), func(i int) {
		r, err := seal.Parse(texts[i])
		if err != nil {
			batch[i].Suspect = &postgres.Suspect{Text: []byte(texts[i]), Code: seal.Code(err)}
			return
		}
		parsed[i] = r
	})
	known, err := a.publicKeys(ctx, parsed)
	if err != nil {
		return nil, err
	}
	a.each(len(texts), func(i int) {
		r := parsed[i]
		if r == nil {
			return
		}
		err := seal.ErrUnknownKey
		if public, ok := known[r.KeyID]; ok {
			err = seal.Verify(r, public)
		}
		if err != nil {
			batch[i].Suspect = &postgres.Suspect{Text: []byte(texts[i]), Code: seal.Code(err), KeyID: r.KeyID, Record: r}
			return
		}
		batch[i].Record = r
	})
	return batch, nil
}

// each calls do for 0 ≤ i < n on as many cores as there are, and on no more over all requests together. While pushes stand in line for the
// database, one core is left to the transaction under way: what is verified in haste would only wait behind it.
func (a *API) each(n int, do func(i int)) {
	one := func(i int) {
		if a.DB.PushesWait() {
			a.yielding <- struct{}{}
			defer func() { <-a.yielding }()
		}
		a.verifying <- struct{}{}
		defer func() { <-a.verifying }()
		do(i)
	}
	if n == 1 {
		one(0)
		return
	}
	var next atomic.Int64
	var workers sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		workers.Go(func() {
			for i := next.Add(1) - 1; i < int64(n); i = next.Add(1) - 1 {
				one(int(i))
			}
		})
	}
	workers.Wait()
}

// answer signs the receipts of a judged batch.
func (a *API) answer(taken *postgres.Acceptance, now time.Time) (*wire.PushAnswer, error) {
	results := make([]wire.Result, len(taken.Outcomes))
	var failed atomic.Pointer[error]
	a.each(len(results), func(i int) {
		o := taken.Outcomes[i]
		token, err := seal.SignCore(o.ReceiptCore, a.Keys.Receipt)
		if err != nil {
			err = fmt.Errorf("field: sign receipt: %w", err)
			failed.Store(&err)
			return
		}
		results[i] = wire.Result{Hash: o.Hash, Status: string(o.Status), Receipt: token, Flags: o.Flags, Problem: o.Problem}
		a.Counts.Record(string(o.Status))
	})
	if err := failed.Load(); err != nil {
		return nil, *err
	}
	answer := &wire.PushAnswer{
		Results: results, Heads: taken.Heads,
		Standing: wire.Standing{Origin: taken.Origin, SafeIndex: taken.SafeIndex, ServerTime: now.UnixMilli()},
	}
	for _, m := range taken.Missing {
		answer.MissingBlobs = append(answer.MissingBlobs, wire.MissingBlob{Record: m.Record, ID: m.ID, SHA256: m.SHA256.String()})
	}
	return answer, nil
}

// noteStatus keeps what a phone says about itself. It is a courtesy: a phone that pushes often is noted every few seconds, and once more when it
// has nothing left, and nothing depends on it.
func (a *API) noteStatus(ctx context.Context, kid record.KeyID, status *wire.Status, now time.Time) {
	if status == nil || !a.noted.due(kid, status.Outbox == 0 && status.PendingBlobs == 0, now) {
		return
	}
	if err := a.DB.PutDeviceStatus(ctx, kid, *status, now); err != nil {
		a.Log.WarnContext(ctx, "device status not kept", "error", err.Error())
	}
}
