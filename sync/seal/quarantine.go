package seal

import (
	"crypto"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const typQuarantineReceipt = "quarantine-receipt+jwt"

// A QuarantineReceipt is the server's word that it keeps pushed bytes which it
// could not take as a record. It stops the phone from sending them again.
type QuarantineReceipt struct {
	Origin     string
	SHA256     string // lower-case hex, over the pushed bytes
	ReceivedAt int64  // ms since 1970, the server's clock
	Code       string // why: a code of Code
}

// QuarantineReceiptCore writes the core of a quarantine receipt, to be signed
// by the receipt key of that id. Error: ErrClaims.
func QuarantineReceiptCore(kid record.KeyID, r QuarantineReceipt) (string, error) {
	core, err := makeCore(algServer, typQuarantineReceipt, kid, ijson.Members{
		ijson.M("v", 1), ijson.M("origin", r.Origin), ijson.M("sha256", r.SHA256), ijson.M("received_at", r.ReceivedAt), ijson.M("code", r.Code),
	})
	if err != nil {
		return "", err
	}
	_, err = ParseQuarantineReceiptCore(core)
	return core, err
}

// ParseQuarantineReceiptCore reads what QuarantineReceiptCore writes. Errors:
// ErrSize, ErrForm, ErrHeader, ErrClaims.
func ParseQuarantineReceiptCore(core string) (QuarantineReceipt, error) {
	j, err := parseCore(core, typQuarantineReceipt)
	if err != nil {
		return QuarantineReceipt{}, err
	}
	return readQuarantineReceipt(j.payload)
}

// OpenQuarantineReceipt reads a quarantine receipt and verifies it with the
// receipt key pub. Errors: those of ParseQuarantineReceiptCore, ErrUnknownKey,
// ErrSignature.
func OpenQuarantineReceipt(token string, pub crypto.PublicKey) (QuarantineReceipt, error) {
	j, err := openToken(token, algServer, typQuarantineReceipt, pub)
	if err != nil {
		return QuarantineReceipt{}, err
	}
	return readQuarantineReceipt(j.payload)
}

func readQuarantineReceipt(payload []byte) (r QuarantineReceipt, err error) {
	err = claims(payload, func(o ijson.Obj) {
		r = QuarantineReceipt{
			Origin: origin(o, "origin"), SHA256: digest(o, "sha256"), ReceivedAt: o.Int("received_at"), Code: o.String("code"),
		}
		if o.Has("code") && !isWord(r.Code) {
			o.Fault("code", ijson.ErrValue, "want 1 to 32 of a-z, 0-9, _")
		}
	}, "origin", "sha256", "received_at", "code")
	if err != nil {
		return QuarantineReceipt{}, err
	}
	return r, nil
}

// isWord is ^[a-z0-9_]{1,32}$.
func isWord(s string) bool {
	for i := range len(s) {
		if (s[i] < 'a' || s[i] > 'z') && (s[i] < '0' || s[i] > '9') && s[i] != '_' {
			return false
		}
	}
	return len(s) > 0 && len(s) <= 32
}
