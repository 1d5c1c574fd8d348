package server

import (
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// TestPaceOfAnswers: an answer that nobody reads does not hold its handler.
func TestPaceOfAnswers(t *testing.T) {
	e := echo.New()
	ended := make(chan error, 1)
	e.Use(pacing(t.Context(), Pace{Window: 50 * time.Millisecond, Bytes: 1}))
	e.GET("/", func(c echo.Context) error {
		_, err := io.Copy(c.Response(), io.LimitReader(zeros{}, 1<<30))
		ended <- err
		return nil
	})
	s := httptest.NewServer(e)
	defer s.Close()
	conn, err := net.Dial("tcp", s.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\n\r\n"); err != nil {
		t.Fatal(err)
	}
	if err := <-ended; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Fatal(err)
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// TestPaceAllows: a connection that was slow in one answer serves the next, and an idle one is not cut by an old deadline.
func TestPaceAllows(t *testing.T) {
	e := echo.New()
	drain, stop := context.WithCancel(t.Context())
	e.Use(pacing(drain, Pace{Window: 200 * time.Millisecond, Bytes: 1 << 10}))
	e.POST("/", func(c echo.Context) error {
		n, err := io.Copy(io.Discard, c.Request().Body)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, n)
	})
	s := httptest.NewServer(e)
	defer s.Close()
	post := func(body io.Reader) (int, error) {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.URL, body)
		if err != nil {
			return 0, err
		}
		answer, err := s.Client().Do(request)
		if err != nil {
			return 0, err
		}
		defer answer.Body.Close()
		_, err = io.Copy(io.Discard, answer.Body)
		return answer.StatusCode, err
	}
	for range 3 {
		if status, err := post(io.LimitReader(&halting{}, 64<<10)); err != nil || status != http.StatusOK {
			t.Fatalf("%d, %v", status, err)
		}
	}
	stop()
	if status, err := post(io.LimitReader(zeros{}, 64<<10)); err == nil && status == http.StatusOK {
		t.Fatal("a stopping server reads on")
	}
}

// halting is a body in pieces with pauses between them.
type halting struct{ n int }

func (h *halting) Read(p []byte) (int, error) {
	if h.n++; h.n%4 == 0 {
		time.Sleep(20 * time.Millisecond)
	}
	return min(len(p), 8<<10), nil
}
