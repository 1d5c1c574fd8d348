package office

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/history"
	"tachiai/sync/ijson"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// maxSearch bounds a search, in characters.
const maxSearch = 100

// cases lists cases, newest first.
func (a *API) cases(c echo.Context) error {
	n, err := limit(c, casesPage)
	if err != nil {
		return err
	}
	q := postgres.CaseQuery{Search: c.QueryParam("q"), State: record.State(c.QueryParam("state")), Limit: n, Cursor: c.QueryParam("cursor")}
	if utf8.RuneCountInString(q.Search) > maxSearch || !utf8.ValidString(q.Search) || strings.ContainsRune(q.Search, 0) {
		return problem.New(problem.BadRequest).At("/q", "value")
	}
	known := slices.ContainsFunc(record.States, func(s record.Code) bool { return s.Code == string(q.State) })
	if q.State != "" && q.State != postgres.StateVoided && q.State != postgres.StatePractice && !known {
		return problem.New(problem.BadRequest).At("/state", "value")
	}
	page, err := a.DB.CaseList(c.Request().Context(), q)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Cases  []json.RawMessage `json:"cases"`
		Cursor string            `json:"cursor,omitempty"`
	}{page.Rows, page.Next})
}

// facts reads the member facts: fields of a kind, by name. Some are not for this request.
func (b body) facts(kind record.Kind, barred ...string) []seal.Content {
	o := b.Obj.Obj("facts")
	schema, _ := record.SchemaOf(kind)
	var fields []seal.Content
	for name, value := range o.Value().Members() {
		known := slices.ContainsFunc(schema.Fields, func(s record.Slot) bool { return s.Name == name })
		if !known || slices.Contains(barred, name) {
			o.Fault(name, ijson.ErrUnknown, "")
		}
		if text, ok := value.Text(); ok && strings.TrimSpace(text) == "" {
			o.Fault(name, ijson.ErrValue, "empty")
		}
		fields = append(fields, seal.Content{Name: name, Value: value})
	}
	return fields
}

// reps reads a list of members who are to have a case: active ones who visit.
func (a *API) reps(c echo.Context, b body, name string) ([]record.ID, error) {
	ids := b.ids(name)
	if err := b.err(); err != nil || len(ids) == 0 {
		return ids, err
	}
	members, err := a.DB.Members(c.Request().Context())
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		at := slices.IndexFunc(members, func(m postgres.Member) bool { return m.ID == id })
		if at < 0 || !members[at].Has(record.RoleRep) {
			b.Arr(name).Fault(i, ijson.ErrValue, "not an active rep")
		}
	}
	return ids, b.err()
}

// openCase opens a case and gives it to reps.
func (a *API) openCase(c echo.Context) error {
	b, err := read(c, "facts", "members")
	if err != nil {
		return err
	}
	facts := b.facts(record.KindCaseOpened)
	members, err := a.reps(c, b, "members")
	if err != nil {
		return err
	}
	id, err := a.DB.OpenCase(c.Request().Context(), postgres.NewCase{Facts: facts, Members: members}, caller(c).Member, a.Now())
	if err != nil {
		return faulty(err, "/facts")
	}
	a.Committed()
	return created(c, id)
}

func (a *API) theCase(c echo.Context) error {
	id, err := pathID(c, "case")
	if err != nil {
		return err
	}
	state, disclosures, err := a.DB.CaseFile(c.Request().Context(), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, struct {
		Case        *history.Case         `json:"case"`
		Disclosures []*history.Disclosure `json:"disclosures"`
	}{state, disclosures})
}

func (a *API) assignCase(c echo.Context) error {
	id, err := pathID(c, "case")
	if err != nil {
		return err
	}
	b, err := read(c, "members", "reason")
	if err != nil {
		return err
	}
	reason, _ := b.OptString("reason")
	members, err := a.reps(c, b, "members")
	if err != nil {
		return err
	}
	if err := a.DB.AssignCase(c.Request().Context(), id, members, strings.TrimSpace(reason), caller(c).Member, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}

// changeCase changes facts. What a case is for stays: a practice case never becomes a real one, nor a real one practice.
func (a *API) changeCase(c echo.Context) error {
	id, err := pathID(c, "case")
	if err != nil {
		return err
	}
	b, err := read(c, "facts")
	if err != nil {
		return err
	}
	facts := b.facts(record.KindCaseChanged, "practice")
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.ChangeCase(c.Request().Context(), id, facts, caller(c).Member, a.Now()); err != nil {
		return faulty(err, "/facts")
	}
	a.Committed()
	return done(c)
}

// voidCase takes a case back, or says which other one it is.
func (a *API) voidCase(c echo.Context) error {
	id, err := pathID(c, "case")
	if err != nil {
		return err
	}
	b, err := read(c, "reason", "merged_into")
	if err != nil {
		return err
	}
	reason, into := strings.TrimSpace(b.String("reason")), b.optID("merged_into")
	if into == id {
		b.Fault("merged_into", ijson.ErrValue, "the case itself")
	}
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.VoidCase(c.Request().Context(), id, into, reason, caller(c).Member, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}

// answerFlag explains a flag of a record.
func (a *API) answerFlag(c echo.Context) error {
	id, err := pathID(c, "case")
	if err != nil {
		return err
	}
	b, err := read(c, "record", "flag", "answer")
	if err != nil {
		return err
	}
	hash, flag, answer := b.hash("record"), record.Flag(b.String("flag")), strings.TrimSpace(b.String("answer"))
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.AnswerFlag(c.Request().Context(), id, hash, flag, answer, caller(c).Member, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}
