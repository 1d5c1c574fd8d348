package fieldtest

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"tachiai/sync/record"
	"tachiai/sync/seal"
	"tachiai/sync/wire"
)

// Joined is what a phone knows after its enrolment.
type Joined struct {
	Member      record.ID
	Name        string
	Origin      string // of the ledger that its receipts come from
	Certificate string // device-cert+jwt
	Root        string // thumbprint of the pinned root key
	Keys        string // the newest keys+jwt
}

// Joined is what the enrolment gave; the zero value before.
func (p *Phone) Joined() Joined {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.joined
}

// ErrRoot says that a key set is not signed by the root whose fingerprint is pinned.
var ErrRoot = errors.New("fieldtest: key set is not under the pinned root")

// Enrol joins with a one-time code: twelve characters, "code.fingerprint", or the whole link. With a fingerprint the key set must be under that
// root; without one the root of the answer is pinned.
func (p *Phone) Enrol(ctx context.Context, code string) (Joined, error) {
	c, pinned, err := wire.ParseEnrolLink(code)
	if err != nil {
		return Joined{}, err
	}
	root := ""
	if pinned != (record.KeyID{}) {
		root = pinned.String()
	}
	return p.join(ctx, wire.EnrolRequest{Code: c}, root)
}

// EnrolBy joins with the authority of another enrolled phone of the same member, as after an update that lost the key.
func (p *Phone) EnrolBy(ctx context.Context, old *Phone) (Joined, error) {
	_, public := p.addresses()
	if err := p.fetchNonce(ctx); err != nil {
		return Joined{}, err
	}
	proof, err := seal.SignProof(old.key, "POST", public+PathEnrol, p.lastNonce())
	if err != nil {
		return Joined{}, err
	}
	return p.join(ctx, wire.EnrolRequest{AuthorisedBy: proof}, old.Joined().Root)
}

func (p *Phone) join(ctx context.Context, request wire.EnrolRequest, root string) (Joined, error) {
	jwk, err := seal.MarshalJWK(&p.key.PublicKey)
	if err != nil {
		return Joined{}, err
	}
	request.JWK, request.Label = string(jwk), p.options.App
	body, err := request.Marshal()
	if err != nil {
		return Joined{}, err
	}
	answer, err := p.PostJSON(ctx, PathEnrol, body, nil)
	if err != nil {
		return Joined{}, err
	}
	if err := answer.is("application/json"); err != nil {
		return Joined{}, err
	}
	joined, err := wire.ParseEnrolAnswer(answer.Body)
	if err != nil {
		return Joined{}, fmt.Errorf("%w: %w", ErrNotServer, err)
	}
	set, root, err := openKeys(joined.Keys, root)
	if err != nil {
		return Joined{}, err
	}
	if err := p.checkCertificate(joined.Certificate, joined.MemberID, set); err != nil {
		return Joined{}, err
	}
	p.measure(joined.ServerTime)
	p.mu.Lock()
	defer p.mu.Unlock()
	p.joined = Joined{
		Member: joined.MemberID, Name: joined.MemberName, Origin: joined.Origin, Certificate: joined.Certificate, Root: root, Keys: joined.Keys,
	}
	return p.joined, p.keepJoined()
}

// checkCertificate holds the certificate against the key set and the own key.
func (p *Phone) checkCertificate(token string, member record.ID, set seal.KeySet) error {
	for _, k := range set.Keys {
		if k.Use != seal.UseOffice {
			continue
		}
		certificate, err := seal.OpenDeviceCert(token, k.Public)
		if err != nil {
			continue
		}
		if kid, err := seal.Thumbprint(certificate.Key); err != nil || kid != p.kid || certificate.Member != member {
			return errors.New("fieldtest: the certificate is for another phone")
		}
		return nil
	}
	return errors.New("fieldtest: the certificate is not by an office key of the set")
}

// openKeys checks a key set with the root of that fingerprint; "" takes the root that it says has signed it, which pins nothing.
func openKeys(token, root string) (seal.KeySet, string, error) {
	kid, err := record.ParseKeyID(root)
	if root == "" {
		kid, err = seal.RootOf(token)
	}
	if err != nil {
		return seal.KeySet{}, "", fmt.Errorf("%w: %w", ErrRoot, err)
	}
	set, err := seal.OpenPinnedKeySet(token, kid)
	if err != nil {
		return seal.KeySet{}, "", fmt.Errorf("%w: %w", ErrRoot, err)
	}
	return set, kid.String(), nil
}

// keys is the pinned key set; with an origin that it does not name, a newer one is fetched.
func (p *Phone) keys(ctx context.Context, origin string) (seal.KeySet, error) {
	joined := p.Joined()
	set, _, err := openKeys(joined.Keys, joined.Root)
	if err != nil || origin == "" || slices.Contains(set.Origins, origin) {
		return set, err
	}
	answer, err := p.Do(ctx, Request{Method: "GET", Path: "/keys", NoProof: true})
	if err != nil {
		return set, err
	}
	if err := answer.is("application/jwt"); err != nil {
		return set, err
	}
	newer, _, err := openKeys(string(answer.Body), joined.Root)
	if err != nil {
		return set, err
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.joined.Keys = string(answer.Body)
	return newer, p.keepJoined()
}

// measure notes how far the phone's clock is from the server's.
func (p *Phone) measure(serverTime int64) {
	now := p.options.Now()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock, p.measured = &record.Clock{OffsetMS: serverTime - now.UnixMilli()}, now
}
