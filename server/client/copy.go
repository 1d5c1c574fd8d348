package client

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/problem"
	"tachiai/sync/form"
	"tachiai/sync/record"
)

// copy gives a worker his own paper: a letter without a disclosure. The secret stands in the QR code that he was shown, the code is the one that he
// chose; wrong codes are counted like wrong passcodes.
func (a *API) copy(c echo.Context) error {
	now, ctx := a.Now(), c.Request().Context()
	if wait, ok := a.openings.Allow(c.RealIP(), now); !ok {
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	body, err := read(c, "secret", "code")
	if err != nil {
		return err
	}
	paper, err := a.DB.Copy(ctx, body["secret"], digits(body["code"]), now)
	if err != nil {
		return refusal(err, now)
	}
	l := &letter{Agency: a.Agency, ServerTime: now.UnixMilli(), Certificates: []string{}, Facts: map[string]fact{}, Photos: []photo{}}
	if err := a.fill(ctx, l, paper.Case, ownCopy, paper); err != nil {
		return err
	}
	return c.JSON(http.StatusOK, l)
}

// ownCopy is for the one who signed: all that he said, and nothing that the rep noted beside it.
func ownCopy(_ form.Template, _ *record.Record, name string) bool {
	switch name {
	case "companions", "copy_code_sha256", "copy_sha256", "geo", "note", "paper_kept":
		return false
	}
	return true
}
