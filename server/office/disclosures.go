package office

import (
	"context"
	"errors"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/history"
	"tachiai/sync/ijson"
	"tachiai/sync/record"
	"tachiai/sync/seal"
)

// How long a link lives and how often it may be opened, unless a disclosure says so.
const (
	defaultDays, maxDays         = 14, 90
	defaultSessions, maxSessions = 20, 1000
	maxPhotos                    = 30
)

// mountDisclosures adds the routes of disclosures and documents.
func (a *API) mountDisclosures(g *echo.Group) {
	read, review, decide := a.require(readers...), a.require(reviewers...), a.require(deciders...)
	g.POST("/cases/:case/disclosures", a.prepareDisclosure, review)
	g.GET("/disclosures", a.disclosures, read)
	g.GET("/disclosures/:disclosure", a.disclosure, read)
	g.GET("/disclosures/:disclosure/document", a.disclosureDocument, read)
	g.POST("/disclosures/approve", a.decideDisclosures, a.require(approvers...))
	g.POST("/disclosures/:disclosure/link", a.issueLink, review)
	g.POST("/disclosures/:disclosure/unlock", a.unlockDisclosure, decide)
	g.POST("/disclosures/:disclosure/revoke", a.revokeDisclosure, decide)
	g.GET("/records/:hash/document", a.recordDocument, read)
}

// prepareDisclosure sets the client edition, stores it, and then appends disclosure.prepared with its digest. A crash in between leaves an object
// that no row names and nobody is served; a job clears it away. A page that names the id itself may repeat the request when the answer was lost:
// there is one disclosure, however often it comes.
func (a *API) prepareDisclosure(c echo.Context) error {
	caseID, err := pathID(c, "case")
	if err != nil {
		return err
	}
	b, err := read(c, "id", "documents", "photos", "recipient", "purpose", "days", "sessions")
	if err != nil {
		return err
	}
	documents, photos, recipient := b.hashes("documents"), b.photos("photos"), b.recipient("recipient")
	purpose, _ := b.OptString("purpose")
	days, sessions := b.within("days", defaultDays, maxDays), b.within("sessions", defaultSessions, maxSessions)
	if len(documents) != 1 && b.Has("documents") {
		b.Fault("documents", ijson.ErrValue, "want one signed declaration")
	}
	id := b.optID("id")
	if err := b.err(); err != nil {
		return err
	}
	ctx, now, actor := c.Request().Context(), a.Now(), caller(c).Member
	if id.IsZero() {
		id = a.newID()
	} else if again, err := a.repeats(ctx, id, documents[0], recipient, actor); err != nil || again {
		return prepared(c, id, err)
	}
	declaration, err := a.DB.Held(ctx, documents[0])
	if err != nil {
		return err
	}
	if declaration.Case != caseID {
		return problem.New(problem.RecordUnknown)
	}
	if err := a.DB.Disclosable(ctx, declaration, len(photos) > 0); err != nil {
		return err
	}
	refs, printed, err := a.derivatives(ctx, declaration, photos, actor)
	if err != nil {
		return err
	}
	d := postgres.NewDisclosure{
		ID: id, Declaration: declaration, Photos: refs, Recipient: recipient, Purpose: strings.TrimSpace(purpose),
		ExpiresAt: now.Add(time.Duration(days) * 24 * time.Hour), Sessions: sessions,
	}
	if d.Document, err = a.clientEdition(ctx, d, printed, now); err != nil {
		return err
	}
	failpoint.Here("disclose.stored")
	_, err = a.DB.PrepareDisclosure(ctx, d, actor, now)
	if errors.Is(err, postgres.ErrConflict) { // it came twice at once
		_, err = a.repeats(ctx, id, documents[0], recipient, actor)
		return prepared(c, id, err)
	}
	if err != nil {
		return err
	}
	failpoint.Here("disclose.prepared")
	a.Committed()
	return created(c, id)
}

// repeats reports whether the same member has prepared the same disclosure before. Another one of that id is a conflict.
func (a *API) repeats(ctx context.Context, id record.ID, declaration record.Hash, recipient history.Recipient, actor record.ID) (bool, error) {
	before, err := a.DB.Disclosure(ctx, id)
	if errors.Is(err, postgres.ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	if before.Prepared.Actor != actor || !slices.Equal(before.Documents, []record.Hash{declaration}) || before.Recipient == nil || *before.Recipient != recipient {
		return false, problem.New(problem.Conflict)
	}
	return true, nil
}

func prepared(c echo.Context, id record.ID, err error) error {
	if err != nil {
		return err
	}
	return created(c, id)
}

// photos reads a list of derivatives or originals, by record and blob.
func (b body) photos(name string) []postgres.PhotoRef {
	list, ok := b.OptArr(name)
	if !ok {
		return nil
	}
	var refs []postgres.PhotoRef
	for i, o := range list.Objs() {
		o.Only("record", "id")
		hash, err := record.ParseHash(o.String("record"))
		if err != nil && o.Has("record") {
			o.Fault("record", ijson.ErrValue, "not a hash")
		}
		if i >= maxPhotos {
			list.Fault(i, ijson.ErrValue, "too many")
			break
		}
		refs = append(refs, postgres.PhotoRef{Record: hash, ID: o.String("id")})
	}
	return refs
}

// recipient reads whom a disclosure is for.
func (b body) recipient(name string) history.Recipient {
	o := b.Obj.Obj(name)
	o.Only("name", "organisation", "department", "mail")
	line := func(member, text string) string {
		if len([]rune(text)) > 200 || strings.ContainsAny(text, "\r\n") {
			o.Fault(member, ijson.ErrValue, "want one line of at most 200 characters")
		}
		return strings.TrimSpace(text)
	}
	must := func(member string) string {
		text := line(member, o.String(member))
		if text == "" && o.Has(member) {
			o.Fault(member, ijson.ErrValue, "empty")
		}
		return text
	}
	may := func(member string) string {
		text, _ := o.OptString(member)
		return line(member, text)
	}
	return history.Recipient{Name: must("name"), Organisation: must("organisation"), Department: may("department"), Mail: may("mail")}
}

// within reads a number from 1 to most that may be absent.
func (b body) within(name string, otherwise, most int64) int64 {
	n, ok := b.OptInt(name)
	if !ok {
		return otherwise
	}
	if n < 1 || n > most {
		b.Fault(name, ijson.ErrValue, "out of range")
	}
	return n
}

// decideDisclosures is the second person's word on what another prepared.
func (a *API) decideDisclosures(c echo.Context) error {
	b, err := read(c, "disclosures", "decision", "reason")
	if err != nil {
		return err
	}
	ids, verdict := b.ids("disclosures"), b.String("decision")
	reason, _ := b.OptString("reason")
	if (len(ids) < 1 || len(ids) > 20) && b.Has("disclosures") {
		b.Fault("disclosures", ijson.ErrValue, "want 1 to 20")
	}
	if verdict != "approved" && verdict != "refused" && b.Has("decision") {
		b.Fault("decision", ijson.ErrValue, "want approved or refused")
	}
	if verdict == "refused" && strings.TrimSpace(reason) == "" {
		b.Fault("reason", ijson.ErrMissing, "")
	}
	if err := b.err(); err != nil {
		return err
	}
	err = a.DB.DecideDisclosures(c.Request().Context(), ids, postgres.Decision{Verdict: verdict, Reason: strings.TrimSpace(reason)}, caller(c).Member, a.Now())
	if err != nil {
		return err
	}
	failpoint.Here("disclose.approved")
	a.Committed()
	return done(c)
}

// issueLink makes the link and the passcode of an approved disclosure; they are shown once.
func (a *API) issueLink(c echo.Context) error {
	id, err := pathID(c, "disclosure")
	if err != nil {
		return err
	}
	if _, err := read(c); err != nil {
		return err
	}
	ctx, now := c.Request().Context(), a.Now()
	standing, err := a.DB.Standing(ctx, now)
	if err != nil {
		return err
	}
	issued, err := a.DB.IssueLink(ctx, id, now)
	if err != nil {
		return err
	}
	failpoint.Here("disclose.linked")
	token, err := seal.SignLink(seal.Link{Origin: standing.Origin, Disclosure: id, JTI: issued.JTI, Expires: issued.ExpiresAt.Unix()}, a.Keys.Link)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, map[string]any{
		"link": a.PublicURL + "/d/" + token, "passcode": issued.Passcode, "expires_at": issued.ExpiresAt.UnixMilli(),
	})
}

// unlockDisclosure forgets the wrong passcodes at a disclosure's link.
func (a *API) unlockDisclosure(c echo.Context) error {
	id, err := pathID(c, "disclosure")
	if err != nil {
		return err
	}
	if _, err := read(c); err != nil {
		return err
	}
	if err := a.DB.UnlockLink(c.Request().Context(), id); err != nil {
		return err
	}
	return done(c)
}

// revokeDisclosure takes a disclosure back at once.
func (a *API) revokeDisclosure(c echo.Context) error {
	id, err := pathID(c, "disclosure")
	if err != nil {
		return err
	}
	b, err := read(c, "reason")
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(b.String("reason"))
	if reason == "" && b.Has("reason") {
		b.Fault("reason", ijson.ErrValue, "empty")
	}
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.RevokeDisclosure(c.Request().Context(), id, reason, caller(c).Member, a.Now()); err != nil {
		return err
	}
	failpoint.Here("disclose.revoked")
	a.Committed()
	return done(c)
}
