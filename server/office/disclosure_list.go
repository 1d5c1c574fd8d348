package office

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/history"
	"tachiai/sync/record"
)

// disclosure is what the office's pages show of one.
type disclosure struct {
	*history.Disclosure
	Number     string                     `json:"number"`
	WorkerName string                     `json:"worker_name"`
	Link       *link                      `json:"link,omitempty"`
	Purpose    string                     `json:"purpose,omitempty"`
	Photos     []postgres.PhotoRef        `json:"photos,omitempty"`
	Document   *documentRef               `json:"document,omitempty"`
	Events     []postgres.DisclosureEvent `json:"events,omitempty"`
	Stopped    problem.Code               `json:"stopped,omitempty"` // why nobody is shown it any more, though nobody took it back
}

type documentRef struct {
	SHA256 string `json:"sha256"`
	Size   int64  `json:"size"`
}

type link struct {
	IssuedAt    int64 `json:"issued_at"`
	ExpiresAt   int64 `json:"expires_at"`
	ViewsLeft   int   `json:"views_left"`
	Wrong       int   `json:"wrong"`
	PausedUntil int64 `json:"paused_until,omitempty"`
	Locked      bool  `json:"locked"`
}

func linkOf(l postgres.Link) *link {
	shown := &link{l.IssuedAt.UnixMilli(), l.ExpiresAt.UnixMilli(), l.ViewsLeft, l.Wrong, 0, l.Locked}
	if !l.PausedAt.IsZero() {
		shown.PausedUntil = l.PausedAt.UnixMilli()
	}
	return shown
}

// disclosures lists them, newest first; with the first page come all that wait for approval.
func (a *API) disclosures(c echo.Context) error {
	n, err := limit(c, disclosuresPage)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	list, next, err := a.DB.DisclosureList(ctx, n, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	ids := make([]record.ID, len(list))
	for i, d := range list {
		ids[i] = d.ID
	}
	links, err := a.DB.Links(ctx, ids, a.Now())
	if err != nil {
		return err
	}
	answer := struct {
		Disclosures []disclosure `json:"disclosures"`
		Cursor      string       `json:"cursor,omitempty"`
	}{make([]disclosure, 0, len(list)), next}
	for _, d := range list {
		one := disclosure{Disclosure: d.Disclosure, Number: d.Number, WorkerName: d.WorkerName}
		if l, issued := links[d.ID]; issued {
			one.Link = linkOf(l)
		}
		answer.Disclosures = append(answer.Disclosures, one)
	}
	return c.JSON(http.StatusOK, answer)
}

// disclosure shows one, with what its recipient did and when.
func (a *API) disclosure(c echo.Context) error {
	id, err := pathID(c, "disclosure")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	h, err := a.DB.Handout(ctx, id)
	if err != nil {
		return err
	}
	of, err := a.DB.Case(ctx, h.State.Case)
	if err != nil {
		return err
	}
	one := disclosure{
		Disclosure: h.State, Number: fact(of, "number"), WorkerName: fact(of, "worker_name"),
		Purpose: h.Purpose, Photos: h.Photos, Document: &documentRef{h.Document.SHA256, h.Document.Size},
	}
	if one.Events, err = a.DB.DisclosureEvents(ctx, h.State); err != nil {
		return err
	}
	if h.State.Revoked == nil && h.State.Refused == nil {
		if err := a.DB.Stands(ctx, h); err != nil {
			p := problem.Of(err)
			if p.Status >= http.StatusInternalServerError && p.Code != problem.EvidenceDamaged {
				return err
			}
			one.Stopped = p.Code
		}
	}
	links, err := a.DB.Links(ctx, []record.ID{id}, a.Now())
	if err != nil {
		return err
	}
	if l, issued := links[id]; issued {
		one.Link = linkOf(l)
	}
	return c.JSON(http.StatusOK, one)
}
