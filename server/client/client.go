// Package client is the API of people without an account (docs/protocol.md section 11): whoever receives a disclosure, and the worker who fetches
// his own copy. Handlers are thin: they read a request, call the store, and answer.
//
// A link proves nothing but that it was made here; the passcode, told by another channel, opens it. What a recipient sees or takes is a record in
// the ledger before its first byte leaves. Whoever does not know the passcode learns nothing: not whether a link is revoked, expired or unknown.
package client

import (
	"context"
	"log/slog"
	"runtime"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/server/throttle"
)

// Each guess is counted at its link; these bound how much of the server's time one address, and one view, may take.
const (
	openEvery, openBurst = 3 * time.Second, 20 // of one address
	actEvery, actBurst   = 5 * time.Second, 20 // of one view
	throttledNames       = 4096
)

// Config is what the API is made of. All members are required.
type Config struct {
	DB      *postgres.DB
	Objects *objects.Store
	Keys    *keys.Set
	Agency  string // name of the agency, as pages and papers show it
	Now     func() time.Time
	Log     *slog.Logger

	Red       func() bool                           // the ledger contradicts what was published: nothing is handed out
	KeySet    func(context.Context) (string, error) // the keys+jwt of now
	Publish   func(context.Context) error           // makes a checkpoint of all that is committed, if the last one does not cover it
	Committed func()                                // called after each commit that appended to the ledger
}

// API answers the link page. Make it with New.
type API struct {
	Config
	openings *throttle.Throttle
	acts     *throttle.Throttle
	guessing chan struct{} // one token for each passcode that is being stretched
}

// New makes the API.
func New(c Config) *API {
	return &API{
		Config: c, openings: throttle.New(openEvery, openBurst, throttledNames), acts: throttle.New(actEvery, actBurst, throttledNames),
		guessing: make(chan struct{}, max(1, runtime.GOMAXPROCS(0)/2)),
	}
}

// Mount adds the routes to g, whose prefix is /api/client/v1.
func (a *API) Mount(g *echo.Group) {
	g.Use(a.onlyGreen)
	g.POST("/open", a.open)
	g.POST("/copy", a.copy)
	g.GET("/document", a.document, a.viewing)
	g.GET("/photos/:sha256", a.photo, a.viewing)
	g.POST("/acknowledge", a.acknowledge, a.viewing)
	g.POST("/ask", a.ask, a.viewing)
}
