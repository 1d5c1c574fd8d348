package seal

import (
	"crypto"
	"unicode/utf8"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const typDeviceCert = "device-cert+jwt"

// A DeviceCert is the server's word that a device key belongs to a member. A
// phone shows it to a server that does not know the key.
type DeviceCert struct {
	Origin   string
	Key      crypto.PublicKey // the device's, P-256
	Member   record.ID
	Name     string // the member's, 1 to 200 characters
	IssuedAt int64  // ms since 1970, the server's clock
}

// SignDeviceCert issues a certificate with the office key. Errors: ErrKey,
// ErrClaims.
func SignDeviceCert(c DeviceCert, key crypto.Signer) (string, error) {
	kid, err := Thumbprint(key.Public())
	if err != nil {
		return "", err
	}
	jwk, err := members(c.Key)
	if err != nil {
		return "", err
	}
	core, err := makeCore(algServer, typDeviceCert, kid, ijson.Members{
		ijson.M("v", 1), ijson.M("origin", c.Origin), ijson.M("jwk", jwk), ijson.M("member", c.Member), ijson.M("name", c.Name),
		ijson.M("issued_at", c.IssuedAt),
	})
	if err != nil {
		return "", err
	}
	return signAndOpen(core, key, func(token string) error {
		_, err := OpenDeviceCert(token, key.Public())
		return err
	})
}

// signAndOpen signs a core and reads the token back, so that none leaves that
// its reader would refuse.
func signAndOpen(core string, key crypto.Signer, open func(token string) error) (string, error) {
	token, err := SignCore(core, key)
	if err != nil {
		return "", err
	}
	if err := open(token); err != nil {
		return "", err
	}
	return token, nil
}

// OpenDeviceCert reads a certificate and verifies it with the office key pub.
// Errors: ErrSize, ErrForm, ErrHeader, ErrUnknownKey, ErrSignature, ErrClaims.
func OpenDeviceCert(token string, pub crypto.PublicKey) (c DeviceCert, err error) {
	j, err := openToken(token, algServer, typDeviceCert, pub)
	if err != nil {
		return DeviceCert{}, err
	}
	err = claims(j.payload, func(o ijson.Obj) {
		c = DeviceCert{Origin: origin(o, "origin"), Key: readJWK(o.Obj("jwk")), Name: o.String("name"), IssuedAt: o.Int("issued_at")}
		if alg, err := algOf(c.Key); c.Key != nil && (err != nil || alg != algPhone) {
			o.Fault("jwk", ijson.ErrValue, "want P-256")
		}
		var err error
		if c.Member, err = record.ParseID(o.String("member")); err != nil && o.Has("member") {
			o.Fault("member", err, "")
		}
		if n := utf8.RuneCountInString(c.Name); o.Has("name") && (n < 1 || n > 200) {
			o.Fault("name", ijson.ErrValue, "want 1 to 200 characters")
		}
	}, "origin", "jwk", "member", "name", "issued_at")
	if err != nil {
		return DeviceCert{}, err
	}
	return c, nil
}
