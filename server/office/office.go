// Package office is the back office's API (docs/protocol.md section 10): sessions, members and devices, cases, visits and their review, evidence
// and quarantine, disclosures. Handlers are thin: they read a request, call the store, and answer; what a record means is decided in sync/,
// what is kept in server/postgres.
//
// Every route but POST session needs a session, and a role that it names. Whatever changes something comes from the office's own pages.
package office

import (
	"log/slog"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/documents"
	"tachiai/server/keys"
	"tachiai/server/objects"
	"tachiai/server/postgres"
	"tachiai/server/throttle"
	"tachiai/sync/record"
)

// Who may do what, as the table of section 10 has it.
var (
	readers   = []record.Role{record.RoleReviewer, record.RoleApprover, record.RoleAuditor}
	reviewers = []record.Role{record.RoleReviewer}
	approvers = []record.Role{record.RoleApprover}
	deciders  = []record.Role{record.RoleReviewer, record.RoleApprover}
	admins    = []record.Role{record.RoleAdmin}
)

// A code has 60 bits; the bound keeps guesses out of the log and the database idle.
const (
	openEvery, openBurst = 2 * time.Second, 20 // sessions of one address
	throttledNames       = 4096
)

// Config is what the API is made of. All members are required.
type Config struct {
	DB        *postgres.DB
	Objects   *objects.Store
	Keys      *keys.Set
	PublicURL string // scheme and host, without a slash at the end: where the pages come from
	Agency    string // name of the agency, as pages and papers show it
	Now       func() time.Time
	Log       *slog.Logger
	Committed func() // called after each commit that appended to the ledger
	Fonts     func() (*documents.Fonts, error)
}

// API answers the office's pages. Make it with New.
type API struct {
	Config
	openings *throttle.Throttle
}

// New makes the API.
func New(c Config) *API {
	return &API{Config: c, openings: throttle.New(openEvery, openBurst, throttledNames)}
}

// Mount adds the routes to g, whose prefix is /api/office/v1.
func (a *API) Mount(g *echo.Group) {
	g.Use(a.sameSite)
	all := a.require()

	g.POST("/session", a.openSession)
	g.GET("/session", a.session, all)
	g.DELETE("/session", a.closeSession)

	admin, reader, reviewer := a.require(admins...), a.require(readers...), a.require(reviewers...)
	g.GET("/members", a.members, all)
	g.POST("/members", a.addMember, admin)
	g.POST("/members/:member", a.changeMember, admin)
	g.POST("/members/:member/code", a.issueCode, a.require(record.RoleAdmin, record.RoleReviewer))
	g.GET("/devices", a.devices, all)
	g.POST("/devices/:kid/revoke", a.revokeDevice, admin)

	g.GET("/inbox", a.inbox, reader)
	g.GET("/cases", a.cases, reader)
	g.POST("/cases", a.openCase, reviewer)
	g.GET("/cases/:case", a.theCase, reader)
	g.POST("/cases/:case/assign", a.assignCase, reviewer)
	g.POST("/cases/:case/change", a.changeCase, reviewer)
	g.POST("/cases/:case/void", a.voidCase, reviewer)
	g.POST("/cases/:case/answer", a.answerFlag, reviewer)
	g.GET("/cases/:case/visits/:visit", a.visit, reader)
	g.POST("/cases/:case/visits/:visit/review", a.review, reviewer)

	g.GET("/records/:hash", a.record, reader)
	g.GET("/records/:hash/blobs/:sha256", a.blob, reader)
	g.GET("/templates/:template/:version", a.template, reader)
	g.GET("/quarantine", a.quarantines, reader)
	g.GET("/quarantine/:sha256", a.quarantine, reader)
	g.POST("/quarantine/:sha256/release", a.release, reviewer)
	g.POST("/quarantine/:sha256/reject", a.reject, reviewer)

	a.mountDisclosures(g)
}
