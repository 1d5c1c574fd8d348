package postgres

import (
	"encoding/hex"

	"github.com/jackc/pgx/v5/pgtype"

	"tachiai/sync/record"
)

// Digest is a SHA-256 over bytes: of a blob, or of a pushed text. Its text form is hexadecimal, as in protocol and object keys.
type Digest [32]byte

// ParseDigest reads the text form, 64 lower-case characters. Error: ErrInvalid.
func ParseDigest(s string) (d Digest, err error) {
	if n, err := hex.Decode(d[:], []byte(s)); len(s) != 2*len(d) || err != nil || n != len(d) || d.String() != s {
		return Digest{}, ErrInvalid
	}
	return d, nil
}

// String returns the text form.
func (d Digest) String() string { return hex.EncodeToString(d[:]) }

// IsZero reports whether d is the zero value.
func (d Digest) IsZero() bool { return d == Digest{} }

// uuid makes an id a column's value; the zero id is null.
func uuid(id record.ID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: !id.IsZero()} }

// member makes a member a column's value; the zero id stays the all-zero UUID, which is everyone.
func memberUUID(id record.ID) pgtype.UUID { return pgtype.UUID{Bytes: id, Valid: true} }

// bytesOf makes hashes of any kind a column's values.
func bytesOf[H ~[32]byte](list []H) [][]byte {
	out := make([][]byte, len(list))
	for i := range list {
		out[i] = list[i][:]
	}
	return out
}

// orNull makes the zero hash null.
func orNull[H ~[32]byte](h H) []byte {
	if h == (H{}) {
		return nil
	}
	return h[:]
}

// hashOf reads a column of 32 bytes; anything else is the zero value, which no row has.
func hashOf[H ~[32]byte](b []byte) (h H) {
	if len(b) == len(h) {
		copy(h[:], b)
	}
	return h
}
