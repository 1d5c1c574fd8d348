package office

import (
	"encoding/base64"
	"errors"
	"log/slog"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/record"
)

// Session is who is asking.
type Session struct {
	Member    record.ID
	Name      string
	Roles     []record.Role
	ExpiresAt time.Time
}

const sessionKey = "session"

// caller is whose session the request carries. Only behind require.
func caller(c echo.Context) Session {
	s, _ := c.Get(sessionKey).(Session)
	return s
}

// has reports whether the member holds one of the roles.
func (s Session) has(roles ...record.Role) bool {
	return slices.ContainsFunc(roles, func(r record.Role) bool { return slices.Contains(s.Roles, r) })
}

// require lets a request through that carries the cookie of a session whose member holds one of the roles; without roles, any of the office.
// Roles are read anew for every request: who was removed a moment ago is out.
func (a *API) require(roles ...record.Role) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			token, ok := a.token(c)
			if !ok {
				return problem.New(problem.SessionRequired)
			}
			held, err := a.DB.Session(c.Request().Context(), token, a.Now())
			if err != nil {
				return err
			}
			s := sessionOf(held)
			if len(roles) > 0 && !s.has(roles...) {
				return problem.New(problem.Forbidden)
			}
			c.Set(sessionKey, s)
			return next(c)
		}
	}
}

func sessionOf(s postgres.Session) Session {
	return Session{s.Member.ID, s.Member.Name, s.Member.Roles, s.ExpiresAt}
}

// sameSite refuses what another site's page could make a browser send, and whatever changes something and is not JSON: only a page of our own can
// send that (docs/protocol.md section 10). A client that is no browser says neither Origin nor Sec-Fetch-Site.
func (a *API) sameSite(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		r := c.Request()
		changes := r.Method != http.MethodGet && r.Method != http.MethodHead
		site := r.Header.Get("Sec-Fetch-Site")
		if site != "" && site != "same-origin" && (changes || site != "none") {
			return problem.New(problem.CrossSite)
		}
		if !changes {
			return next(c)
		}
		if origins := r.Header.Values(echo.HeaderOrigin); len(origins) > 1 || len(origins) == 1 && origins[0] != a.PublicURL {
			return problem.New(problem.CrossSite)
		}
		media, params, err := mime.ParseMediaType(r.Header.Get(echo.HeaderContentType))
		if err != nil || media != echo.MIMEApplicationJSON || params["charset"] != "" && !strings.EqualFold(params["charset"], "utf-8") {
			return problem.New(problem.CrossSite)
		}
		return next(c)
	}
}

// secure reports whether browsers reach the server over https.
func (a *API) secure() bool { return strings.HasPrefix(a.PublicURL, "https://") }

// cookie names and fills the session's cookie. The prefix __Host- is the browser's promise that no other host and no plain connection has set it.
func (a *API) cookie(value string, life time.Duration) *http.Cookie {
	name := "tachiai"
	if a.secure() {
		name = "__Host-tachiai"
	}
	return &http.Cookie{ //nolint:gosec // Secure wherever there is https; on localhost a browser would drop it
		Name: name, Value: value, Path: "/", MaxAge: int(life / time.Second), Secure: a.secure(), HttpOnly: true, SameSite: http.SameSiteStrictMode,
	}
}

// token reads the session's secret. Two cookies of that name are none: one of them is not ours.
func (a *API) token(c echo.Context) (token postgres.SessionToken, ok bool) {
	cookies := c.Request().CookiesNamed(a.cookie("", 0).Name)
	if len(cookies) != 1 {
		return token, false
	}
	secret, err := base64.RawURLEncoding.Strict().DecodeString(cookies[0].Value)
	if err != nil || len(secret) != len(token) {
		return token, false
	}
	return postgres.SessionToken(secret), true
}

// openSession exchanges a one-time code for a session.
func (a *API) openSession(c echo.Context) error {
	now := a.Now()
	if wait, ok := a.openings.Allow(c.RealIP(), now); !ok {
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	b, err := read(c, "code")
	if err != nil {
		return err
	}
	code := b.String("code")
	if err := b.err(); err != nil {
		return err
	}
	token, held, err := a.DB.OpenSession(c.Request().Context(), code, now)
	if errors.Is(err, postgres.ErrMember) {
		return problem.Wrap(problem.EnrolmentCodeInvalid, err)
	}
	if err != nil {
		return err
	}
	if before, ok := a.token(c); ok { // nobody holds it any more
		if err := a.DB.CloseSession(c.Request().Context(), before); err != nil { // the code is spent: it runs out by itself
			a.Log.Warn("a session could not be closed", slog.String("error", err.Error()))
		}
	}
	s := sessionOf(held)
	a.Log.Info("session opened", slog.String("member", s.Member.String()))
	c.SetCookie(a.cookie(base64.RawURLEncoding.EncodeToString(token[:]), s.ExpiresAt.Sub(now)))
	return c.JSON(http.StatusOK, a.sessionAnswer(s))
}

func (a *API) session(c echo.Context) error { return c.JSON(http.StatusOK, a.sessionAnswer(caller(c))) }

// closeSession ends the session of the request's cookie. Without one there is nothing to end, and the cookie goes all the same.
func (a *API) closeSession(c echo.Context) error {
	if token, ok := a.token(c); ok {
		if err := a.DB.CloseSession(c.Request().Context(), token); err != nil {
			return err
		}
	}
	c.SetCookie(a.cookie("", -time.Second))
	return done(c)
}

type member struct {
	ID    record.ID     `json:"id"`
	Name  string        `json:"name"`
	Roles []record.Role `json:"roles"`
}

type sessionAnswer struct {
	Member    member `json:"member"`
	Agency    string `json:"agency"`
	ExpiresAt int64  `json:"expires_at"` // ms
}

func (a *API) sessionAnswer(s Session) sessionAnswer {
	return sessionAnswer{member{s.Member, s.Name, s.Roles}, a.Agency, s.ExpiresAt.UnixMilli()}
}
