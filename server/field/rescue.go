package field

import (
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/server/rescue"
	"tachiai/sync/blob"
)

// maxRescue is the largest rescue file that a phone sends: a record and one blob of it, with what stands around them.
const maxRescue = blob.MaxSize + 1<<20

// takeRescue takes what a phone holds of an enrolment before, whose PIN is forgotten: it cannot open it and sends it as it lies there (docs/protocol.md
// section 12). The answer is that of a push; the receipt of the blob is asked for afterwards, as after any answer that was lost.
func (a *API) takeRescue(c echo.Context) error {
	req := c.Request()
	if req.Header.Get("Content-Type") != "application/octet-stream" {
		return errMedia
	}
	if req.ContentLength > maxRescue {
		return errTooBig
	}
	ctx, caller, now := req.Context(), callerOf(c), a.Now()
	desk := rescue.Desk{DB: a.DB, Objects: a.Objects, Keys: a.Keys, Now: a.Now}
	taken, err := desk.Take(ctx, http.MaxBytesReader(c.Response(), req.Body, maxRescue), postgres.Caller{KeyID: caller.KeyID, Member: caller.Member})
	if taken != nil && len(taken.Records) > 0 {
		a.Committed()
	}
	switch {
	case errors.Is(err, rescue.ErrForm), errors.Is(err, rescue.ErrKey):
		return problem.Wrap(problem.BadRequest, err)
	case err != nil:
		return bodyFault(err)
	case taken.Cut:
		return problem.New(problem.Timeout)
	}
	return a.rescued(c, taken, now)
}

// rescued answers with the receipts of what was taken.
func (a *API) rescued(c echo.Context, taken *rescue.Taken, now time.Time) error {
	standing, err := a.DB.Standing(c.Request().Context(), now)
	if err != nil {
		return err
	}
	of := &postgres.Acceptance{Standing: standing}
	for _, r := range taken.Records {
		of.Outcomes = append(of.Outcomes, r.Outcome)
	}
	answer, err := a.answer(of, now)
	if err != nil {
		return err
	}
	text, err := answer.Marshal()
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, text)
}
