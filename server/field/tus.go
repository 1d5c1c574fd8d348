package field

import (
	"bytes"
	"crypto/sha1" //nolint:gosec // tus 1.0 names it for chunks; what a blob is, only its SHA-256 says
	"crypto/sha256"
	"errors"
	"hash"
	"strconv"
	"strings"

	"tachiai/sync/wire"
)

// The words of tus 1.0 (https://tus.io/protocols/resumable-upload).
const (
	tusVersion    = "1.0.0"
	tusExtensions = "creation,creation-with-upload,termination,checksum,expiration"
	tusChecksums  = wire.SHA1 + "," + wire.SHA256
	tusMedia      = "application/offset+octet-stream"

	headerTusResumable   = "Tus-Resumable"
	headerTusVersion     = "Tus-Version"
	headerTusExtension   = "Tus-Extension"
	headerTusMaxSize     = "Tus-Max-Size"
	headerTusChecksums   = "Tus-Checksum-Algorithm"
	headerUploadOffset   = "Upload-Offset"
	headerUploadLength   = "Upload-Length"
	headerUploadMetadata = "Upload-Metadata"
	headerUploadChecksum = "Upload-Checksum"
	headerUploadExpires  = "Upload-Expires"
	headerUploadDefer    = "Upload-Defer-Length"
)

// errCount says that a header holds no count of bytes.
var errCount = errors.New("field: not a count of bytes")

// parseCount reads a header that holds a count of bytes: digits only, below 2^53.
func parseCount(value string) (int64, error) {
	if value == "" || len(value) > 16 || strings.Trim(value, "0123456789") != "" {
		return 0, errCount
	}
	n, err := strconv.ParseInt(value, 10, 64)
	if err != nil || n >= 1<<53 {
		return 0, errCount
	}
	return n, nil
}

// checksum is what Upload-Checksum claims about one chunk, and the sum to hold against it. The zero value claims nothing.
type checksum struct {
	sum  hash.Hash
	want []byte
}

// newChecksum reads the header. Error: wire.ErrHeader.
func newChecksum(header string) (checksum, error) {
	if header == "" {
		return checksum{}, nil
	}
	claim, err := wire.ParseChecksum(header)
	if err != nil {
		return checksum{}, err
	}
	if claim.Algorithm == wire.SHA1 {
		return checksum{sum: sha1.New(), want: claim.Sum}, nil //nolint:gosec // see the import
	}
	return checksum{sum: sha256.New(), want: claim.Sum}, nil
}

// claimed says whether there is anything to check.
func (c checksum) claimed() bool { return c.sum != nil }

// holds says whether the bytes written to c.sum are those that the phone meant.
func (c checksum) holds() bool { return c.sum == nil || bytes.Equal(c.sum.Sum(nil), c.want) }
