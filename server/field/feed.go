package field

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tachiai/server/problem"
	"tachiai/sync/wire"
)

// feed gives the caller's changes behind a cursor (docs/protocol.md section 7).
func (a *API) feed(c echo.Context) error {
	query, err := wire.ParseFeedQuery(c.QueryParam("cursor"), c.QueryParam("limit"))
	if err != nil {
		return problem.Wrap(problem.BadRequest, err)
	}
	now := a.Now()
	page, err := a.DB.Feed(c.Request().Context(), callerOf(c).Member, query.Cursor, query.Limit, now)
	if err != nil {
		return err
	}
	text, err := wire.FeedAnswer{
		Changes: page.Changes, Cursor: page.Cursor, More: page.More, Agency: a.Agency,
		Standing: wire.Standing{Origin: page.Origin, SafeIndex: page.SafeIndex, ServerTime: now.UnixMilli()},
	}.Marshal()
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, text)
}
