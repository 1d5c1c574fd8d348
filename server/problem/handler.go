package problem

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"
)

// Handler returns Echo's error handler: it writes the problem of an error and
// logs those that are the server's own fault (5xx) with their cause. Headers
// that a handler has set before it returned the error (Upload-Offset,
// Device-Nonce) are kept. When an answer has begun already, nothing can be
// said any more and the error is only logged.
func Handler(log *slog.Logger) echo.HTTPErrorHandler {
	return func(err error, c echo.Context) {
		p := Of(err)
		request := c.Request()
		record := log.With("code", string(p.Code), "status", p.Status, "method", request.Method, "route", c.Path())
		if p.Status >= http.StatusInternalServerError || c.Response().Committed {
			record.ErrorContext(request.Context(), "request failed", "error", err.Error())
		}
		if c.Response().Committed {
			return
		}
		if err := write(c, p); err != nil {
			record.DebugContext(request.Context(), "problem not delivered", "error", err.Error())
		}
	}
}

// write sends p in the language that the request prefers.
func write(c echo.Context, p Problem) error {
	lang := Choose(c.Request().Header.Get("Accept-Language"))
	body, err := json.Marshal(p.In(lang))
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Add(echo.HeaderVary, "Accept-Language")
	h.Set("Content-Language", string(lang))
	h.Set(echo.HeaderCacheControl, "no-store")
	if p.RetryAfterMS > 0 {
		h.Set(echo.HeaderRetryAfter, strconv.FormatInt((p.RetryAfterMS+999)/1000, 10))
	}
	if c.Request().Method == http.MethodHead {
		return c.NoContent(p.Status)
	}
	return c.Blob(p.Status, ContentType, body)
}
