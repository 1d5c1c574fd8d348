package field

import (
	"crypto/ecdsa"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/failpoint"
	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// enrol takes a phone's new key, authorised by a one-time code or by the phone's old key (docs/protocol.md section 4.2). The answer to the same
// key is always the same: it may have been lost on the way.
func (a *API) enrol(c echo.Context) error {
	now := a.Now()
	if wait, ok := a.enrolments.Allow(c.RealIP(), now); !ok {
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	proof, err := a.readProof(c, c.Request().Header.Get(headerProof))
	if err != nil {
		return err
	}
	body, err := readJSON(c.Request(), wire.MaxEnrol)
	if err != nil {
		return err
	}
	request, err := wire.ParseEnrolRequest(body)
	if err != nil {
		return err
	}
	key, kid, err := seal.ParseJWK([]byte(request.JWK))
	public, ok := key.(*ecdsa.PublicKey)
	if err != nil || !ok {
		return problem.New(problem.BadRequest).At("/jwk", "value")
	}
	if err := a.verifyProof(c, proof, public); err != nil {
		return err
	}
	jwk, err := seal.MarshalJWK(public)
	if err != nil {
		return err
	}
	enrolment := postgres.Enrolment{Code: string(request.Code), JWK: string(jwk), KeyID: kid, Public: public, Label: request.Label}
	if request.AuthorisedBy != "" {
		if enrolment.AuthorisedBy, err = a.authorisation(c, request.AuthorisedBy); err != nil {
			return err
		}
	}
	ctx := c.Request().Context()
	device, err := a.DB.Enrol(ctx, enrolment, now)
	if err != nil {
		return err
	}
	failpoint.Here("enrol.committed")
	if err := a.DB.OpenPractice(ctx, device.Member, now); err != nil { // after a crash here, whoever enrols next has it opened
		a.Log.WarnContext(ctx, "no case for practice", "error", err.Error())
	}
	a.Committed()
	keys, err := a.KeySet(ctx)
	if err != nil {
		return err
	}
	standing, err := a.DB.Standing(ctx, now)
	if err != nil {
		return err
	}
	c.Set("kid", device.KeyID.String())
	text, err := wire.EnrolAnswer{
		Certificate: device.Certificate, Keys: keys, MemberID: device.Member, MemberName: device.MemberName,
		Origin: standing.Origin, ServerTime: now.UnixMilli(), Agency: a.Agency,
	}.Marshal()
	if err != nil {
		return err
	}
	return c.JSONBlob(http.StatusOK, text)
}

// authorisation judges the old key's proof over the same request. A revoked key authorises nothing; Enrol says so.
func (a *API) authorisation(c echo.Context, token string) (record.KeyID, error) {
	proof, err := a.readProof(c, token)
	if err != nil {
		return record.KeyID{}, err
	}
	device, err := a.DB.Device(c.Request().Context(), proof.KeyID)
	if errors.Is(err, postgres.ErrNotFound) {
		return record.KeyID{}, problem.Wrap(problem.DeviceUnknown, err)
	}
	if err != nil {
		return record.KeyID{}, err
	}
	return device.KeyID, a.verifyProof(c, proof, device.Public)
}
