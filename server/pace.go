package server

import (
	"context"
	"io"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"
)

// Pace is how slowly a request body may come: at least Bytes in every Window, measured from the first read. A phone on 64 kbit/s is a
// hundred times faster; a client that sends a byte now and then to hold a connection is cut off.
type Pace struct {
	Window time.Duration
	Bytes  int64
}

// defaultPace cuts below about 34 bytes a second.
var defaultPace = Pace{Window: 30 * time.Second, Bytes: 1 << 10}

// pacing gives each request a body that keeps the pace, and that ends early when drain is done: a stopping server keeps what has arrived of
// an upload instead of waiting for the rest. The deadline is taken off at the end of the body, because the connection is read on in the
// background to notice that the peer has gone. What a handler leaves of a body net/http reads on, up to 256 KiB: within one window, and not at
// all when the body came too slowly already.
func pacing(drain context.Context, pace Pace) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if c.Request().Body == nil || c.Request().Body == http.NoBody {
				return next(c)
			}
			body := &pacedBody{ReadCloser: c.Request().Body, pace: pace, drain: drain, conn: http.NewResponseController(c.Response().Writer)}
			stop := context.AfterFunc(drain, body.cut)
			defer stop()
			defer body.leave()
			c.Request().Body = body
			err := next(c)
			if body.failed && !c.Response().Committed {
				c.Response().Header().Set(echo.HeaderConnection, "close")
			}
			return err
		}
	}
}

// pacedBody sets the read deadline of its connection as the body moves.
type pacedBody struct {
	io.ReadCloser
	pace  Pace
	drain context.Context
	conn  *http.ResponseController

	mu      sync.Mutex // guards the deadline against cut
	started bool
	ended   bool  // at io.EOF
	failed  bool  // at another error
	moved   int64 // bytes in this window
}

func (b *pacedBody) Read(p []byte) (int, error) {
	if !b.started {
		b.started = true
		b.extend()
	}
	n, err := b.ReadCloser.Read(p)
	switch b.moved += int64(n); {
	case err == io.EOF:
		b.ended = true
		b.deadline(time.Time{})
	case err != nil:
		b.failed = true
	case b.moved >= b.pace.Bytes:
		b.moved = 0
		b.extend()
	}
	return n, err
}

// extend opens a new window, unless the server is stopping.
func (b *pacedBody) extend() {
	if b.drain.Err() == nil {
		b.deadline(time.Now().Add(b.pace.Window))
	}
	if b.drain.Err() != nil {
		b.cut()
	}
}

// cut ends the body now.
func (b *pacedBody) cut() { b.deadline(time.Unix(1, 0)) }

// leave bounds what is still read of the body after the handler.
func (b *pacedBody) leave() {
	if !b.ended && !b.failed {
		b.deadline(time.Now().Add(b.pace.Window))
	}
}

// deadline sets the read deadline of the connection. A writer without deadlines, as a test recorder is, has no pace to keep.
func (b *pacedBody) deadline(at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	_ = b.conn.SetReadDeadline(at)
}
