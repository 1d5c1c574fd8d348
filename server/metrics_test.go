package server

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
)

// TestMetricsStayHere: only a program on this machine that came without a proxy sees the counters.
func TestMetricsStayHere(t *testing.T) {
	m := newMetrics()
	m.observe("GET", "/x", 200, time.Millisecond)
	m.observe("BREW", "/x", 405, time.Millisecond)
	e := echo.New()
	e.GET("/metrics", onlyLoopback(m.handler()))
	for name, test := range map[string]struct {
		peer, header string
		status       int
	}{
		"this machine":       {"127.0.0.1:9", "", 200},
		"this machine, IPv6": {"[::1]:9", "", 200},
		"behind a proxy":     {"127.0.0.1:9", "X-Forwarded-For", 404},
		"behind another":     {"127.0.0.1:9", "Forwarded", 404},
		"and another":        {"127.0.0.1:9", "X-Real-Ip", 404},
		"elsewhere":          {"192.0.2.1:9", "", 404},
	} {
		r := httptest.NewRequest(http.MethodGet, "/metrics", nil)
		r.RemoteAddr = test.peer
		if test.header != "" {
			r.Header.Set(test.header, "203.0.113.9")
		}
		w := httptest.NewRecorder()
		e.ServeHTTP(w, r)
		if w.Code != test.status {
			t.Errorf("%s: %d, want %d", name, w.Code, test.status)
		}
		if body := w.Body.String(); w.Code == 200 && (!strings.Contains(body, `tachiai_requests_total{method="GET",route="/x",status="200"} 1`) ||
			!strings.Contains(body, `method="other"`) || strings.Contains(body, "BREW")) {
			t.Errorf("%s: %s", name, body)
		}
	}
}
