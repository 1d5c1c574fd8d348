package wire

import (
	"encoding/base64"
	"fmt"
	"strings"

	"tachiai/sync/record"
)

// UploadMetadata is what the header Upload-Metadata of tus 1.0 (creation
// extension) must say: which blob of which record is coming.
type UploadMetadata struct {
	Record record.Hash // or, of a quarantined text, its SHA-256
	SHA256 string      // of the whole blob, lower-case hex
}

// ParseUploadMetadata reads the header: pairs of a key and a base64 value,
// separated by commas. Keys other than record and sha256 are passed over, as
// tus clients add some. Error: ErrHeader.
func ParseUploadMetadata(header string) (m UploadMetadata, err error) {
	if len(header) > MaxHeader {
		return UploadMetadata{}, fmt.Errorf("%w: Upload-Metadata too long", ErrHeader)
	}
	seen := map[string]bool{}
	for pair := range strings.SplitSeq(header, ",") {
		key, value, _ := strings.Cut(strings.Trim(pair, " "), " ")
		if key == "" || seen[key] {
			return UploadMetadata{}, fmt.Errorf("%w: Upload-Metadata with an empty or repeated key", ErrHeader)
		}
		seen[key] = true
		text, err := base64.StdEncoding.Strict().DecodeString(value)
		if err != nil {
			return UploadMetadata{}, fmt.Errorf("%w: Upload-Metadata is not base64", ErrHeader)
		}
		switch key {
		case "record":
			if m.Record, err = record.ParseHash(string(text)); err != nil {
				return UploadMetadata{}, fmt.Errorf("%w: record in Upload-Metadata", ErrHeader)
			}
		case "sha256":
			if m.SHA256 = string(text); !isHex256(m.SHA256) {
				return UploadMetadata{}, fmt.Errorf("%w: sha256 in Upload-Metadata", ErrHeader)
			}
		}
	}
	if !seen["record"] || !seen["sha256"] {
		return UploadMetadata{}, fmt.Errorf("%w: Upload-Metadata without record or sha256", ErrHeader)
	}
	return m, nil
}

// String writes the header.
func (m UploadMetadata) String() string {
	return "record " + base64.StdEncoding.EncodeToString([]byte(m.Record.String())) +
		",sha256 " + base64.StdEncoding.EncodeToString([]byte(m.SHA256))
}

// Algorithms of Upload-Checksum.
const (
	SHA1   = "sha1"
	SHA256 = "sha256"
)

// sumSizes are the lengths of the digests in bytes.
var sumSizes = map[string]int{SHA1: 20, SHA256: 32}

// Checksum is the header Upload-Checksum of tus 1.0: the digest of one chunk.
// It finds damage on the way; what a blob is, only its SHA-256 in the record says.
type Checksum struct {
	Algorithm string // SHA1 or SHA256
	Sum       []byte
}

// ParseChecksum reads the header. Error: ErrHeader, also for an algorithm that
// is not offered (tus: 400).
func ParseChecksum(header string) (Checksum, error) {
	name, value, _ := strings.Cut(header, " ")
	size := sumSizes[name]
	if size == 0 || len(value) != base64.StdEncoding.EncodedLen(size) {
		return Checksum{}, fmt.Errorf("%w: Upload-Checksum", ErrHeader)
	}
	sum, err := base64.StdEncoding.Strict().DecodeString(value)
	if err != nil || len(sum) != size {
		return Checksum{}, fmt.Errorf("%w: Upload-Checksum", ErrHeader)
	}
	return Checksum{name, sum}, nil
}

// String writes the header.
func (c Checksum) String() string {
	return c.Algorithm + " " + base64.StdEncoding.EncodeToString(c.Sum)
}
