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
// all when the body came too slowly already. Answers keep a pace too: whoever does not read his holds the connection no longer than that.
func pacing(drain context.Context, pace Pace) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			conn := http.NewResponseController(c.Response().Writer)
			_ = conn.SetWriteDeadline(time.Time{}) // of the answer before on this connection
			c.Response().Writer = &pacedWriter{ResponseWriter: c.Response().Writer, conn: conn, window: 4 * pace.Window}
			if c.Request().Body == nil || c.Request().Body == http.NoBody {
				return next(c)
			}
			body := &pacedBody{ReadCloser: c.Request().Body, pace: pace, drain: drain, conn: conn}
			stop := context.AfterFunc(drain, body.cut)
			defer stop()
			defer body.leave()
			c.Request().Body = body
			err := next(c)
			if body.broken() && !c.Response().Committed {
				c.Response().Header().Set(echo.HeaderConnection, "close")
			}
			return err
		}
	}
}

// writePiece is how much of an answer must be taken within one window of the writer.
const writePiece = 64 << 10

// pacedWriter sets the write deadline of its connection as the answer moves.
type pacedWriter struct {
	http.ResponseWriter
	conn   *http.ResponseController
	window time.Duration
}

// Unwrap lets a http.ResponseController find the connection.
func (w *pacedWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func (w *pacedWriter) WriteHeader(status int) {
	_ = w.conn.SetWriteDeadline(time.Now().Add(w.window))
	w.ResponseWriter.WriteHeader(status)
}

func (w *pacedWriter) Write(p []byte) (written int, err error) {
	for {
		piece := p[:min(len(p), writePiece)]
		_ = w.conn.SetWriteDeadline(time.Now().Add(w.window))
		n, err := w.ResponseWriter.Write(piece)
		written += n
		if p = p[len(piece):]; err != nil || len(p) == 0 {
			return written, err
		}
	}
}

// pacedBody sets the read deadline of its connection as the body moves. An object store's client may still be reading it for a moment after
// its handler has ended.
type pacedBody struct {
	io.ReadCloser
	pace  Pace
	drain context.Context // the server's, not a request's: it tells when to stop reading
	conn  *http.ResponseController

	mu      sync.Mutex // never held while reading
	started bool
	ended   bool  // at io.EOF
	failed  bool  // at another error
	moved   int64 // bytes in this window
}

func (b *pacedBody) Read(p []byte) (int, error) {
	b.mu.Lock()
	if !b.started {
		b.started = true
		b.extend()
	}
	b.mu.Unlock()
	n, err := b.ReadCloser.Read(p)
	b.mu.Lock()
	defer b.mu.Unlock()
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

// broken says whether the body ended before its end.
func (b *pacedBody) broken() bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.failed
}

// extend opens a new window, unless the server is stopping. b.mu is held.
func (b *pacedBody) extend() {
	if b.drain.Err() == nil {
		b.deadline(time.Now().Add(b.pace.Window))
	} else {
		b.deadline(time.Unix(1, 0))
	}
}

// cut ends the body now.
func (b *pacedBody) cut() {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.deadline(time.Unix(1, 0))
}

// leave bounds what is still read of the body after the handler.
func (b *pacedBody) leave() {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !b.ended && !b.failed {
		b.deadline(time.Now().Add(b.pace.Window))
	}
}

// deadline sets the read deadline of the connection. A writer without deadlines, as a test recorder is, has no pace to keep.
func (b *pacedBody) deadline(at time.Time) { _ = b.conn.SetReadDeadline(at) }
