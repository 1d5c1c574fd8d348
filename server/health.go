package server

import (
	"context"
	"net/http"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/problem"
)

// readiness is what /readyz says. It names parts and words of fixed sets, and never what is stored.
type readiness struct {
	Ready    bool     `json:"ready"`
	Database string   `json:"database"`           // "ok" or "unreachable"
	Objects  string   `json:"objects"`            // "ok" or "unreachable"
	Ledger   string   `json:"ledger"`             // "ok" or "red": reads only until an operator has looked
	Degraded []string `json:"degraded,omitempty"` // what works and should not stay so
}

// readyFor is how long one look at the parts counts: probes cost the database no more than that.
const readyFor = time.Second

// prober looks at the parts, at most once in readyFor.
type prober struct {
	mu   sync.Mutex
	at   time.Time
	last readiness
}

// healthz says that the process answers. It looks at nothing else: a database that is away is no reason to be killed.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok\n") }

// readyz says whether requests should be sent here. A red ledger is not ready, and says so; reads are still answered.
func (s *Server) readyz(c echo.Context) error {
	state := s.ready(c.Request().Context())
	status := http.StatusOK
	if !state.Ready {
		status = http.StatusServiceUnavailable
	}
	return c.JSON(status, state)
}

func (s *Server) ready(ctx context.Context) readiness {
	s.probes.mu.Lock()
	defer s.probes.mu.Unlock()
	if now := s.config.Now(); now.Sub(s.probes.at) < readyFor && now.After(s.probes.at) {
		return s.probes.last
	}
	// The answer is kept for others: that this asker has gone must not make it.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer cancel()
	state := readiness{Database: "ok", Objects: "ok", Ledger: "ok"}
	if degraded, err := s.config.DB.Degraded(ctx); err != nil {
		state.Database = "unreachable"
	} else {
		state.Degraded = degraded
	}
	if err := s.config.Objects.Ping(ctx); err != nil {
		state.Objects = "unreachable"
	}
	s.metrics.red.Set(0)
	if len(s.config.Jobs.State().Red) > 0 {
		state.Ledger = "red"
		s.metrics.red.Set(1)
	}
	state.Ready = state.Database == "ok" && state.Objects == "ok" && state.Ledger == "ok" && s.drain.Err() == nil
	s.probes.at, s.probes.last = s.config.Now(), state
	return state
}

// onlyReads refuses everything that would write while the ledger is red. A phone keeps what it has and tries again later.
func (s *Server) onlyReads(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		switch c.Request().Method {
		case http.MethodGet, http.MethodHead, http.MethodOptions:
		default:
			if s.red() {
				return problem.New(problem.LedgerRed)
			}
		}
		return next(c)
	}
}

// red says that the ledger contradicts what was published about it.
func (s *Server) red() bool { return len(s.config.Jobs.State().Red) > 0 }
