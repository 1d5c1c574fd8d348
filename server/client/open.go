package client

import (
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/seal"
)

// onlyGreen hands nothing out while the ledger contradicts what was published about it.
func (a *API) onlyGreen(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if a.Red() {
			return problem.New(problem.LedgerRed)
		}
		return next(c)
	}
}

// open exchanges a link and its passcode for a letter and a view of 15 minutes. The letter is made first, so that a view is not used up by what
// the server could not show; disclosure.opened is committed before any of it leaves.
func (a *API) open(c echo.Context) error {
	now, ctx := a.Now(), c.Request().Context()
	if wait, ok := a.openings.Allow(c.RealIP(), now); !ok {
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	body, err := read(c, "link", "passcode")
	if err != nil {
		return err
	}
	link, err := a.admit(ctx, body["link"], digits(body["passcode"]), now)
	if err != nil {
		return refusal(err, now)
	}
	view, err := a.DB.View(ctx, link.JTI, now)
	if err != nil {
		return err
	}
	letter, err := a.letter(ctx, view.Handout, now)
	if err != nil {
		return err
	}
	failpoint.Here("disclose.written")
	token, err := a.DB.OpenDisclosure(ctx, view, now)
	if err != nil {
		return err
	}
	failpoint.Here("disclose.opened")
	a.Committed()
	a.Log.Info("link opened", slog.String("jti", link.JTI[:8]))
	letter.Token, letter.TokenExpiresAt = token, view.ExpiresAt.UnixMilli()
	return c.JSON(http.StatusOK, letter)
}

// admit judges a passcode. Few are stretched at once, so that guesses leave time for phones.
func (a *API) admit(ctx context.Context, token, passcode string, now time.Time) (seal.Link, error) {
	select {
	case a.guessing <- struct{}{}:
		defer func() { <-a.guessing }()
	case <-ctx.Done():
		return seal.Link{}, ctx.Err()
	}
	link, err := seal.OpenLink(token, a.Keys.Link.Public())
	if err != nil {
		return seal.Link{}, a.DB.NoPasscode(passcode)
	}
	return link, a.DB.TryPasscode(ctx, link.JTI, passcode, now)
}

// refusal tells how long a pause lasts.
func refusal(err error, now time.Time) error {
	var paused *postgres.PausedError
	if errors.As(err, &paused) {
		return problem.Wrap(problem.LinkPaused, err).After(max(paused.Until.Sub(now), time.Second))
	}
	return err
}

const viewKey = "view"

// viewing lets a request through that carries the token of a view whose link is in force: a revocation ends it at once.
func (a *API) viewing(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		token, ok := strings.CutPrefix(c.Request().Header.Get(echo.HeaderAuthorization), "Bearer ")
		if !ok || len(token) > 64 {
			return problem.New(problem.SessionRequired)
		}
		view, err := a.DB.ClientSession(c.Request().Context(), token, a.Now())
		if err != nil {
			return err
		}
		c.Set(viewKey, view)
		return next(c)
	}
}

func viewOf(c echo.Context) postgres.ClientSession {
	view, _ := c.Get(viewKey).(postgres.ClientSession)
	return view
}

// acknowledge is the recipient's word that he has it. Again gives the time of the first.
func (a *API) acknowledge(c echo.Context) error {
	body, err := read(c, "name", "department")
	if err != nil {
		return err
	}
	name, err := filled(body, "name", 200)
	if err != nil {
		return err
	}
	department := strings.TrimSpace(body["department"])
	if len([]rune(department)) > 200 {
		return problem.New(problem.BadRequest).At("/department", "value")
	}
	return a.act(c, func(ctx context.Context, view postgres.ClientSession, now time.Time) (int64, error) {
		return a.DB.Acknowledge(ctx, view, name, department, now)
	})
}

// ask takes a question to the office.
func (a *API) ask(c echo.Context) error {
	body, err := read(c, "question")
	if err != nil {
		return err
	}
	question, err := filled(body, "question", 4000)
	if err != nil {
		return err
	}
	return a.act(c, func(ctx context.Context, view postgres.ClientSession, now time.Time) (int64, error) {
		return a.DB.Ask(ctx, view, question, now)
	})
}

// act commits what a recipient does, and tells when that was.
func (a *API) act(c echo.Context, do func(context.Context, postgres.ClientSession, time.Time) (int64, error)) error {
	now, view := a.Now(), viewOf(c)
	if wait, ok := a.acts.Allow(view.Name, now); !ok {
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	at, err := do(c.Request().Context(), view, now)
	if err != nil {
		return err
	}
	failpoint.Here("disclose.acted")
	a.Committed()
	return c.JSON(http.StatusOK, map[string]int64{"at": at})
}
