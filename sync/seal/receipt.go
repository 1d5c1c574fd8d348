package seal

import (
	"crypto"
	"fmt"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const typReceipt = "receipt+jwt"

// A Receipt is the server's word that it has a record, and where in the ledger.
type Receipt struct {
	Origin     string // the ledger
	Index      int64  // of the leaf, from 0
	Hash       record.Hash
	KeyID      record.KeyID // of the record
	Seq        int64        // 0 for an office record
	ReceivedAt int64        // ms since 1970, the server's clock
	SkewMS     *int64       // corrected device time minus server time; nil for an office record
}

// ReceiptCore writes the core of a receipt, which is the ledger's leaf, to be
// signed by the receipt key of that id. Error: ErrClaims, when a value is one
// that ParseReceiptCore would not take; a server that has checked its origin
// never meets it.
//
// It runs under the ledger's lock, once for each record of a batch, so it
// judges the values and does not read its own text back.
func ReceiptCore(kid record.KeyID, r Receipt) (string, error) {
	if !isOrigin(r.Origin) || r.Index < 0 || r.Seq < 0 || (r.Seq > 0) != (r.SkewMS != nil) {
		return "", fmt.Errorf("%w: receipt %d of %.40q", ErrClaims, r.Index, r.Origin)
	}
	m := ijson.Members{
		ijson.M("v", 1), ijson.M("origin", r.Origin), ijson.M("index", r.Index), ijson.M("hash", r.Hash), ijson.M("kid", r.KeyID),
	}
	if r.Seq != 0 {
		m = append(m, ijson.M("seq", r.Seq))
	}
	m = append(m, ijson.M("received_at", r.ReceivedAt))
	if r.SkewMS != nil {
		m = append(m, ijson.M("skew_ms", *r.SkewMS))
	}
	return makeCore(algServer, typReceipt, kid, m)
}

// ParseReceiptCore reads a leaf. Errors: ErrSize, ErrForm, ErrHeader, ErrClaims.
func ParseReceiptCore(core string) (Receipt, error) {
	j, err := parseCore(core, typReceipt)
	if err != nil {
		return Receipt{}, err
	}
	return readReceipt(j.payload)
}

// OpenReceipt reads a receipt and verifies it with the receipt key pub. Errors:
// those of ParseReceiptCore, ErrUnknownKey, ErrSignature.
func OpenReceipt(token string, pub crypto.PublicKey) (Receipt, error) {
	j, err := openToken(token, algServer, typReceipt, pub)
	if err != nil {
		return Receipt{}, err
	}
	return readReceipt(j.payload)
}

func readReceipt(payload []byte) (r Receipt, err error) {
	err = claims(payload, func(o ijson.Obj) {
		r = Receipt{Origin: origin(o, "origin"), Index: count(o, "index"), Hash: hash(o, "hash"), ReceivedAt: o.Int("received_at")}
		r.KeyID = record.KeyID(hash(o, "kid"))
		seq, phone := o.OptInt("seq")
		if skew, ok := o.OptInt("skew_ms"); ok {
			r.SkewMS = &skew
		}
		if r.Seq = seq; phone && seq < 1 {
			o.Fault("seq", ijson.ErrValue, "want 1 or more")
		}
		if phone != (r.SkewMS != nil) {
			o.Fault("skew_ms", ijson.ErrValue, "goes with seq")
		}
	}, "origin", "index", "hash", "kid", "seq", "received_at", "skew_ms")
	if err != nil {
		return Receipt{}, err
	}
	return r, nil
}
