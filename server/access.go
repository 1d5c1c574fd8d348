package server

import (
	"crypto/rand"
	"encoding/base64"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
)

// access writes one line for each request and feeds the counters: route template, status, duration, bytes and the first characters of the
// device key. Nothing in it tells whom a request was about: no path with its ids, no query, no address, no name.
func access(log *slog.Logger, m *metrics, now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			began := now()
			id := requestID()
			c.Response().Header().Set(echo.HeaderXRequestID, id)
			received := &countedBody{ReadCloser: c.Request().Body}
			if c.Request().Body != nil && c.Request().Body != http.NoBody {
				c.Request().Body = received
			}
			m.running.Inc()
			defer m.running.Dec()
			if err := next(c); err != nil {
				c.Error(err)
			}
			route := c.Path()
			if route == "" {
				route = "none"
			}
			took := now().Sub(began)
			m.observe(c.Request().Method, route, c.Response().Status, took)
			level := slog.LevelInfo
			if c.Response().Status >= http.StatusInternalServerError {
				level = slog.LevelError
			}
			log.LogAttrs(c.Request().Context(), level, "request",
				slog.String("id", id), slog.String("method", knownMethod(c.Request().Method)), slog.String("route", route),
				slog.Int("status", c.Response().Status), slog.Float64("ms", float64(took.Microseconds())/1000),
				slog.Int64("in", received.bytes.Load()), slog.Int64("out", c.Response().Size), slog.String("kid", shortKid(c)))
			return nil
		}
	}
}

// requestID names one request in the log and in the answer.
func requestID() string {
	var b [9]byte
	_, _ = rand.Read(b[:]) // never fails (Go 1.24)
	return base64.RawURLEncoding.EncodeToString(b[:])
}

// knownMethod keeps free text of a client out of log and counters.
func knownMethod(method string) string {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, http.MethodOptions:
		return method
	}
	return "other"
}

// shortKid is enough of the caller's key to follow one phone through a log.
func shortKid(c echo.Context) string {
	kid, _ := c.Get("kid").(string)
	return kid[:min(8, len(kid))]
}

// countedBody counts what was read of a body.
type countedBody struct {
	io.ReadCloser
	bytes atomic.Int64
}

func (b *countedBody) Read(p []byte) (int, error) {
	n, err := b.ReadCloser.Read(p)
	b.bytes.Add(int64(n))
	return n, err
}
