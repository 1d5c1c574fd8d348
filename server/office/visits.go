package office

import (
	"encoding/json"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/sync/ijson"
)

// visitPage is how many records of a visit are in memory at one time.
const visitPage = 50

// visit gives a visit with its case and all its records, which stream: a visit may have two thousand. What a page cannot parse to the end was
// cut off.
func (a *API) visit(c echo.Context) error {
	caseID, err := pathID(c, "case")
	if err != nil {
		return err
	}
	visitID, err := pathID(c, "visit")
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	of, err := a.DB.Case(ctx, caseID)
	if err != nil {
		return err
	}
	v, err := a.DB.Visit(ctx, caseID, visitID)
	if err != nil {
		return err
	}
	indexes := make([]int64, len(v.Records))
	for i := range v.Records {
		indexes[i] = v.Records[i].Index
	}
	head, err := json.Marshal(struct {
		Case  any `json:"case"`
		Visit any `json:"visit"`
	}{of, v})
	if err != nil {
		return err
	}
	text := append(head[:len(head)-1], `,"records":[`...)
	for first := true; len(indexes) > 0; first = false {
		n := min(visitPage, len(indexes))
		list, err := a.DB.EvidenceAt(ctx, indexes[:n])
		if err != nil {
			return err
		}
		for i, e := range list {
			if !first || i > 0 {
				text = append(text, ',')
			}
			held, err := a.held(e)
			if err != nil {
				return err
			}
			if text, err = appendJSON(text, held); err != nil {
				return err
			}
		}
		if indexes = indexes[n:]; len(indexes) == 0 {
			break
		}
		if err := write(c, text); err != nil {
			return err
		}
		text = text[:0]
	}
	return write(c, append(text, ']', '}'))
}

func appendJSON(dst []byte, v any) ([]byte, error) {
	text, err := json.Marshal(v)
	return append(dst, text...), err
}

// write sends a part of a JSON answer.
func write(c echo.Context, part []byte) error {
	if !c.Response().Committed {
		c.Response().Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
		c.Response().WriteHeader(http.StatusOK)
	}
	_, err := c.Response().Write(part)
	return err
}

// maxReason bounds what the office tells a rep, in characters: all of it reaches the phone (history's VisitSummary).
const maxReason = 1000

// review decides on a visit.
func (a *API) review(c echo.Context) error {
	caseID, err := pathID(c, "case")
	if err != nil {
		return err
	}
	visitID, err := pathID(c, "visit")
	if err != nil {
		return err
	}
	b, err := read(c, "decision", "reason", "records")
	if err != nil {
		return err
	}
	r := postgres.Review{Case: caseID, Visit: visitID, Decision: b.String("decision"), Records: b.hashes("records")}
	reason, _ := b.OptString("reason")
	if r.Reason = strings.TrimSpace(reason); utf8.RuneCountInString(r.Reason) > maxReason {
		b.Fault("reason", ijson.ErrValue, "too long")
	}
	if len(r.Records) > 2000 {
		b.Fault("records", ijson.ErrValue, "more than 2000")
	}
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.ReviewVisit(c.Request().Context(), r, caller(c).Member, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}
