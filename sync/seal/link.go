package seal

import (
	"crypto"
	"fmt"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const (
	typLink      = "doclink+jwt"
	audienceLink = "client"
)

// A Link finds one disclosure for somebody without an account. It is a locator
// that nobody can forge, and no right: whether it is still good only the
// server's row says, and the passcode that goes with it.
type Link struct {
	Origin     string    // iss: the ledger
	Disclosure record.ID // sub
	JTI        string    // 16 random bytes, base64url
	Expires    int64     // exp: seconds since 1970, for a reader's eyes; the row decides
}

// SignLink makes a link with the link key. Errors: ErrKey, ErrClaims.
func SignLink(l Link, key crypto.Signer) (string, error) {
	kid, err := Thumbprint(key.Public())
	if err != nil {
		return "", err
	}
	core, err := makeCore(algServer, typLink, kid, ijson.Members{
		ijson.M("v", 1), ijson.M("iss", l.Origin), ijson.M("sub", l.Disclosure), ijson.M("jti", l.JTI), ijson.M("aud", audienceLink),
		ijson.M("exp", l.Expires),
	})
	if err != nil {
		return "", err
	}
	return signAndOpen(core, key, func(token string) error {
		_, err := OpenLink(token, key.Public())
		return err
	})
}

// OpenLink reads a link and verifies it with the link key pub. It compares no
// time: see Link. Errors: ErrSize, ErrForm, ErrHeader, ErrUnknownKey,
// ErrSignature, ErrClaims.
func OpenLink(token string, pub crypto.PublicKey) (l Link, err error) {
	j, err := openToken(token, algServer, typLink, pub)
	if err != nil {
		return Link{}, err
	}
	err = claims(j.payload, func(o ijson.Obj) {
		l = Link{Origin: origin(o, "iss"), JTI: o.String("jti"), Expires: o.Int("exp")}
		var err error
		if l.Disclosure, err = record.ParseID(o.String("sub")); err != nil && o.Has("sub") {
			o.Fault("sub", err, "")
		}
		if o.Has("jti") && !record.CheckSalt(l.JTI) {
			o.Fault("jti", ijson.ErrValue, "want 16 bytes in base64url")
		}
		if aud := o.String("aud"); o.Has("aud") && aud != audienceLink {
			o.Fault("aud", ijson.ErrValue, fmt.Sprintf("want %q", audienceLink))
		}
		if o.Has("exp") && l.Expires < 1 {
			o.Fault("exp", ijson.ErrValue, "want 1 or more")
		}
	}, "iss", "sub", "jti", "aud", "exp")
	if err != nil {
		return Link{}, err
	}
	return l, nil
}
