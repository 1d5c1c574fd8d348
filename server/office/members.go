package office

import (
	"log/slog"
	"net/http"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/ijson"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// enrolPath is the page of the office that takes a one-time code.
const enrolPath = "/office/enrol"

type listedMember struct {
	member
	Active bool `json:"active"`
}

// members lists everybody, those who were removed too: their names stand on records.
func (a *API) members(c echo.Context) error {
	all, err := a.DB.Members(c.Request().Context())
	if err != nil {
		return err
	}
	answer := struct {
		Members []listedMember `json:"members"`
	}{make([]listedMember, 0, len(all))}
	for _, m := range all {
		answer.Members = append(answer.Members, listedMember{member{m.ID, m.Name, m.Roles}, m.Active})
	}
	return c.JSON(http.StatusOK, answer)
}

// roles reads a list of roles, each once.
func (b body) roles(name string) []record.Role {
	list := b.Arr(name)
	var roles []record.Role
	for i, text := range list.Strings() {
		role := record.Role(text)
		known := slices.ContainsFunc(record.Roles, func(c record.Code) bool { return c.Code == text })
		if text != "" && (!known || slices.Contains(roles, role)) {
			list.Fault(i, ijson.ErrValue, "not a role, or twice")
		}
		roles = append(roles, role)
	}
	if list.Len() == 0 && b.Value().Get(name).Kind() == ijson.Array {
		b.Fault(name, ijson.ErrValue, "no role")
	}
	return roles
}

func (a *API) addMember(c echo.Context) error {
	b, err := read(c, "name", "roles")
	if err != nil {
		return err
	}
	m := postgres.Member{Name: strings.TrimSpace(b.String("name")), Roles: b.roles("roles"), Active: true}
	if err := b.err(); err != nil {
		return err
	}
	id, err := a.DB.ChangeMember(c.Request().Context(), m, caller(c).Member, a.Now())
	if err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return created(c, id)
}

// changeMember changes a member's name or roles, or removes him: then his sessions are over and his phones only push. The last administrator
// stays one, or nobody could let others in.
func (a *API) changeMember(c echo.Context) error {
	id, err := pathID(c, "member")
	if err != nil {
		return err
	}
	b, err := read(c, "name", "roles", "active")
	if err != nil {
		return err
	}
	name, named := b.OptString("name")
	var roles []record.Role
	if b.Has("roles") {
		roles = b.roles("roles")
	}
	active, told := b.OptBool("active")
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.UpdateMember(c.Request().Context(), id, func(m *postgres.Member) {
		if named {
			m.Name = strings.TrimSpace(name)
		}
		if roles != nil {
			m.Roles = roles
		}
		if told {
			m.Active = active
		}
	}, caller(c).Member, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}

type issuedCode struct {
	Code      string `json:"code"`
	Link      string `json:"link"`
	ExpiresAt int64  `json:"expires_at"` // ms
}

// issueCode makes a one-time code for a member. Whoever is no administrator makes codes for phones alone, for those who have nothing but phones:
// a code for a session is as good as the member himself.
func (a *API) issueCode(c echo.Context) error {
	id, err := pathID(c, "member")
	if err != nil {
		return err
	}
	b, err := read(c, "for")
	if err != nil {
		return err
	}
	purpose, _ := b.OptString("for")
	if purpose != "" && purpose != "phone" && purpose != "office" {
		b.Fault("for", ijson.ErrValue, "neither phone nor office")
	}
	if err := b.err(); err != nil {
		return err
	}
	ctx, now, s := c.Request().Context(), a.Now(), caller(c)
	m, err := a.DB.Member(ctx, id)
	if err != nil {
		return err
	}
	onlyRep := len(m.Roles) == 1 && m.Roles[0] == record.RoleRep
	if !s.has(record.RoleAdmin) && !onlyRep {
		return problem.New(problem.Forbidden)
	}
	if purpose == "office" && !postgres.InOffice(m) {
		return problem.New(problem.Conflict).At("/for", "no_office_role")
	}
	text, err := a.DB.NewEnrolmentCode(ctx, id, now)
	if err != nil {
		return err
	}
	code := wire.Code(text)
	link := wire.EnrolLink(a.PublicURL, code, a.Keys.RootID())
	if purpose == "office" || purpose == "" && !slices.Contains(m.Roles, record.RoleRep) {
		link = strings.Replace(link, wire.EnrolPath, enrolPath, 1)
	}
	a.Log.Info("one-time code made", slog.String("member", s.Member.String()), slog.String("for", id.String()))
	return c.JSON(http.StatusOK, issuedCode{code.Spaced(), link, now.Add(postgres.CodeLife).UnixMilli()})
}

// created answers with the id of what has been made.
func created(c echo.Context, id record.ID) error {
	return c.JSON(http.StatusCreated, struct {
		ID record.ID `json:"id"`
	}{id})
}
