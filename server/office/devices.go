package office

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"tachiai/server/problem"
	"tachiai/sync/record"
	"tachiai/sync/wire"
)

// device is a phone, and whether all that was sealed on it is here: made beyond head says that records exist which have not arrived.
type device struct {
	KeyID        record.KeyID `json:"kid"`
	Member       record.ID    `json:"member"`
	Label        string       `json:"label"`
	Certificate  string       `json:"certificate"`
	EnrolledAt   int64        `json:"enrolled_at"`
	RevokedAt    int64        `json:"revoked_at,omitempty"`
	Status       *wire.Status `json:"status,omitempty"` // what it said of itself last, less the records that arrived with that word
	ReportedAt   int64        `json:"reported_at,omitempty"`
	Head         int64        `json:"head"`          // highest gap-free seq that is here
	Made         int64        `json:"made"`          // highest seq that is known to have been sealed
	MissingBlobs int64        `json:"missing_blobs"` // that its records name and that are not here
}

func (a *API) devices(c echo.Context) error {
	reports, err := a.DB.DeviceReports(c.Request().Context())
	if err != nil {
		return err
	}
	answer := struct {
		Devices []device `json:"devices"`
	}{make([]device, 0, len(reports))}
	for _, r := range reports {
		d := device{
			KeyID: r.KeyID, Member: r.Member, Label: r.Label, Certificate: r.Certificate, EnrolledAt: r.EnrolledAt.UnixMilli(),
			Status: r.Status, Head: r.Head, Made: r.Made, MissingBlobs: r.MissingBlobs,
		}
		if r.Revoked() {
			d.RevokedAt = r.RevokedAt.UnixMilli()
		}
		if r.Status != nil {
			d.ReportedAt = r.ReportedAt.UnixMilli()
		}
		answer.Devices = append(answer.Devices, d)
	}
	return c.JSON(http.StatusOK, answer)
}

// revokeDevice takes everything from a key but push and upload: what a lost phone still holds may come.
func (a *API) revokeDevice(c echo.Context) error {
	kid, err := record.ParseKeyID(c.Param("kid"))
	if err != nil {
		return problem.Wrap(problem.NotFound, err)
	}
	b, err := read(c, "reason")
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(b.String("reason"))
	if err := b.err(); err != nil {
		return err
	}
	if err := a.DB.RevokeDevice(c.Request().Context(), kid, caller(c).Member, reason, a.Now()); err != nil {
		return faulty(err, "")
	}
	a.Committed()
	return done(c)
}
