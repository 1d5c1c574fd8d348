package seal

import (
	"crypto"

	"tachiai/sync/ijson"
	"tachiai/sync/record"
)

const typBlobReceipt = "blob-receipt+jwt"

// A BlobReceipt is the server's word that it has stored a blob of a record.
type BlobReceipt struct {
	Origin   string
	Record   record.Hash
	SHA256   string // lower-case hex
	Size     int64  // bytes
	StoredAt int64  // ms since 1970, the server's clock
	Index    int64  // size of the ledger at that time
}

// BlobReceiptCore writes the core of a blob receipt, to be signed by the
// receipt key of that id. Error: ErrClaims.
func BlobReceiptCore(kid record.KeyID, r BlobReceipt) (string, error) {
	core, err := makeCore(algServer, typBlobReceipt, kid, ijson.Members{
		ijson.M("v", 1), ijson.M("origin", r.Origin), ijson.M("record", r.Record), ijson.M("sha256", r.SHA256),
		ijson.M("size", r.Size), ijson.M("stored_at", r.StoredAt), ijson.M("index", r.Index),
	})
	if err != nil {
		return "", err
	}
	_, err = ParseBlobReceiptCore(core)
	return core, err
}

// ParseBlobReceiptCore reads what BlobReceiptCore writes. Errors: ErrSize,
// ErrForm, ErrHeader, ErrClaims.
func ParseBlobReceiptCore(core string) (BlobReceipt, error) {
	j, err := parseCore(core, typBlobReceipt)
	if err != nil {
		return BlobReceipt{}, err
	}
	return readBlobReceipt(j.payload)
}

// OpenBlobReceipt reads a blob receipt and verifies it with the receipt key
// pub. Errors: those of ParseBlobReceiptCore, ErrUnknownKey, ErrSignature.
func OpenBlobReceipt(token string, pub crypto.PublicKey) (BlobReceipt, error) {
	j, err := openToken(token, algServer, typBlobReceipt, pub)
	if err != nil {
		return BlobReceipt{}, err
	}
	return readBlobReceipt(j.payload)
}

func readBlobReceipt(payload []byte) (r BlobReceipt, err error) {
	err = claims(payload, func(o ijson.Obj) {
		r = BlobReceipt{
			Origin: origin(o, "origin"), Record: hash(o, "record"), SHA256: digest(o, "sha256"),
			Size: count(o, "size"), StoredAt: o.Int("stored_at"), Index: count(o, "index"),
		}
	}, "origin", "record", "sha256", "size", "stored_at", "index")
	if err != nil {
		return BlobReceipt{}, err
	}
	return r, nil
}
