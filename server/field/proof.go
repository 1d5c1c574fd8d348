package field

import (
	"crypto/ecdsa"
	"errors"
	"io"
	"time"

	"github.com/labstack/echo/v4"

	"tachiai/server/postgres"
	"tachiai/server/problem"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// trust is what a route asks of the key beyond a valid proof.
type trust int

const (
	always       trust = iota // any key that was ever enrolled: what a phone holds must be able to leave it; see knownLife
	whileTrusted              // not revoked, and its member not removed
)

const callerKey = "caller"

// callerOf is the device whose proof the request carries.
func callerOf(c echo.Context) postgres.Device {
	device, _ := c.Get(callerKey).(postgres.Device)
	return device
}

// nonces puts a fresh nonce into every answer, so that a phone has one at hand for its next request.
func (a *API) nonces(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Header().Set(headerNonce, seal.NewNonce(a.Keys.Nonce, a.Now()))
		return next(c)
	}
}

// proven lets a request through that carries a proof of an enrolled key over this method, this address and a fresh nonce of ours. The phone's
// clock plays no part.
func (a *API) proven(needs trust) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			device, err := a.prove(c, needs)
			if err != nil {
				return err
			}
			c.Set(callerKey, device)
			c.Set("kid", device.KeyID.String())
			if err := a.admit(device, needs); err != nil {
				return err
			}
			return next(c)
		}
	}
}

// prove judges the Device-Proof header. The nonce comes before the key is looked up: what nobody asked for costs no query.
func (a *API) prove(c echo.Context, needs trust) (postgres.Device, error) {
	proof, err := a.readProof(c, c.Request().Header.Get(headerProof))
	if err != nil {
		return postgres.Device{}, err
	}
	device, err := a.device(c.Request().Context(), proof.KeyID, needs)
	if errors.Is(err, postgres.ErrNotFound) {
		return device, problem.Wrap(problem.DeviceUnknown, err)
	}
	if err != nil {
		return device, err
	}
	return device, a.verifyProof(c, proof, device.Public)
}

// readProof reads a proof and checks its nonce; nothing is verified yet.
func (a *API) readProof(c echo.Context, token string) (seal.Proof, error) {
	if token == "" {
		return seal.Proof{}, problem.New(problem.ProofMissing)
	}
	proof, err := seal.ParseProof(token)
	if err != nil {
		return proof, problem.Wrap(problem.ProofInvalid, err)
	}
	return proof, a.checkNonce(c, proof.Nonce)
}

// verifyProof holds a proof against this request.
func (a *API) verifyProof(c echo.Context, proof seal.Proof, public *ecdsa.PublicKey) error {
	if err := proof.Verify(public, c.Request().Method, a.PublicURL+c.Request().URL.EscapedPath()); err != nil {
		return problem.Wrap(problem.ProofInvalid, err)
	}
	return nil
}

// checkNonce asks for a repetition when the nonce is missing, old or not ours. What is left of a body is read, within what a push may have:
// a client that is still sending would miss the answer.
func (a *API) checkNonce(c echo.Context, nonce string) error {
	if err := seal.CheckNonce(a.Keys.Nonce, nonce, a.Now()); err != nil {
		_, _ = io.CopyN(io.Discard, c.Request().Body, wire.MaxBody)
		return problem.Wrap(problem.NonceRequired, err)
	}
	return nil
}

// admit judges the standing of a proven key.
func (a *API) admit(device postgres.Device, needs trust) error {
	switch {
	case !device.Revoked() && device.MemberActive:
		return nil
	case needs == whileTrusted && device.Revoked():
		return problem.New(problem.DeviceRevoked)
	case needs == whileTrusted:
		return problem.New(problem.MemberRemoved)
	}
	if wait, ok := a.revoked.Allow(device.KeyID.String(), a.Now()); !ok {
		return problem.New(problem.RateLimited).After(max(wait, time.Second))
	}
	return nil
}
