package office

import (
	"net/http"
	"strconv"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
)

// How long a part of a list is unless the request says so, and at most.
const (
	inboxPage, maxPage = 200, 500
	casesPage          = 50
	disclosuresPage    = 200
)

// limit reads the query's limit.
func limit(c echo.Context, usual int) (int, error) {
	text := c.QueryParam("limit")
	if text == "" {
		return usual, nil
	}
	n, err := strconv.Atoi(text)
	if err != nil || n < 1 || n > maxPage {
		return 0, problem.New(problem.BadRequest).At("/limit", "value")
	}
	return n, nil
}

type inboxVisit struct {
	postgres.WaitingVisit
	Number     string `json:"number"`
	WorkerName string `json:"worker_name"`
	Client     string `json:"client"`
	Item       string `json:"item"`
	Practice   bool   `json:"practice"`
	Late       bool   `json:"late,omitempty"` // the planned end has passed and no end is here
}

// inbox tells what waits for the office.
func (a *API) inbox(c echo.Context) error {
	n, err := limit(c, inboxPage)
	if err != nil {
		return err
	}
	waiting, err := a.DB.Inbox(c.Request().Context(), n, c.QueryParam("cursor"))
	if err != nil {
		return err
	}
	now := a.Now().UnixMilli()
	answer := struct {
		Visits     []inboxVisit `json:"visits"`
		Quarantine int          `json:"quarantine"`
		Approvals  int          `json:"approvals"`
		Cursor     string       `json:"cursor,omitempty"`
	}{make([]inboxVisit, 0, len(waiting.Visits)), waiting.Quarantine, waiting.Approvals, waiting.Next}
	for _, v := range waiting.Visits {
		late := v.EndedAt == 0 && v.PlannedEnd != 0 && now > v.PlannedEnd
		answer.Visits = append(answer.Visits, inboxVisit{v.WaitingVisit, v.Number, v.WorkerName, v.Client, v.Item, v.Practice, late})
	}
	return c.JSON(http.StatusOK, answer)
}
